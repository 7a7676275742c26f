"""What the ninth exchange was told of monitoring and outreach: guidance, a field-based review, a workshop; and
self-assessments of the sample's members, which are invented.

The files of the guidance are sample files, and say so on every page.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from icoca_portal.lib.days import geneva, today
from icoca_portal.lib.papers import READERS, Paper, Part, RichText
from icoca_portal.lib.pdf import write_pdf
from icoca_portal.lib.richtext import to_blocks
from icoca_portal.sample.clock import at, happening
from icoca_portal.sample.registry import OSCMP
from meetings import operations as meeting_operations
from meetings.models import Meeting
from members import operations
from members.models import Activity, FieldReview, Guidance, Organisation, Pillar, User, Workshop

#: What the guidance consists of.
FORMS = ("Manual", "Interpretative guidance")
#: What the review looks at.
TOPICS = (
    "Vetting of personnel and of subcontractors",
    "Vulnerable persons",
    "Sexual exploitation and abuse",
    "Training",
)
#: The day of the ninth exchange, when all of it was told.
TOLD = datetime.combine(date(2018, 6, 6), time(9), geneva())
#: What the month alone is known of has the first day of it.
IN_MAY, IN_JUNE = date(2018, 5, 1), date(2018, 6, 1)


def load(*, by: User) -> int:
    """Write what there is not yet. Returns how much of guidance, reviews and workshops was made."""
    if Guidance.objects.exists():
        return 0
    with happening(TOLD):
        found: list[Any] = [_guidance(by), _review(by), _workshop(by)]
    ninth = Meeting.objects.filter(working_group__slug="icoca", number=9).first()
    item = ninth.items.filter(title__startswith="Thematic presentation").first() if ninth else None
    if item:
        for target in found:
            meeting_operations.link_item(item, to=target, by=by)
    _self_assessments(by)
    return len(found)


def _guidance(by: User) -> Guidance:
    guidance = Guidance.objects.create(
        title="Company grievance mechanisms",
        slug="company-grievance-mechanisms",
        about="How a company sets up a way for grievances to reach it, hears them and answers them.",
    )
    version = operations.add_guidance_version(guidance, label="1", dated=IN_JUNE, day_known=False)
    for form in FORMS:
        paper = Paper(
            title=f"Company grievance mechanisms: {form.lower()}",
            meta=[("Version", "1"), ("Date", "June 2018"), (READERS, "Public")],
            lead="This is a sample file. It stands in the place of the document, and holds none of its text.",
            parts=[Part(form, body=[RichText(to_blocks("<p>Sample: the text of the document is not here.</p>"))])],
            sample=True,
        )
        name = f"sample-{form.lower().replace(' ', '-')}.pdf"
        upload = SimpleUploadedFile(name, write_pdf(paper))
        operations.add_guidance_file(version, upload=upload, form=form, language="en", by=by)
    operations.issue_guidance_version(version, by=by)
    return guidance


def _review(by: User) -> Activity:
    parties = FieldReview.Party
    review = FieldReview.objects.create(
        country="GH",
        begins_on=IN_JUNE,
        day_known=False,
        topics="\n".join(TOPICS),
        meets=[party.value for party in parties],
        public_note="Planned for June 2018, as the ninth exchange was told.",
        findings="<p>Sample: what a review finds is written here, and the secretariat alone reads it.</p>",
    )
    return operations.publish_activity(review, by=by)


def _workshop(by: User) -> Activity:
    leading = Organisation.objects.filter(name=OSCMP).first()
    workshop = Workshop.objects.create(
        title="Workshop with Congolese civil society",
        country="CD",
        place="Goma",
        begins_on=IN_MAY,
        day_known=False,
        led_by=leading,
        taking_part=25,
        public_note="Brought together 25 Congolese civil-society organisations.",
    )
    if leading:
        workshop.organisations.add(leading)
    return operations.publish_activity(operations.hold_activity(workshop, by=by), by=by)


def _self_assessments(by: User) -> None:
    """Of this year: asked of the companies and still to come, but for a few; of civil society most have come, three are
    overdue."""
    year = today().year
    with happening(at(-90)):
        asked = operations.request_self_assessments(
            year=year, pillar=Pillar.CIVIL_SOCIETY, by=by, due_on=at(-20).date()
        )
    for assessment in asked.new[3:]:
        operations.receive_self_assessment(assessment, received_on=at(-25).date(), by=by)
    with happening(at(-20)):
        companies = operations.request_self_assessments(year=year, pillar=Pillar.INDUSTRY, by=by, due_on=at(40).date())
    first, second, third, *_others = companies.new
    paper = Paper(
        title=f"Sample self-assessment {year}",
        meta=[("Date", "Sample"), (READERS, "The member and the secretariat")],
        parts=[Part("", body=[RichText(to_blocks("<p>Sample: what a member says of itself.</p>"))])],
        sample=True,
    )
    upload = SimpleUploadedFile("sample-self-assessment.pdf", write_pdf(paper))
    operations.receive_self_assessment(first, received_on=at(-5).date(), upload=upload, by=by)
    operations.receive_self_assessment(second, received_on=at(-5).date() + timedelta(days=2), by=by)
    operations.waive_self_assessment(third, because="Sample: the company joined a month before.", by=by)
