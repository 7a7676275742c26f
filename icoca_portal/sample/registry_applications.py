"""Applications of the sample that wait today: checklists of the three pillars, rules of deadlines, one applicant.

All of it is invented. The history of the register is written before there are checklists, and stays as it was told.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify

from icoca_portal.lib.days import today
from icoca_portal.sample.registry import known_on
from members import operations
from members.models import Application, Asks, Check, DeadlineRule, Organisation, Pillar, Requirement, User

SOURCE = "Sample register: decision of the Board"
SINCE = date(2024, 1, 1)
Step, Unit = DeadlineRule.Step, DeadlineRule.Unit

#: Title, what the applicant reads of it, and whether a file is asked for.
Line = tuple[str, str, bool]
GOVERNING: Line = (
    "Governing document",
    "Sample: statute, act or articles, in force on the day of the application.",
    True,
)
CHECKLISTS: dict[tuple[str, str], list[Line]] = {
    (Asks.MEMBERSHIP, Pillar.INDUSTRY): [
        ("Letter of application", "Sample: signed by somebody who may bind the company.", True),
        ("Registration of the company", "Sample: an extract of the register, not older than three months.", True),
        ("Ownership and control", "Sample: a list of all who own ten per cent or more.", True),
        ("Code of conduct signed", "Sample: the signed page is enough.", True),
        ("Procedure for complaints", "Sample: how people outside of the company complain, and who decides.", True),
        ("Fee of the application", "Sample: name the day and the reference of the transfer.", False),
    ],
    (Asks.MEMBERSHIP, Pillar.CIVIL_SOCIETY): [
        ("Letter of application", "Sample: signed by the chair or the director.", True),
        GOVERNING,
        ("Work of the last two years", "Sample: reports, or a list with links to them.", True),
        ("Independence", "Sample: who pays for the work. A page is enough.", True),
    ],
    (Asks.MEMBERSHIP, Pillar.GOVERNMENT): [
        ("Note of the ministry", "Sample: that the State wishes to be a member.", True),
        ("Support of the Montreux Document", "Sample: the day on which it was communicated.", False),
        ("Contact in capital", "Sample: name, office and address.", False),
    ],
    (Asks.CERTIFICATION, Pillar.INDUSTRY): [
        ("Certificate of the standard", "Sample: of a certification body that the Association knows.", True),
        ("Report of the audit", "Sample: with the non-conformities and what was done about them.", True),
        ("Assessment of human rights risks", "Sample: of all countries of operation.", True),
        ("Further information", "Sample: the form of the Association, filled in.", True),
    ],
}
#: Step, pillar, length, unit, since. The time of new member companies was shortened once.
RULES = [
    (Step.SUPPLY, "", 60, Unit.DAYS, SINCE),
    (Step.SUPPLY, Pillar.GOVERNMENT, 120, Unit.DAYS, SINCE),
    (Step.CHECK, "", 14, Unit.DAYS, SINCE),
    (Step.DECIDE, "", 6, Unit.MONTHS, SINCE),
    (Step.CERTIFY, Pillar.INDUSTRY, 36, Unit.MONTHS, date(2018, 6, 1)),
    (Step.CERTIFY, Pillar.INDUSTRY, 24, Unit.MONTHS, date(2020, 1, 1)),
]
APPLICANT = "Sample Estuary Escorts Ltd"


def load(*, by: User, applicant: User) -> int:
    """Write checklists, rules and the application of `applicant` where there are none. Returns how many organisations
    were made."""
    if Requirement.objects.exists():
        return 0
    for (asks, pillar), lines in CHECKLISTS.items():
        for position, (title, explanation, needs_file) in enumerate(lines, start=1):
            with known_on(SINCE):
                operations.record_requirement(
                    asks=asks,
                    pillar=pillar,
                    position=position,
                    title=title,
                    explanation=explanation,
                    needs_file=needs_file,
                    valid_from=SINCE,
                    source=SOURCE,
                    by=by,
                )
    for step, pillar, length, unit, since in RULES:
        with known_on(max(since, date(2018, 6, 1))):
            operations.record_deadline_rule(
                step=step, pillar=pillar, length=length, unit=unit, valid_from=since, source=SOURCE, by=by
            )
    _application(by=by, applicant=applicant)
    return 1


def _application(*, by: User, applicant: User) -> Application:
    """An application that was received three weeks ago: of its lines each is somewhere else."""
    company = Organisation.objects.create(
        name=APPLICANT, slug=slugify(APPLICANT), kind=Organisation.Kind.COMPANY, country="MZ"
    )
    received = today() - timedelta(days=21)
    with known_on(received):
        operations.record_representative(
            company, user=applicant, valid_from=received, source="Sample: letter of application", by=by
        )
        application = operations.receive_application(
            company,
            kind=Asks.MEMBERSHIP,
            pillar=Pillar.INDUSTRY,
            received_on=received,
            source="Sample: letter of application",
            by=by,
        )
    letter, registration, ownership, _code, complaints, fee = application.checks.select_related("requirement")
    with known_on(received + timedelta(days=6)):
        _supply(letter, "Sample letter of application.txt", by=applicant)
        _supply(registration, "Sample extract of the register.txt", by=applicant)
        _supply(ownership, "Sample owners.txt", note="Sample: two owners, both named.", by=applicant)
        operations.supply_evidence(fee, note="Sample: paid, reference 2026-0417.", by=applicant)
    with known_on(received + timedelta(days=12)):
        operations.accept_check(letter, version=2, by=by)
        operations.return_check(
            registration,
            reason="Sample: the extract is of last year. Send one that is not older than three months.",
            version=2,
            by=by,
        )
        operations.accept_check(fee, version=2, by=by)
    with known_on(received + timedelta(days=15)):
        _supply(complaints, "Sample procedure for complaints.txt", by=applicant)
    return application


def _supply(line: Check, name: str, *, by: User, note: str = "") -> None:
    content = f"{name}\nInvented for the sample site; it stands for nothing.\n".encode()
    operations.supply_evidence(line, uploads=[SimpleUploadedFile(name, content, "text/plain")], note=note, by=by)
