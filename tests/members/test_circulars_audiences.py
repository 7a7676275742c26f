"""To whom a circular goes, by rule, and what its thing has to say to each of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from icoca_portal.lib.days import today
from icoca_portal.lib.moments import in_geneva
from icoca_portal.outbox.models import Message, State
from meetings import operations as meeting_operations
from meetings.models import Registration, Visibility
from members import operations, things
from members.circulars.audiences import RuleForm, find, in_words, rule_of, rules_for, together
from members.circulars.of_members import PARTICIPANTS
from members.exceptions import CircularNotReady, CircularWrong, ContactErased
from members.models import Contact, Membership, Pillar
from questionnaires import operations as questionnaire_operations
from tests import factories

pytestmark = pytest.mark.django_db


def emails(audience):
    return [each.email for each in find(audience, timezone.now()).addressees]


def chosen(rule, about=None, **values):
    """What the form of a rule gives for these values, as it would be stored."""
    known = rule_of({"rule": rule})
    assert known is not None
    form = RuleForm(values, rule=known, about=about)
    assert form.is_valid(), form.errors
    return form.audience


@pytest.fixture
def people(delegation, other_delegation, focal_point, contributor, reader, other_focal_point, inactive):
    """Two States in Europe with five people, one of them with a closed account; one in Africa with nobody."""
    for organisation, country in ((delegation.organisation, "CH"), (other_delegation.organisation, "SE")):
        organisation.country = country
        organisation.save()
    factories.ParticipationFactory(organisation__name="Ghana", organisation__country="GH", valid_from=date(2020, 1, 1))


def test_participants_by_day_region_role_and_list(people, delegation, director, chair, focal_point, reader):
    everybody = ["focal point", "contributor", "reader"]
    assert emails(chosen("participants", roles=everybody)) == [
        "focal.se@sample.example",
        "focal.ch@sample.example",
        "contributor.ch@sample.example",
        "reader.ch@sample.example",
    ]
    found = find(chosen("participants", roles=everybody), timezone.now())
    assert [(str(row.addressee), row.why) for row in found.without_address] == [
        ("Ghana", "nobody"),
        ("Sample Closed Account <closed.ch@sample.example>", "closed"),
    ]
    before = chosen("participants", roles=everybody, day="2019-12-31")
    assert not find(before, timezone.now()).unreached  # Ghana was none then
    assert in_words(before).startswith("All participants of the Montreux Document on 31 December 2019")
    assert emails(chosen("regions", regions=["africa"], roles=everybody)) == []
    assert len(emails(chosen("regions", regions=["europe"], roles=["focal point"]))) == 2
    mine = chosen("delegations", delegations=[str(delegation.organisation_id)], roles=["reader"])
    assert emails(mine) == ["reader.ch@sample.example"]
    assert in_words(mine) == "Delegations of Switzerland: readers"

    several = together([mine, chosen("board"), chosen("chairs"), mine])
    assert emails(several) == ["reader.ch@sample.example", director.email, chair.email]
    assert in_words(several).endswith("Directors of the Board; Chairs of working groups; " + in_words(mine))
    assert not RuleForm({"roles": []}, rule=PARTICIPANTS).is_valid()


def test_members_of_the_association_with_those_who_speak_for_them(secretariat):
    industry = factories.MembershipFactory(organisation__name="Sample Company A").organisation
    society = factories.MembershipFactory(
        pillar=Pillar.CIVIL_SOCIETY, organisation__name="Sample Society", organisation__kind="civil society"
    ).organisation
    factories.MembershipFactory(organisation__name="Sample Affiliate", category=Membership.Category.AFFILIATE)
    speaker = factories.RepresentativeFactory(organisation=industry).user
    for name, consent in (("Agreed", today()), ("Silent", None)):
        Contact.objects.create(
            organisation=society,
            name=name,
            email=f"{name.lower()}@sample.example",
            language="fr",
            consent_on=consent,
            consent_source="Letter" if consent else "",
            recorded_by=secretariat,
        )
    both = chosen("members", pillars=["industry", "civil society"])
    assert emails(both) == [speaker.email, "agreed@sample.example"]
    assert find(both, timezone.now()).by_language() == {"en": 1, "fr": 1}
    assert emails(chosen("members", pillars=["government"])) == []

    # Who withdraws the consent is taken out of what was sent, too; that the organisation was written to stays.
    sent = operations.approve_circular(write(secretariat, both, about=None), by=secretariat)
    recipient = sent.recipients.get(organisation=society)
    message = recipient.copies.get().message
    assert (recipient.name, message.recipient) == ("Agreed", "agreed@sample.example")
    contact = Contact.objects.get(name="Agreed")
    operations.withdraw_consent(contact, on=today(), by=secretariat)
    recipient.refresh_from_db()
    message.refresh_from_db()
    assert (recipient.name, recipient.email) == ("", f"erased.{recipient.pk}@erased.invalid")
    kept = [*vars(recipient).values(), *vars(message).values()]
    assert not [value for value in kept if isinstance(value, str) and "agreed" in value.lower()]
    assert message.state == State.FAILED
    assert operations.resend_failed(sent, by=secretariat) == 0
    with pytest.raises(ContactErased):
        operations.resend_copy(recipient, by=secretariat)
    assert emails({"rule": "recipients", "circular": sent.pk}) == [speaker.email]


TEXT = "<p>{name}: {title}, until {deadline}, is {state}. {link}</p>"


def write(by, audience, *, about, send_at=None, text=TEXT):
    circular = operations.draft_circular(by=by)
    texts = {"en": ("About {title}", text)} if about else {"en": ("News", "<p>Text</p>")}
    return operations.write_circular(circular, by=by, texts=texts, audience=audience, send_at=send_at, about=about)


def test_those_who_have_not_answered_each_with_their_own_deadline(
    secretariat, delegation, other_delegation, focal_point, other_focal_point
):
    questionnaire = factories.QuestionnaireFactory(title="Sample plan")
    late = factories.DelegateFactory(user__email="late@sample.example").delegation
    until = questionnaire.deadline + timedelta(days=5)
    questionnaire_operations.extend_deadline(
        questionnaire, other_delegation, until=until, reason="Sample", by=secretariat
    )
    focal_point.time_zone = "America/New_York"
    focal_point.save()
    about = things.find("questionnaire", questionnaire.pk)
    audience = chosen("unanswered", about, roles=["focal point"])
    assert in_words(audience) == "Delegations that have not answered “Sample plan” and still may: focal points"
    with pytest.raises(CircularWrong, match="does not fit"):
        write(secretariat, audience, about=None)
    assert len(emails(audience)) == 3
    hour = timezone.now() + timedelta(hours=1)
    operations.approve_circular(write(secretariat, audience, about=about, send_at=hour), by=secretariat)

    # One submits before the hour comes.
    response = factories.ResponseFactory(questionnaire=questionnaire, delegation=late)
    submission = factories.SubmissionFactory(response=response)
    operations.release_due_circulars(hour)
    letters = {letter.recipient: letter for letter in Message.objects.filter(circular_copy__isnull=False)}
    assert set(letters) == {focal_point.email, other_focal_point.email}
    assert in_geneva(questionnaire.deadline) in letters[focal_point.email].text
    assert "New York, UTC" in letters[focal_point.email].text
    assert in_geneva(until) in letters[other_focal_point.email].text
    assert "is not started." in letters[focal_point.email].text
    assert letters[focal_point.email].thread == f"questionnaire-{questionnaire.pk}"

    assert emails(chosen("answered", about, roles=["focal point"])) == ["late@sample.example"]
    assert len(emails(chosen("asked", about, roles=["focal point"]))) == 3
    # Returned, it is waited for again, and after the deadline nobody is.
    questionnaire_operations.return_response(submission.response, reason="Sample", by=secretariat)
    assert "late@sample.example" in emails(audience)
    assert [each.email for each in find(audience, until - timedelta(minutes=1)).addressees] == [other_focal_point.email]
    assert find(audience, until).addressees == []


def test_nothing_goes_out_about_what_is_not_published(secretariat, focal_point):
    questionnaire = factories.QuestionnaireFactory(opened=False)
    about = things.find("questionnaire", questionnaire.pk)
    audience = chosen("participants", roles=["focal point"])
    hour = timezone.now() + timedelta(hours=1)
    with pytest.raises(CircularNotReady, match="is not published yet"):
        operations.approve_circular(write(secretariat, audience, about=about), by=secretariat)
    waiting = operations.approve_circular(write(secretariat, audience, about=about, send_at=hour), by=secretariat)
    operations.release_due_circulars(hour)
    waiting.refresh_from_db()
    assert "is not published yet" in waiting.held_why
    questionnaire_operations.open_questionnaire(questionnaire, by=secretariat)
    assert operations.release_circular(waiting, now=hour).released_at == hour


def test_those_who_are_registered_for_a_meeting_with_an_account_or_without(
    secretariat, delegation, other_delegation, focal_point, other_focal_point
):
    planned = factories.MeetingFactory(date=today() + timedelta(days=60), number=10)
    factories.AgendaItemFactory(meeting=planned)
    meeting = meeting_operations.convene_meeting(planned, by=secretariat)
    organisations = [delegation.organisation, other_delegation.organisation]
    meeting_operations.invite_delegations(meeting, organisations, by=secretariat)
    invitation = meeting.invitations.get(delegation=delegation)
    for name, email in (("Sample Head", focal_point.email), ("D’Énghien", "guest@sample.example"), ("No Mail", "")):
        fields = {"person_name": name, "email": email, "capacity": "head" if "Head" in name else "member"}
        Registration.objects.create(meeting=meeting, delegation=delegation, registered_by=focal_point, **fields)
    invitation.reply, invitation.replied_at, invitation.replied_by = "attends", timezone.now(), focal_point
    invitation.save()

    factories.ChairsSummaryFactory(meeting=meeting)
    document = factories.DocumentFactory(meeting=meeting)
    for kind, pk in (("meeting", meeting.pk), ("agenda", meeting.pk), ("document", document.pk)):
        about = things.find(kind, pk)
        assert {rule.key for rule in rules_for(kind)} >= {"registered", "no reply", "invited", "participants"}
        found = find(chosen("registered", about), timezone.now())
        assert [(each.email, each.user) for each in found.addressees] == [
            (focal_point.email, focal_point),
            ("guest@sample.example", None),
        ]
        assert [(row.addressee.name, row.why) for row in found.without_address] == [("No Mail", "unusable")]
        assert emails(chosen("no reply", about, roles=["focal point"])) == [other_focal_point.email]
        assert len(emails(chosen("invited", about, roles=["focal point"]))) == 2

    about = things.find("meeting", meeting.pk)
    text = "<p>{exchange}, {when}, {place}, {registration_deadline}, {reply|none}, {link}</p>"
    sent = operations.approve_circular(
        write(secretariat, chosen("registered", about), about=about, text=text), by=secretariat
    )
    letter = Message.objects.get(recipient="guest@sample.example", circular_copy__recipient__circular=sent)
    assert letter.recipient_name == "D’Énghien"
    assert letter.subject == "About Tenth exchange of the Working Group"
    assert "tenth exchange, " in letter.text
    closes = meeting.registration_closes
    assert closes is not None
    assert f"Geneva, {in_geneva(closes)}, attends, http" in letter.text
    sees = sent.recipients.get(user=None)
    assert (sees.organisation, sees.role) == (delegation.organisation, "registered")


def test_every_kind_of_thing_has_the_fields_that_it_names_and_exists_for_whom_it_should(
    secretariat, reader, applicant, representative
):
    planned = factories.MeetingFactory(date=today() + timedelta(days=60))
    factories.AgendaItemFactory(meeting=planned)
    meeting = meeting_operations.convene_meeting(planned, by=secretariat)
    questionnaire = factories.QuestionnaireFactory()
    summary = factories.ChairsSummaryFactory(meeting=meeting)
    document = factories.DocumentFactory(meeting=meeting)
    hidden = factories.DocumentFactory(meeting=meeting, visibility=Visibility.SECRETARIAT)
    seen = set()
    for kind in things.kinds():
        for thing in kind.recent():
            assert set(thing.fields) == set(kind.fields), kind.key
            for field in thing.fields.values():
                assert isinstance(field(None), str)
            assert things.find(kind.key, thing.pk).title() == thing.title()
            seen.add(thing.reference)
    there = {
        f"meeting-{meeting.pk}",
        f"agenda-{meeting.pk}",
        f"questionnaire-{questionnaire.pk}",
        f"document-{document.pk}",
    }
    kept = {f"summary-{summary.pk}", f"document-{hidden.pk}"}
    assert there | kept <= seen
    assert things.visible(reader, there | kept | {"nothing-1", "meeting-x"}) == there
    assert things.visible(representative, there | kept) == set()
    assert things.find("document", hidden.pk).is_out is False
    assert things.find("summary", summary.pk).is_out is False
    assert things.find("meeting", 0) is None
