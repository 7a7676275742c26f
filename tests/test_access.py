"""Who gets in where: every address of the portal, for everybody of the cast.

The table is the documentation of access. A line names a route (with what it is asked about after the @), how its
address is made, and what GET and POST give: first what everybody gets, then who gets something else.

    page          it is shown, or the file is sent             (200)
    again         the form is shown again, nothing was done    (409, 422)
    elsewhere     done, or to be found at another address      (redirect)
    let-in        any of the three: what happens is another test's
    sign-in       sign in first                                (redirect to the sign-in page)
    refused       it exists, but not for this role             (403)
    nothing       it does not exist for this reader            (404)
    silence       what a page asks by itself is told nothing   (401)
    wrong-method  the address knows no such method             (405)

In meetings and questionnaires, what a visitor does not get is shut to the representative of an applicant as well
(403 or 404), unless the line names them.

A closed account (`inactive`) is signed out by its first request, and is a visitor from then on. A new route without a
line fails the first test, and so does a line whose route has gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from members.models import User
from members.notices import ending_address
from tests.conftest import CAST
from tests.world import World, build_world, just_signed_in, summary_of

GROUPS = {
    "own": ("reader", "contributor", "focal_point"),
    "delegates": ("reader", "contributor", "focal_point", "other_focal_point"),
    "insiders": ("reader", "contributor", "focal_point", "other_focal_point", "chair", "director", "staff"),
    "staff": ("secretariat", "superuser"),
    "visitor": ("visitor", "inactive"),
}
WORDS = ("page", "again", "elsewhere", "let-in", "sign-in", "refused", "nothing", "silence", "wrong-method")
LET_IN = ("page", "again", "elsewhere")
#: What is "shut" to the representative of an applicant: it does not exist for them, or they are refused.
SHUT_TO_OTHERS = (*LET_IN, "let-in", "refused")

Address = Callable[[World], Any]


def nowhere(world: World) -> list[Any]:
    """An address without parts."""
    return []


@dataclass(frozen=True)
class Line:
    """One line of the table. `about` gives the parts of the address, `sends` what is posted."""

    name: str
    get: str
    post: str
    about: Address = nowhere
    sends: Callable[[World], dict[str, Any]] = field(default=lambda world: {})

    @property
    def route(self) -> str:
        return self.name.split("@")[0].strip()

    def expected(self, method: str, who: str) -> str:
        """What `who` gets, by the clauses of the line: the last one that names them counts."""
        first, *others = (clause.split() for clause in getattr(self, method).split(";"))
        outcome = first[-1]
        for *names, word in others:
            if who in people(names):
                outcome = word
        assert outcome in WORDS, f"{self.name}: {outcome!r} is no outcome"
        # Whoever speaks for an applicant is nobody of the Working Group.
        is_inside = self.route.startswith(("meetings:", "questionnaires:"))
        if who == "representative" and is_inside and "representative" not in getattr(self, method):
            return "shut" if outcome in SHUT_TO_OTHERS and outcome != self.expected(method, "visitor") else outcome
        return outcome


def people(names: list[str]) -> set[str]:
    """The roles that names of roles and groups stand for."""
    roles = set()
    for name in names:
        assert name in CAST or name in GROUPS, f"nobody is called {name!r}"
        members = GROUPS.get(name, (name,))
        roles |= {name} if members == (name,) else people([member for member in members if member != name])
        roles |= {name} & set(CAST)
    return roles


# What many lines share
NO_POST = "wrong-method"
SIGN_IN_FIRST = "wrong-method; visitor sign-in"
EVERYBODY = "page"
SIGNED_IN = "page; visitor sign-in"
OWN_RESPONSE = "refused; visitor sign-in; delegates page"
BOARD = "refused; visitor sign-in; director staff page"
RESULTS = "page; visitor sign-in"
THE_BOARD = "refused; visitor sign-in; director page"
SUBMITTED_FILE = "nothing; visitor sign-in; other_focal_point director staff page"
REGISTRATION = "nothing; visitor sign-in; own chair staff page"
REGISTERING = "nothing; visitor sign-in; own chair refused; focal_point staff"
DRAFT_SUMMARY = "nothing; chair staff page"
WITH_CODES = "elsewhere; visitor sign-in; staff page"
INSIDE = "refused; visitor sign-in; chair staff page"
NO_POST_INSIDE = "wrong-method; visitor sign-in"
LIVE = "refused; visitor sign-in; chair staff let-in"
STEP_OF_STAFF = "refused; visitor sign-in; staff let-in"
ASSESSMENT = "nothing; visitor sign-in; contributor staff page"
ITS_OWNER = "nothing; visitor sign-in; focal_point page"
ADDRESSED = "nothing; visitor sign-in; focal_point other_focal_point staff page"
OF_APPLICANT = "nothing; visitor sign-in; representative staff page"


def of_registry(name: str) -> Address:
    return lambda world: [getattr(world.registry, name).pk]


def line_returned(world: World) -> list[Any]:
    """A line of the checklist that was returned."""
    return [world.registry.asked.pk, world.registry.evidence.check_line_id]


def of(name: str) -> Address:
    """The address of a meeting of the world."""
    return lambda world: getattr(world, name).address


def delegation_of(name: str) -> Address:
    """The address of the registration of Switzerland for a meeting of the world."""
    return lambda world: [*getattr(world, name).address, "switzerland"]


def person_of_inside(world: World) -> list[Any]:
    return [*delegation_of("inside")(world), world.registration.pk]


def reply_seen(world: World) -> str:
    """The moment of the reply that stands, as the page's form carries it."""
    replied = world.inside.invitations.get(delegation=world.registration.delegation_id).replied_at
    assert replied is not None
    return replied.isoformat()


def pk_of(name: str) -> Address:
    return lambda world: [getattr(world, name).pk]


def slug(name: str = "questionnaire", *more: Callable[[World], Any]) -> Address:
    """The address of a questionnaire of the world, and what comes after it."""
    return lambda world: [getattr(world, name).slug, *(part(world) for part in more)]


def live(name: str) -> Address:
    """What a note-taker has written down at the meeting `inside`."""
    return lambda world: [*world.inside.address, getattr(world.live, name).pk]


def follow_up(world: World) -> list[Any]:
    return [world.live.follow_up.pk]


def paper(readers: str) -> Address:
    return lambda world: [*world.meeting.address, world.documents[readers].pk]


def question(kind: str) -> Callable[[World], Any]:
    return lambda world: world.question(kind).pk


def submitted_file(world: World) -> Any:
    return next(file["attachment"] for file in world.submission.record.files)


def quoted(world: World) -> dict[str, Any]:
    return {f"q{world.question('short_text').pk}-quote": "named"}


def typed(world: World) -> dict[str, Any]:
    """A short text for the first section, as its page posts it."""
    name = f"q{world.question('short_text').pk}"
    return {name: "Sample change", f"{name}-version": "1"}


def outreach(name: str, field: str = "pk") -> Address:
    return lambda world: [getattr(getattr(world.outreach, name), field)]


def end_of_notices(world: World) -> list[Any]:
    """The end of an address that stops reminders to the focal point."""
    focal_point = User.objects.get(email="focal.ch@sample.example")
    return [ending_address(focal_point.pk, "response_due").rstrip("/").rpartition("/")[2]]


def circular(*more: Callable[[World], Any]) -> Address:
    """The address of the circular on the portal, and what comes after it."""
    return lambda world: [world.circular.reference, *(part(world) for part in more)]


def enclosed(world: World) -> list[Any]:
    """A message and a file that goes with it."""
    message = world.messages["sent"]
    assert message.enclosure
    return [message.pk, message.enclosure.files.get().pk]


def returned_copy(world: World) -> list[Any]:
    """The recipient of the circular whose copy came back."""
    return [world.circular.pk, world.circular.recipients.get(copies__message__state="returned").pk]


def guidance_file(name: str) -> Address:
    return lambda world: [world.outreach.guidance.slug, getattr(world.outreach, name).pk]


LINES = [
    # The portal
    Line("home", EVERYBODY, NO_POST),
    Line("contact", EVERYBODY, NO_POST),
    Line("privacy", EVERYBODY, NO_POST),
    Line("accessibility", EVERYBODY, NO_POST),
    Line("choose_appearance", EVERYBODY, "elsewhere"),
    Line("health", EVERYBODY, NO_POST),
    Line("read_parked", SIGNED_IN, NO_POST),
    Line("keep_session", NO_POST, "page; visitor silence"),
    Line("discard_parked", NO_POST, "elsewhere; visitor sign-in"),
    # Only in the sample site
    Line("outbox:read_outbox", "nothing", "nothing"),
    Line("outbox:read_message", "nothing", "nothing", lambda w: [w.messages["sent"].pk]),
    # Shut to everybody where no provider is named; what its secret opens is tests/outbox/test_receive_events.py's.
    Line("outbox:receive_events", NO_POST, "nothing", lambda w: ["postmark"]),
    Line("outbox:read_form", "nothing", "wrong-method", lambda w: [w.messages["sent"].pk]),
    Line("outbox:read_file", "nothing", "wrong-method", enclosed),
    # People
    Line("members:list_members", EVERYBODY, NO_POST),
    Line("members:export_members_csv", EVERYBODY, NO_POST),
    Line("members:export_members_xlsx", EVERYBODY, NO_POST),
    Line("members:export_members_json", EVERYBODY, NO_POST),
    Line("members:read_member @ participant", EVERYBODY, NO_POST, lambda w: ["switzerland"]),
    Line("members:read_member @ nobody", "nothing", NO_POST, lambda w: ["nobody-of-this-name"]),
    Line("members:list_participants", EVERYBODY, NO_POST),
    Line("members:export_participants", EVERYBODY, NO_POST),
    Line("members:read_map", EVERYBODY, NO_POST),
    Line("members:export_map", EVERYBODY, NO_POST),
    Line("members:read_statistics", EVERYBODY, NO_POST),
    Line("members:read_statistics_over_time", EVERYBODY, NO_POST),
    Line("members:export_statistics_csv", EVERYBODY, NO_POST),
    Line("members:export_statistics_json", EVERYBODY, NO_POST),
    Line("members:read_figure @ public", EVERYBODY, NO_POST, lambda w: ["participants"]),
    Line("members:read_figure @ for the secretariat", "nothing; staff page", NO_POST,
         lambda w: ["applications.membership"]),
    Line("members:read_figure @ not there", "nothing", NO_POST, lambda w: ["members.nobody"]),
    Line("members:choose_notices", SIGNED_IN, "elsewhere; visitor sign-in"),
    Line("members:end_notices", EVERYBODY, "page", end_of_notices),
    Line("members:end_notices @ of no mail", "nothing", "nothing", lambda w: ["nothing"]),
    Line("members:read_api", EVERYBODY, NO_POST),
    Line("members:api:read_start", EVERYBODY, NO_POST),
    Line("members:api:read_openapi", EVERYBODY, NO_POST),
    Line("members:api:list_members", EVERYBODY, NO_POST),
    Line("members:api:read_member @ participant", EVERYBODY, NO_POST, lambda w: ["switzerland"]),
    Line("members:api:read_member @ nobody", "nothing", NO_POST, lambda w: ["nobody-of-this-name"]),
    Line("members:api:list_participants", EVERYBODY, NO_POST),
    Line("members:api:list_figures", EVERYBODY, NO_POST),
    Line("members:api:list_figures_over_time", EVERYBODY, NO_POST),
    Line("members:api:list_standards", EVERYBODY, NO_POST),
    Line("members:api:list_countries", EVERYBODY, NO_POST),
    Line("members:api:list_terms", EVERYBODY, NO_POST),
    # Monitoring and outreach: what is issued or published
    Line("members:list_outreach", EVERYBODY, NO_POST),
    Line("members:list_guidance", "elsewhere", NO_POST),
    Line("members:list_field_reviews", "elsewhere", NO_POST),
    Line("members:list_workshops", "elsewhere", NO_POST),
    Line("members:read_guidance @ issued", EVERYBODY, NO_POST, outreach("guidance", "slug")),
    Line("members:read_guidance @ not issued", "nothing; staff page", NO_POST, outreach("unissued", "slug")),
    Line("members:read_guidance_file @ issued", EVERYBODY, NO_POST, guidance_file("file")),
    Line("members:read_guidance_file @ not issued", "nothing; staff page", NO_POST, guidance_file("draft")),
    Line("members:read_field_review @ published", EVERYBODY, NO_POST, outreach("review")),
    Line("members:read_field_review @ not published", "nothing; staff page", NO_POST, outreach("hidden")),
    Line("members:read_workshop @ published", EVERYBODY, NO_POST, outreach("workshop")),
    Line("members:read_workshop @ not published", "nothing; staff page", NO_POST, outreach("planned")),
    # The contributor represents the company
    Line("members:list_assessments", "nothing; visitor sign-in; representative contributor page; staff elsewhere",
         SIGN_IN_FIRST),
    Line("members:read_assessment @ received", ASSESSMENT, SIGN_IN_FIRST, outreach("assessment")),
    Line("members:read_assessment @ overdue", ASSESSMENT, SIGN_IN_FIRST, outreach("waited")),
    Line("members:send_self_assessment", SIGN_IN_FIRST,
         "nothing; visitor sign-in; contributor again; staff refused", outreach("waited")),
    Line("members:read_assessment_file", ASSESSMENT, SIGN_IN_FIRST,
         lambda w: [w.outreach.assessment.pk, w.outreach.assessment_file.pk]),
    # The focal points were addressed
    Line("members:list_circulars", SIGNED_IN, SIGN_IN_FIRST),
    Line("members:read_circular", ADDRESSED, SIGN_IN_FIRST, circular()),
    Line("members:read_circular @ not there", "nothing; visitor sign-in", SIGN_IN_FIRST, lambda w: ["2026-999"]),
    Line("members:export_circular_pdf", ADDRESSED, SIGN_IN_FIRST, circular()),
    Line("members:read_circular_file", ADDRESSED, SIGN_IN_FIRST, circular(lambda w: w.circular.files.get().pk)),
    Line("members:read_circular_file @ not there", "nothing; visitor sign-in", SIGN_IN_FIRST, circular(lambda w: 0)),
    Line("members:read_delegation", "nothing; visitor sign-in; delegates page", SIGN_IN_FIRST),
    Line(
        "members:edit_profile", SIGNED_IN, "elsewhere; visitor sign-in",
        sends=lambda w: {"name": "Sample", "language": "en", "time_zone": "Europe/Zurich"},
    ),
    # What an applicant supplies: nobody else knows that they applied
    Line("members:list_applications", "nothing; visitor sign-in; representative contributor page", SIGN_IN_FIRST),
    Line("members:read_application", OF_APPLICANT, SIGN_IN_FIRST, of_registry("asked")),
    Line("members:read_application @ of others", "nothing; visitor sign-in; contributor staff page", SIGN_IN_FIRST,
         of_registry("application")),
    Line("members:supply_evidence", SIGN_IN_FIRST, "nothing; visitor sign-in; staff refused; representative again",
         line_returned),
    Line("members:supply_evidence @ a line of others", SIGN_IN_FIRST, "nothing; visitor sign-in; staff refused",
         lambda w: [w.registry.application.pk, line_returned(w)[1]]),
    Line("members:read_evidence", OF_APPLICANT, SIGN_IN_FIRST,
         lambda w: [w.registry.asked.pk, w.registry.evidence.pk]),
    Line("members:read_evidence @ through others", "nothing; visitor sign-in", SIGN_IN_FIRST,
         lambda w: [w.registry.application.pk, w.registry.evidence.pk]),
    # Meetings
    Line("meetings:list_meetings", EVERYBODY, NO_POST),
    Line("meetings:read_series", EVERYBODY, NO_POST),
    Line("meetings:list_attendance", "nothing; visitor sign-in; delegates staff page", SIGN_IN_FIRST),
    Line("meetings:list_attendance_of", "nothing; visitor sign-in; own staff page", SIGN_IN_FIRST,
         lambda w: ["switzerland"]),
    Line("meetings:search_meetings", EVERYBODY, NO_POST),
    Line("meetings:export_calendar", EVERYBODY, NO_POST),
    Line("meetings:read_calendar", EVERYBODY, NO_POST),
    Line("meetings:make_calendar_address", SIGN_IN_FIRST, "elsewhere; visitor sign-in"),
    Line("meetings:revoke_calendar_address", SIGN_IN_FIRST, "nothing; visitor sign-in; reader elsewhere"),
    Line(
        "meetings:export_private_calendar @ the reader’s", EVERYBODY, NO_POST,
        lambda w: [w.people("reader").calendar_address.token],
    ),
    Line("meetings:export_private_calendar @ guessed", "nothing", NO_POST, lambda w: ["guessed"]),
    Line("meetings:read_meeting @ public", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:read_meeting @ for participants", "page; visitor nothing", NO_POST, of("inside")),
    Line("meetings:read_meeting @ for the secretariat", "nothing; chair staff page", NO_POST, of("hidden")),
    Line("meetings:read_meeting @ not there", "nothing", NO_POST, lambda w: ["icoca", 999]),
    Line("meetings:export_agenda_pdf @ public", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:export_agenda_pdf @ for participants", "page; visitor nothing", NO_POST, of("inside")),
    Line("meetings:export_agenda_pdf @ for the secretariat", "nothing; chair staff page", NO_POST, of("hidden")),
    Line("meetings:export_agenda_docx @ public", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:export_agenda_docx @ for participants", "page; visitor nothing", NO_POST, of("inside")),
    Line("meetings:export_agenda_docx @ for the secretariat", "nothing; chair staff page", NO_POST, of("hidden")),
    Line("meetings:read_agenda @ public", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:read_agenda @ for participants", "page; visitor nothing", NO_POST, of("inside")),
    Line("meetings:read_agenda @ for the secretariat", "nothing; chair staff page", NO_POST, of("hidden")),
    Line("meetings:adopt_agenda", SIGN_IN_FIRST, "refused; visitor sign-in; chair staff elsewhere", of("inside")),
    Line(
        "meetings:adopt_agenda @ another group’s", SIGN_IN_FIRST, "refused; visitor sign-in; staff elsewhere",
        of("elsewhere"),
    ),
    Line("meetings:read_summary @ published", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:read_summary @ a draft", DRAFT_SUMMARY, NO_POST, of("drafted")),
    Line("meetings:read_summary @ another group’s, circulated", "page; visitor nothing", NO_POST, of("elsewhere")),
    Line(
        "meetings:approve_summary @ a draft", SIGN_IN_FIRST, "nothing; visitor sign-in; staff refused; chair elsewhere",
        of("drafted"), lambda w: {"seen_version": summary_of(w.drafted).version},
    ),
    Line(
        "meetings:approve_summary @ another group’s, circulated", SIGN_IN_FIRST, "refused; visitor sign-in",
        of("elsewhere"),
    ),
    Line("meetings:approve_summary @ published", SIGN_IN_FIRST, "refused; visitor sign-in; chair elsewhere",
         of("meeting")),
    Line("meetings:verify_summary @ published", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:verify_summary @ a draft", "nothing", NO_POST, of("drafted")),
    Line("meetings:export_summary_pdf @ published", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:export_summary_pdf @ a draft", DRAFT_SUMMARY, NO_POST, of("drafted")),
    Line("meetings:export_summary_docx @ published", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:export_summary_docx @ a draft", DRAFT_SUMMARY, NO_POST, of("drafted")),
    # Silence. Of another group’s summary, so the chair reads what every participant reads
    Line("meetings:read_corrigendum", EVERYBODY, NO_POST, lambda w: [*w.meeting.address, 1]),
    Line("meetings:read_corrigendum @ not there", "nothing", NO_POST, lambda w: [*w.meeting.address, 2]),
    Line("meetings:read_comments", SIGNED_IN, SIGN_IN_FIRST, of("elsewhere")),
    Line("meetings:read_summary @ stopped by an objection", "page; visitor nothing", NO_POST, of("objected")),
    Line("meetings:read_comments @ stopped by an objection", SIGNED_IN, SIGN_IN_FIRST, of("objected")),
    Line("meetings:object_to_summary @ stopped by an objection",
         "refused; visitor sign-in; contributor focal_point other_focal_point page",
         "refused; visitor sign-in; contributor focal_point other_focal_point again", of("objected")),
    Line("meetings:read_comments @ a draft", "nothing; visitor sign-in", SIGN_IN_FIRST, of("drafted")),
    Line("meetings:comment_summary", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point elsewhere",
         of("elsewhere"), lambda w: {"round": 2, "kind": "comment", "text": "Sample", "paragraph": 1}),
    Line("meetings:comment_summary @ an earlier text", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point again",
         of("elsewhere"), lambda w: {"round": 1, "kind": "comment", "text": "Sample"}),
    Line("meetings:withdraw_comment", SIGN_IN_FIRST, "refused; visitor sign-in; contributor focal_point elsewhere",
         lambda w: [*w.elsewhere.address, w.comment.pk]),
    Line("meetings:answer_comment", SIGN_IN_FIRST, "refused; visitor sign-in; staff elsewhere",
         lambda w: [*w.elsewhere.address, w.comment.pk], lambda w: {"answer": "noted"}),
    Line("meetings:object_to_summary", "refused; visitor sign-in; contributor focal_point other_focal_point page",
         "refused; visitor sign-in; contributor focal_point other_focal_point again", of("elsewhere")),
    Line("meetings:read_changed_text", SIGNED_IN, SIGN_IN_FIRST, lambda w: [*w.elsewhere.address, 2]),
    Line("meetings:read_changed_text @ the first text", "nothing; visitor sign-in", SIGN_IN_FIRST,
         lambda w: [*w.elsewhere.address, 1]),
    Line("meetings:compose_summary @ a draft", "nothing; visitor sign-in; chair refused; staff page",
         "nothing; visitor sign-in; chair refused; staff again", of("drafted")),
    Line("meetings:compose_summary @ published", "refused; visitor sign-in; staff page",
         "refused; visitor sign-in; staff again", of("meeting")),
    Line("meetings:insert_figure @ a draft", SIGN_IN_FIRST, "nothing; visitor sign-in; chair refused; staff elsewhere",
         of("drafted"), lambda w: {"figure": "participants"}),
    Line("meetings:export_comments_xlsx", "refused; visitor sign-in; staff page", SIGN_IN_FIRST, of("elsewhere")),
    Line("meetings:export_comments_pdf", "refused; visitor sign-in; staff page", SIGN_IN_FIRST, of("elsewhere")),
    Line("meetings:export_participants_pdf @ public", SIGNED_IN, NO_POST, of("meeting")),
    Line("meetings:export_participants_pdf @ for participants", "page; visitor nothing", NO_POST, of("inside")),
    Line("meetings:export_participants_docx @ public", SIGNED_IN, NO_POST, of("meeting")),
    Line("meetings:export_participants_csv @ public", SIGNED_IN, NO_POST, of("meeting")),
    Line("meetings:export_participants_csv @ for the secretariat", "nothing; chair staff page", NO_POST, of("hidden")),
    # Invitations and registrations: the own delegation, those who work on the meeting, and nobody else.
    Line("meetings:read_registration", "nothing; visitor sign-in; delegates page; staff elsewhere", SIGN_IN_FIRST,
         of("inside")),
    Line("meetings:read_registration @ not invited", "nothing; visitor sign-in; staff elsewhere", SIGN_IN_FIRST,
         of("meeting")),
    Line("meetings:read_registration_of", REGISTRATION, SIGN_IN_FIRST, delegation_of("inside")),
    Line("meetings:reply_invitation", SIGN_IN_FIRST, f"{REGISTERING} elsewhere", delegation_of("inside"),
         lambda w: {"reply": "attends", "note": "", "seen": reply_seen(w)}),
    Line("meetings:reply_invitation @ from an old page", SIGN_IN_FIRST, f"{REGISTERING} again",
         delegation_of("inside"), lambda w: {"reply": "declines", "note": "", "seen": ""}),
    Line("meetings:register_person", f"{REGISTERING} page", f"{REGISTERING} again", delegation_of("inside")),
    Line("meetings:change_registration", f"{REGISTERING} page", f"{REGISTERING} again", person_of_inside),
    Line("meetings:withdraw_registration", f"{REGISTERING} page", f"{REGISTERING} elsewhere", person_of_inside,
         lambda w: {"seen_version": "2"}),
    Line("meetings:export_meeting @ public", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:export_meeting @ for participants", "page; visitor nothing", NO_POST, of("inside")),
    Line("meetings:export_meeting @ without a date", "nothing", NO_POST, of("undated")),
    Line("meetings:read_document @ public", EVERYBODY, NO_POST, paper("public")),
    Line("meetings:read_document @ for participants", "page; visitor nothing", NO_POST, paper("participants")),
    Line("meetings:read_document @ for the secretariat", "nothing; chair staff page", NO_POST, paper("secretariat")),
    # While a meeting sits. What is noted is attributed: it is for the secretariat and the group’s chair, whoever asks
    Line("meetings:take_notes", INSIDE, NO_POST_INSIDE, of("inside")),
    Line("meetings:take_notes @ public", "refused; visitor sign-in; chair staff page", NO_POST_INSIDE, of("meeting")),
    Line("meetings:take_notes @ another group’s", "refused; visitor sign-in; staff page", NO_POST_INSIDE,
         of("elsewhere")),
    Line("meetings:take_notes @ for the secretariat", "nothing; visitor sign-in; chair staff page", NO_POST_INSIDE,
         of("hidden")),
    Line("meetings:read_live", INSIDE, NO_POST_INSIDE, of("inside")),
    Line("meetings:write_note", SIGN_IN_FIRST, LIVE, of("inside"),
         lambda w: {"item": w.live.note.item_id, "text": "Sample"}),
    *(
        Line(f"meetings:{name}", SIGN_IN_FIRST, LIVE, live(which),
             lambda w: {"item": w.live.note.item_id, "version": 1})
        for name, which in (
            ("move_note", "note"), ("remove_note", "note"), ("restore_note", "removed"),
            ("restore_note_version", "note"), ("change_decision", "decision"), ("remove_decision", "decision"),
            ("restore_decision", "decision"), ("restore_decision_version", "decision"),
            ("move_turn", "turn"), ("give_floor", "turn"), ("end_turn", "turn"), ("withdraw_turn", "turn"),
        )
    ),
    Line("meetings:move_note @ to another item", SIGN_IN_FIRST, LIVE, live("note"),
         lambda w: {"item": w.live.note.item_id, "to": w.inside.items.last().pk}),
    Line("meetings:read_note_history", INSIDE, NO_POST_INSIDE, live("note")),
    Line("meetings:read_decision_history", INSIDE, NO_POST_INSIDE, live("decision")),
    Line("meetings:record_decision", SIGN_IN_FIRST, LIVE, of("inside"),
         lambda w: {"item": w.live.note.item_id, "text": "Sample"}),
    Line("meetings:open_follow_up", SIGN_IN_FIRST, LIVE, of("inside"),
         lambda w: {"item": w.live.note.item_id, "what": "Sample"}),
    Line("meetings:ask_for_floor", SIGN_IN_FIRST, LIVE, of("inside"), lambda w: {"name": "Sample"}),
    Line("meetings:record_attendance", INSIDE, NO_POST_INSIDE, of("inside")),
    Line("meetings:tick_attendance", SIGN_IN_FIRST, LIVE, of("inside"),
         lambda w: {"tick": f"{w.people('delegation').pk}:online"}),
    Line("meetings:add_attendance", SIGN_IN_FIRST, LIVE, of("inside"), lambda w: {"name": "Sample"}),
    # It goes with the first who removes it.
    Line("meetings:remove_attendance", SIGN_IN_FIRST, "refused; visitor sign-in; chair staff let-in",
         live("guest")),
    # Follow-ups
    Line("meetings:list_follow_ups", SIGNED_IN, SIGN_IN_FIRST),
    Line("meetings:read_follow_up", SIGNED_IN, SIGN_IN_FIRST, follow_up),
    Line("meetings:change_follow_up", SIGN_IN_FIRST, STEP_OF_STAFF, follow_up,
         lambda w: {"what": "Sample", "version": w.live.follow_up.version}),
    Line("meetings:progress_follow_up", SIGN_IN_FIRST, STEP_OF_STAFF, follow_up,
         lambda w: {"version": w.live.follow_up.version}),
    Line("meetings:close_follow_up", SIGN_IN_FIRST, STEP_OF_STAFF, follow_up,
         lambda w: {"state": "done", "note": "Sample", "version": w.live.follow_up.version}),
    Line("meetings:reopen_follow_up @ open", SIGN_IN_FIRST, "refused; visitor sign-in; staff again", follow_up),
    Line("meetings:read_documents @ public", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:read_documents @ for participants", "page; visitor nothing", NO_POST, of("inside")),
    Line("meetings:read_documents @ for the secretariat", "nothing; chair staff page", NO_POST, of("hidden")),
    Line("meetings:export_documents @ public", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:export_documents @ for participants", "page; visitor nothing", NO_POST, of("inside")),
    Line("meetings:export_documents @ none", "nothing", NO_POST, of("undated")),
    Line("meetings:export_archive @ public", EVERYBODY, NO_POST, of("meeting")),
    Line("meetings:export_archive @ for participants", "page; visitor nothing", NO_POST, of("inside")),
    Line("meetings:export_archive @ for the secretariat", "nothing; chair staff page", NO_POST, of("hidden")),
    Line("meetings:attach_document", "refused; visitor sign-in; staff page", "refused; visitor sign-in; staff again",
         of("meeting")),
    Line("meetings:attach_document @ for the secretariat", "nothing; visitor sign-in; chair refused; staff page",
         "nothing; visitor sign-in; chair refused; staff again", of("hidden")),
    Line("meetings:change_document", "refused; visitor sign-in; staff page", "refused; visitor sign-in; staff again",
         paper("public")),
    Line("meetings:change_document @ for the secretariat", "nothing; visitor sign-in; chair refused; staff page",
         "nothing; visitor sign-in; chair refused; staff again", paper("secretariat")),
    # Bringing in the past
    Line("meetings:upload_past_summary", "refused; visitor sign-in; staff page",
         "refused; visitor sign-in; staff again"),
    Line("meetings:correct_past_summary", "refused; visitor sign-in; staff page",
         "refused; visitor sign-in; staff again", pk_of("past")),
    Line("meetings:read_past_summary", "refused; visitor sign-in; staff page", SIGN_IN_FIRST, pk_of("past")),
    Line("meetings:discard_past_summary", SIGN_IN_FIRST, "refused; visitor sign-in; staff elsewhere", pk_of("past")),
    # Questionnaires: what delegations answer. A draft is its delegation's alone, whoever else asks.
    Line("questionnaires:list_questionnaires", f"{SIGNED_IN}; representative page", SIGN_IN_FIRST),
    Line("questionnaires:read_questionnaire @ open", SIGNED_IN, SIGN_IN_FIRST, slug()),
    Line("questionnaires:read_questionnaire @ a draft", "nothing; visitor sign-in; staff page", SIGN_IN_FIRST,
         slug("draft")),
    Line("questionnaires:verify_submission @ open", EVERYBODY, NO_POST, slug()),
    Line("questionnaires:verify_submission @ a draft", "nothing", NO_POST, slug("draft")),
    Line("questionnaires:read_response @ open", OWN_RESPONSE, SIGN_IN_FIRST, slug()),
    Line("questionnaires:read_response @ closed", OWN_RESPONSE, SIGN_IN_FIRST, slug("closed")),
    Line("questionnaires:read_response @ a draft", "nothing; visitor sign-in; staff refused", SIGN_IN_FIRST,
         slug("draft")),
    Line("questionnaires:edit_section", OWN_RESPONSE,
         "refused; visitor sign-in; contributor focal_point elsewhere; other_focal_point again",
         slug("questionnaire", lambda w: 1), typed),
    Line("questionnaires:edit_section @ closed", OWN_RESPONSE,
         "refused; visitor sign-in; contributor focal_point other_focal_point again",
         slug("closed", lambda w: 1)),
    Line("questionnaires:save_answer", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point page; other_focal_point again",
         slug("questionnaire", lambda w: 1, question("short_text")), typed),
    Line("questionnaires:attach_file", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point elsewhere",
         slug("questionnaire", lambda w: 2, question("file"))),
    Line("questionnaires:remove_file", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point elsewhere",
         slug("questionnaire", lambda w: 2, question("file"), lambda w: w.attachment.pk)),
    Line("questionnaires:choose_quotation", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point elsewhere",
         slug("questionnaire", lambda w: 1, question("short_text")), quoted),
    Line("questionnaires:read_changes", "page; visitor sign-in", "nothing; visitor sign-in; delegates elsewhere",
         slug()),
    Line("questionnaires:check_response", OWN_RESPONSE, SIGN_IN_FIRST, slug()),
    Line("questionnaires:submit_response @ incomplete, or submitted already", SIGN_IN_FIRST,
         "refused; visitor sign-in; focal_point again; other_focal_point elsewhere", slug()),
    Line("questionnaires:read_submission", "refused; visitor sign-in; own elsewhere; other_focal_point page",
         SIGN_IN_FIRST, slug()),
    Line("questionnaires:export_receipt", "refused; visitor sign-in; own nothing; other_focal_point page",
         SIGN_IN_FIRST, slug()),
    Line("questionnaires:export_response_pdf", OWN_RESPONSE, SIGN_IN_FIRST, slug()),
    Line("questionnaires:export_response_docx", OWN_RESPONSE, SIGN_IN_FIRST, slug()),
    Line("questionnaires:export_blank", SIGNED_IN, SIGN_IN_FIRST, slug()),
    Line("questionnaires:export_blank @ a draft", "nothing; visitor sign-in; staff page", SIGN_IN_FIRST, slug("draft")),
    Line("questionnaires:export_form", OWN_RESPONSE, SIGN_IN_FIRST, slug()),
    Line("questionnaires:upload_form", "refused; visitor sign-in; contributor focal_point other_focal_point page",
         "refused; visitor sign-in; contributor focal_point other_focal_point again", slug()),
    Line("questionnaires:read_upload",
         "refused; visitor sign-in; contributor focal_point page; other_focal_point nothing", SIGN_IN_FIRST,
         slug("questionnaire", lambda w: w.upload.pk)),
    Line("questionnaires:apply_upload", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point elsewhere; other_focal_point nothing",
         slug("questionnaire", lambda w: w.upload.pk)),
    Line("questionnaires:read_attachment", "refused; visitor sign-in; own page; other_focal_point nothing",
         SIGN_IN_FIRST, slug("questionnaire", lambda w: w.attachment.pk)),
    # Questionnaires: how a delegation works together, which is nobody else's
    Line("questionnaires:read_people", OWN_RESPONSE, SIGN_IN_FIRST, slug()),
    Line("questionnaires:assign_section", SIGN_IN_FIRST,
         "refused; visitor sign-in; focal_point other_focal_point elsewhere",
         slug(), lambda w: {"section": w.section_id, "user": w.people("focal_point").pk}),
    Line("questionnaires:assign_section @ the contributor themselves", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point elsewhere",
         slug(), lambda w: {"section": w.section_id, "user": w.people("contributor").pk}),
    Line("questionnaires:end_assignment @ the contributor’s", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point elsewhere; other_focal_point nothing",
         slug("questionnaire", lambda w: w.assignment.pk)),
    Line("questionnaires:invite_guest", SIGN_IN_FIRST,
         "refused; visitor sign-in; focal_point other_focal_point again", slug()),
    Line("questionnaires:end_guest", SIGN_IN_FIRST,
         "refused; visitor sign-in; focal_point elsewhere; other_focal_point nothing",
         slug("questionnaire", lambda w: w.guest.pk)),
    Line("questionnaires:read_presence", "nothing; visitor silence; delegates page", NO_POST, slug()),
    Line("questionnaires:note_presence", NO_POST, "nothing; visitor silence; delegates page",
         slug("questionnaire", lambda w: 1)),
    Line("questionnaires:read_history", OWN_RESPONSE, SIGN_IN_FIRST, slug()),
    Line("questionnaires:read_removed_history @ still asked", "refused; visitor sign-in; delegates nothing",
         SIGN_IN_FIRST, slug("questionnaire", question("long_text"))),
    Line("questionnaires:read_answer_history", OWN_RESPONSE, SIGN_IN_FIRST,
         slug("questionnaire", lambda w: 1, question("long_text"))),
    Line("questionnaires:restore_answer", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point elsewhere",
         slug("questionnaire", lambda w: 1, question("long_text"))),
    Line("questionnaires:read_notes", OWN_RESPONSE, SIGN_IN_FIRST,
         slug("questionnaire", lambda w: 1, question("long_text"))),
    Line("questionnaires:write_note", SIGN_IN_FIRST, "refused; visitor sign-in; delegates elsewhere",
         slug("questionnaire", lambda w: 1, question("long_text")), lambda w: {"note": "Sample note"}),
    Line("questionnaires:read_clearance", OWN_RESPONSE, SIGN_IN_FIRST, slug()),
    Line("questionnaires:require_clearance", SIGN_IN_FIRST,
         "refused; visitor sign-in; focal_point other_focal_point elsewhere", slug()),
    Line("questionnaires:send_for_clearance", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point again", slug()),
    Line("questionnaires:record_clearance @ asked of the reader", SIGN_IN_FIRST,
         "refused; visitor sign-in; reader again; other_focal_point nothing",
         slug("questionnaire", lambda w: w.clearance.pk)),
    Line("questionnaires:decline_clearance @ asked of the reader", SIGN_IN_FIRST,
         "refused; visitor sign-in; reader focal_point again; other_focal_point nothing",
         slug("questionnaire", lambda w: w.clearance.pk)),
    Line("questionnaires:prefill_response", "refused; visitor sign-in; contributor focal_point other_focal_point page",
         "refused; visitor sign-in; contributor focal_point other_focal_point let-in", slug()),
    Line("questionnaires:confirm_answer", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point elsewhere",
         slug("questionnaire", lambda w: 1, question("long_text"))),
    Line("questionnaires:confirm_answers", SIGN_IN_FIRST,
         "refused; visitor sign-in; contributor focal_point other_focal_point elsewhere",
         slug("questionnaire", lambda w: 1)),
    # Questionnaires: what is published. Before that there is nothing, whoever asks
    Line("questionnaires:read_results", RESULTS, SIGN_IN_FIRST, slug("published")),
    Line("questionnaires:read_results @ closed only", "nothing; visitor sign-in", SIGN_IN_FIRST, slug("closed")),
    Line("questionnaires:export_results_pdf", RESULTS, SIGN_IN_FIRST, slug("published")),
    Line("questionnaires:export_results_docx", RESULTS, SIGN_IN_FIRST, slug("published")),
    Line("questionnaires:export_results_csv", RESULTS, SIGN_IN_FIRST, slug("published")),
    Line("questionnaires:export_results_json", RESULTS, SIGN_IN_FIRST, slug("published")),
    Line("questionnaires:list_plans", f"{SIGNED_IN}; representative page", SIGN_IN_FIRST),
    Line("questionnaires:read_plan", SIGNED_IN, SIGN_IN_FIRST, slug("plan")),
    Line("questionnaires:read_plan_document", SIGNED_IN, SIGN_IN_FIRST, slug("plan", lambda w: w.plan_document.pk)),
    Line("questionnaires:verify_results", EVERYBODY, NO_POST, slug("published")),
    # Questionnaires: what the Board and the secretariat read, which is what was submitted
    Line("questionnaires:review_questionnaire", BOARD, SIGN_IN_FIRST, slug()),
    Line("questionnaires:review_questionnaire @ a draft", "nothing; visitor sign-in; staff page", SIGN_IN_FIRST,
         slug("draft")),
    Line("questionnaires:read_question_review", BOARD, SIGN_IN_FIRST, slug("questionnaire", question("long_text"))),
    Line("questionnaires:read_delegation_review @ who submitted", BOARD, SIGN_IN_FIRST,
         slug("questionnaire", lambda w: "sweden")),
    Line("questionnaires:read_delegation_review @ who only drafts", "refused; visitor sign-in; director staff nothing",
         SIGN_IN_FIRST, slug("questionnaire", lambda w: "switzerland")),
    Line("questionnaires:write_remark", SIGN_IN_FIRST, "refused; visitor sign-in; director elsewhere",
         slug("questionnaire", question("long_text"), lambda w: "sweden", lambda w: 1),
         lambda w: {"text": "Sample remark"}),
    Line("questionnaires:tag_passage", SIGN_IN_FIRST, "refused; visitor sign-in; director elsewhere",
         slug("questionnaire", question("long_text"), lambda w: "sweden", lambda w: 1),
         lambda w: {"text": "Sample", "theme": "Sample theme"}),
    Line("questionnaires:untag_passage @ none", SIGN_IN_FIRST, "refused; visitor sign-in; director nothing",
         slug("questionnaire", lambda w: 0)),
    Line("questionnaires:read_submitted_file", SUBMITTED_FILE, SIGN_IN_FIRST,
         slug("questionnaire", lambda w: w.submission.pk, submitted_file)),
    Line("questionnaires:read_reviewed_file", BOARD, SIGN_IN_FIRST,
         slug("questionnaire", lambda w: "sweden", lambda w: 1, question("file"), lambda w: 1)),
    Line("questionnaires:search_answers", BOARD, SIGN_IN_FIRST, slug()),
    Line("questionnaires:list_themes", THE_BOARD, SIGN_IN_FIRST, slug()),
    Line("questionnaires:make_theme", SIGN_IN_FIRST, "refused; visitor sign-in; director elsewhere", slug(),
         lambda w: {"name": "Sample theme"}),
    Line("questionnaires:read_theme", THE_BOARD, SIGN_IN_FIRST, slug("questionnaire", lambda w: w.theme.pk)),
    Line("questionnaires:rename_theme", SIGN_IN_FIRST, "refused; visitor sign-in; director elsewhere",
         slug("questionnaire", lambda w: w.theme.pk), lambda w: {"name": "Sample name"}),
    Line("questionnaires:merge_themes @ none chosen", SIGN_IN_FIRST, "refused; visitor sign-in; director again",
         slug("questionnaire", lambda w: w.theme.pk)),
    Line("questionnaires:record_discussion", BOARD, "refused; visitor sign-in; director staff elsewhere", slug(),
         lambda w: {"occasion": "Sample session", "date": "2018-05-15"}),
    Line("questionnaires:strike_discussion @ none", SIGN_IN_FIRST,
         "refused; visitor sign-in; director staff elsewhere", slug("questionnaire", lambda w: 0)),
    Line("questionnaires:list_objectives_review", BOARD, SIGN_IN_FIRST, slug()),
    Line("questionnaires:read_objective_review @ the whole", BOARD, SIGN_IN_FIRST,
         slug("questionnaire", lambda w: 0)),
    Line("questionnaires:write_conclusion", THE_BOARD, "refused; visitor sign-in; director elsewhere",
         slug("questionnaire", lambda w: 0), lambda w: {"text": "<p>Sample</p>", "base": "1"}),
    Line("questionnaires:read_conclusion_history", BOARD, SIGN_IN_FIRST, slug("questionnaire", lambda w: 0)),
    Line("questionnaires:publish_conclusion @ unseen", SIGN_IN_FIRST, "refused; visitor sign-in; staff again",
         slug("questionnaire", lambda w: 0)),
    Line("questionnaires:withdraw_conclusion @ unpublished", SIGN_IN_FIRST, "refused; visitor sign-in; staff elsewhere",
         slug("questionnaire", lambda w: 0)),
    Line("questionnaires:export_report_pdf", BOARD, SIGN_IN_FIRST, slug()),
    Line("questionnaires:export_report_docx", BOARD, SIGN_IN_FIRST, slug()),
    Line("questionnaires:export_submissions", BOARD, SIGN_IN_FIRST, slug()),
    Line("questionnaires:export_submissions_csv", BOARD, SIGN_IN_FIRST, slug()),
    Line("questionnaires:export_submissions_json", BOARD, SIGN_IN_FIRST, slug()),
    # Signing in (allauth). Everybody has just proved who they are; staff have a second factor, a focal point a passkey
    Line("account_login", "elsewhere; visitor page", "elsewhere; visitor page"),
    Line("account_logout", "page; visitor elsewhere", "elsewhere"),
    Line("account_inactive", EVERYBODY, NO_POST),
    Line("account_signup", "elsewhere; visitor page", "elsewhere; visitor page"),
    Line("account_reauthenticate", SIGNED_IN, SIGNED_IN),
    Line("account_email", "nothing", "nothing"),
    Line("account_email_verification_sent", "nothing", "nothing"),
    Line("account_confirm_email", "nothing", "nothing", lambda w: ["guessed"]),
    Line("account_change_password", SIGNED_IN, SIGNED_IN),
    Line("account_set_password", "elsewhere; visitor sign-in", "elsewhere; visitor sign-in"),
    Line("account_reset_password", EVERYBODY, EVERYBODY),
    Line("account_reset_password_done", EVERYBODY, NO_POST),
    Line("account_reset_password_from_key @ guessed", EVERYBODY, EVERYBODY, lambda w: ["1", "guessed"]),
    Line("account_reset_password_from_key_done", EVERYBODY, NO_POST),
    Line("account_request_login_code", "elsewhere; visitor page", "elsewhere; visitor page"),
    Line("account_confirm_login_code @ none asked for", "elsewhere", "elsewhere"),
    Line("mfa_index", SIGNED_IN, SIGN_IN_FIRST),
    Line("mfa_authenticate", "elsewhere; visitor sign-in", "elsewhere; visitor sign-in"),
    Line("mfa_reauthenticate", WITH_CODES, WITH_CODES),
    Line("mfa_activate_totp", "page; visitor sign-in; staff elsewhere", "page; visitor sign-in; staff elsewhere"),
    Line("mfa_deactivate_totp", "nothing; visitor sign-in; staff page", "nothing; visitor sign-in; staff elsewhere"),
    Line("mfa_view_recovery_codes", "nothing; visitor sign-in", SIGN_IN_FIRST),
    Line("mfa_generate_recovery_codes", SIGNED_IN, "page; visitor sign-in; staff focal_point elsewhere"),
    Line("mfa_download_recovery_codes", "nothing; visitor sign-in", "nothing; visitor sign-in"),
    Line("mfa_list_webauthn", SIGNED_IN, SIGN_IN_FIRST),
    Line("mfa_add_webauthn", SIGNED_IN, SIGNED_IN),
    Line("mfa_reauthenticate_webauthn", "elsewhere; visitor sign-in; focal_point page",
         "elsewhere; visitor focal_point sign-in"),
    Line("mfa_edit_webauthn", ITS_OWNER, ITS_OWNER, pk_of("passkey")),
    Line("mfa_remove_webauthn", ITS_OWNER, "nothing; visitor sign-in; focal_point elsewhere", pk_of("passkey")),
    Line("mfa_login_webauthn", "elsewhere; visitor sign-in", "elsewhere; visitor sign-in"),
]  # fmt: skip

# The administration. Visitors sign in, everybody else who is not staff is refused, whatever stands below.
STAFF = "refused; visitor sign-in; staff let-in"
ADMINISTRATOR = "refused; visitor sign-in; superuser let-in"
NOT_THERE = "refused; visitor sign-in; staff nothing"
ONLY_POSTED = "refused; visitor sign-in; staff wrong-method"
ONLY_READ = "refused; visitor sign-in; staff wrong-method"


def act(name: str, about: Address, who: str = STAFF) -> Line:
    """A step on a row: confirmed on its page, then taken."""
    return Line(f"admin:{name}", who, who, about)


def of_ours(name: str = "organisation_id") -> Address:
    return lambda world: [getattr(world.people("delegation"), name)]


def appointment(world: World) -> list[Any]:
    delegation = world.people("delegation")
    return [delegation.pk, world.people("reader").appointments.get().pk]


def participation(world: World) -> list[Any]:
    return [world.participation.organisation_id, world.participation.pk]


def of_company(name: str = "") -> Address:
    """The company of the registry, and a row of it."""
    return lambda world: [world.registry.company.pk, *([getattr(world.registry, name).pk] if name else [])]


def by_name(name: str) -> Address:
    return lambda _world: [name]


def of_applicant(world: World) -> list[Any]:
    """The organisation that applies, and who speaks for it."""
    return [world.registry.representative.organisation_id, world.registry.representative.pk]


def state_asked(world: World) -> list[Any]:
    """The state of the application for membership."""
    return [world.registry.asked.pk, world.registry.asked.statuses.get(superseded_at=None).pk]


def account_of(who: str) -> Address:
    return lambda world: [world.people(who).pk]


def section_of_draft(world: World) -> list[Any]:
    return [world.draft.pk, world.draft.sections.first().pk]


def question_of_draft(world: World) -> list[Any]:
    return [world.draft.pk, world.question("short_text", world.draft).pk]


def summary(name: str) -> Address:
    return lambda world: [summary_of(getattr(world, name)).pk]


STRUCK = ("membership", "profile", "certificate")

ADMIN_LINES = [
    Line("admin:index", STAFF, STAFF),
    Line("admin:login", "refused; visitor sign-in; staff elsewhere", "refused; visitor sign-in; staff let-in"),
    Line("admin:logout", "elsewhere", "elsewhere"),
    Line("admin:password_change", STAFF, STAFF),
    Line("admin:password_change_done", STAFF, ONLY_READ),
    Line("admin:jsi18n", STAFF, ONLY_READ),
    Line("admin:autocomplete", STAFF, ONLY_READ),
    Line("admin:outbox_message_form", STAFF, ONLY_READ, lambda w: [w.messages["sent"].pk]),
    Line("admin:outbox_message_file", STAFF, ONLY_READ, enclosed),
    Line("admin:view_on_site", NOT_THERE, NOT_THERE, lambda w: [0, 0]),
    Line("admin:app_list", STAFF, STAFF, lambda w: ["members"]),
    Line("admin:app_list @ groups", "refused; visitor sign-in; secretariat nothing; superuser let-in",
         "refused; visitor sign-in; secretariat nothing; superuser let-in", lambda w: ["auth"]),
    act("members_organisation_record", of_ours()),
    act("members_organisation_end", participation),
    act("members_organisation_correct", participation),
    Line("admin:members_organisation_simple_history", NOT_THERE, NOT_THERE, lambda w: [*of_ours()(w), 0]),
    # The registry
    act("members_organisation_change @ a company", of_company()),
    *(
        act(f"members_organisation_{step}_{part}", of_company(part))
        for part in ("membership", "profile") for step in ("end", "correct")
    ),
    *(act(f"members_organisation_record_{part}", of_company()) for part in ("membership", "profile", "certificate")),
    *(
        act(f"members_organisation_{step}_certificate", of_company("certificate"))
        for step in ("correct", "suspend", "withdraw")
    ),
    act("members_organisation_reinstate_certificate", of_company("suspended")),
    *(act(f"members_organisation_strike_out_{part}", of_company(part)) for part in STRUCK),
    act("members_organisation_strike_out_participation", participation),
    act("members_organisation_restore_membership @ struck out", of_company("struck")),
    *(Line(f"admin:members_organisation_restore_{part}", NOT_THERE, NOT_THERE, of_company(part)) for part in STRUCK),
    Line("admin:members_organisation_restore_participation", NOT_THERE, NOT_THERE, participation),
    act("members_organisation_choose_entry", of_company()),
    act("members_organisation_merge", lambda w: [w.registry.twin.pk, w.registry.company.pk]),
    act("members_organisation_separate", lambda w: [w.registry.merged.pk]),
    Line("admin:members_organisation_change @ merged", STAFF, "refused; visitor sign-in",
         lambda w: [w.registry.merged.pk]),
    act("members_organisation_record_contact", of_company()),
    *(
        act(f"members_organisation_{step}", of_company("contact"))
        for step in ("change_contact", "end_contact", "record_consent", "withdraw_consent")
    ),
    Line("admin:members_contact_export_contacts", STAFF, ONLY_READ),
    act("members_organisation_record_succession", of_company()),
    act("members_organisation_correct_succession", of_company("succession")),
    act("members_organisation_strike_out_succession", of_company("succession")),
    Line("admin:members_organisation_restore_succession", NOT_THERE, NOT_THERE, of_company("succession")),
    act("members_organisation_receive_application", of_company()),
    *(
        act(f"members_application_{step}", of_registry("asked"))
        for step in ("begin_review", "approve_application", "refuse_application", "withdraw_application")
    ),
    act("members_application_approve_application @ certification", of_registry("application")),
    act("members_application_correct_application_status", state_asked),
    act("members_application_strike_out_application_status", state_asked),
    Line("admin:members_application_restore_application_status", NOT_THERE, NOT_THERE, state_asked),
    act("members_revenueband_correct", of_registry("band")),
    act("members_revenueband_strike_out_revenue_band", of_registry("band")),
    Line("admin:members_revenueband_restore_revenue_band", NOT_THERE, NOT_THERE, of_registry("band")),
    *(
        act(f"members_application_{step}", line_returned)
        for step in ("accept_check", "return_check", "waive_check", "reopen_check", "supply_evidence")
    ),
    act("members_organisation_record_representative", lambda w: of_applicant(w)[:1]),
    act("members_organisation_end_representative", of_applicant),
    act("members_organisation_correct_representative", of_applicant),
    *(
        act(f"members_{model}_{step}", of_registry(name))
        for model, name in (("requirement", "requirement"), ("deadlinerule", "rule")) for step in ("end", "correct")
    ),
    Line("admin:members_organisation_quality", STAFF, ONLY_READ),
    *(
        Line(f"admin:members_organisation_quality_check @ {name}", STAFF, ONLY_READ, by_name(name))
        for name in (
            "certificates", "applications", "deadlines", "certification", "profiles", "countries", "contacts",
            "consents", "names",
        )
    ),
    Line("admin:members_organisation_quality_check @ not there", NOT_THERE, ONLY_READ, lambda w: ["nothing"]),
    Line("admin:members_organisation_export_quality_check", STAFF, ONLY_READ, lambda w: ["certificates"]),
    # Monitoring and outreach
    act("members_guidance_add_guidance_version", outreach("guidance")),
    *(
        act(f"members_guidance_{step}", lambda w: [w.outreach.guidance.pk, w.outreach.draft.version_id])
        for step in ("change_guidance_version", "issue_guidance_version", "add_guidance_file")
    ),
    act("members_guidance_remove_guidance_file",
        lambda w: [w.outreach.guidance.pk, w.outreach.draft.version_id, w.outreach.draft.pk]),
    *(
        act(f"members_{kind}_{step}", outreach(about))
        for kind, about in (("fieldreview", "hidden"), ("workshop", "planned"))
        for step in ("publish_activity", "unpublish_activity", "hold_activity", "cancel_activity",
                     "plan_activity_again")
    ),
    *(
        act(f"members_selfassessment_{step}", outreach("waited"))
        for step in ("receive_self_assessment", "waive_self_assessment", "ask_again")
    ),
    # Circulars
    *(
        Line(f"admin:members_circular_{page}", STAFF, ONLY_READ, pk_of("circular_draft"))
        for page in ("list_addressees", "export_addressees", "preview_circular")
    ),
    Line("admin:members_circular_preview_mail", STAFF, ONLY_READ, pk_of("circular")),
    Line("admin:members_circular_preview_mail @ nobody chosen", NOT_THERE, ONLY_READ, pk_of("circular_draft")),
    *(
        act(f"members_circular_{step}", pk_of("circular_draft"))
        for step in ("submit_circular", "approve_circular", "return_circular", "release_circular", "cancel_circular",
                     "send_circular_test")
    ),
    act("members_circular_correct_circular", pk_of("circular")),
    *(
        Line(f"admin:members_circular_{page}", STAFF, ONLY_READ, pk_of("circular"))
        for page in ("log", "export_log_csv", "export_log_xlsx", "export_log_pdf")
    ),
    Line("admin:members_circular_log @ a draft", NOT_THERE, ONLY_READ, pk_of("circular_draft")),
    act("members_circular_resend_failed", pk_of("circular")),
    act("members_circular_resend_copy", returned_copy),
    act("members_circular_settle_copy", returned_copy),
    # Files of the registry
    Line("admin:members_registryimport_export_registry", STAFF, ONLY_READ),
    Line("admin:members_registryimport_export_template", STAFF, ONLY_READ),
    Line("admin:members_registryimport_export_registry_csv", STAFF, ONLY_READ, by_name("other-names")),
    Line("admin:members_registryimport_export_registry_csv @ not there", NOT_THERE, ONLY_READ, by_name("nothing")),
    *(
        Line(f"admin:members_registryimport_{step}", STAFF, ONLY_READ, of_registry("imported"))
        for step in ("export_lines", "read_file")
    ),
    *(
        Line(f"admin:members_registryimport_{step}", ONLY_POSTED, STAFF, of_registry("imported"))
        for step in ("import_registry", "check_registry_import", "discard_registry_import")
    ),
    act("members_delegation_appoint", of_ours("pk")),
    act("members_delegation_role", appointment),
    act("members_delegation_end", appointment),
    # Accounts of staff are an administrator's: who could give one another address could sign in with it.
    *(
        act(f"members_user_{step} @ {who}", account_of(who), allowed)
        for step in ("invite", "close", "open", "second_factor", "unlock")
        for who, allowed in (("reader", STAFF), ("superuser", ADMINISTRATOR))
    ),
    act("members_directorship_end", pk_of("directorship")),
    act("members_directorship_correct", pk_of("directorship")),
    act("members_directorship_strike_out_directorship", pk_of("directorship")),
    Line("admin:members_directorship_restore_directorship", NOT_THERE, NOT_THERE, pk_of("directorship")),
    *(
        act(f"meetings_meeting_{step}", pk_of("inside"))
        for step in ("convene_meeting", "move_meeting", "prepare_next_meeting",
                     "revise_agenda", "adopt_agenda", "hold_meeting", "draft_summary",
                     "close_meeting", "cancel_meeting")
    ),
    act("meetings_meeting_link_item", pk_of("meeting")),
    act("meetings_meeting_unlink_item", lambda w: [w.meeting.pk, w.outreach.link.pk]),
    *(
        act(f"meetings_meeting_{step}", pk_of("inside"))
        for step in ("registrations", "registered", "registered_pdf", "registered_docx", "registered_csv",
                     "registered_xlsx", "invite_delegations", "remind_invited", "set_registration")
    ),
    *(
        act(f"meetings_chairssummary_{step}", summary("drafted"))
        for step in ("circulate_summary", "publish_summary", "reopen_summary")
    ),
    *(
        act(f"questionnaires_questionnaire_{step}", pk_of("questionnaire"))
        for step in ("close_questionnaire", "move_deadline", "preview", "returns", "returns_csv", "returns_xlsx",
                     "set_reminders", "remind_missing", "invite_delegations")
    ),
    act("questionnaires_questionnaire_extend_deadline",
        lambda w: [w.questionnaire.pk, w.people("delegation").pk]),
    # The designer
    *(
        act(f"questionnaires_questionnaire_{step}", pk_of("draft"))
        for step in ("design", "import_questions", "publish_edition", "add_section")
    ),
    *(
        act(f"questionnaires_questionnaire_{step}", section_of_draft)
        for step in ("change_section", "add_question")
    ),
    act("questionnaires_questionnaire_change_question", question_of_draft),
    Line("admin:questionnaires_questionnaire_reorder_questions", ONLY_POSTED, STAFF, pk_of("draft")),
    *(
        Line(f"admin:questionnaires_questionnaire_{verb}_{what}", ONLY_POSTED, STAFF, about)
        for verb in ("duplicate", "remove", "restore", "delete")
        for what, about in (("section", section_of_draft), ("question", question_of_draft))
    ),
    act("questionnaires_questionnaire_open_questionnaire", pk_of("draft")),
    act("questionnaires_strategicplan_publish_plan_document", pk_of("plan")),
    act("questionnaires_questionnaire_publish_results", pk_of("closed")),
    act("questionnaires_response_return_response", lambda w: [w.submission.response_id]),
    act("outbox_message_retry_message", lambda w: [w.messages["failed"].pk]),
    act("outbox_message_settle_message", lambda w: [w.messages["failed"].pk]),
]  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """What staff do with the rows of a model in the administration: list, read, change, add, delete.

    To change a row is to read it too. What nobody deletes is closed, ended or corrected instead.
    """

    model: str
    secretariat: str
    superuser: str
    about: Address

    def lines(self) -> Iterator[Line]:
        def line(page: str, get: str, post: str, about: Address = self.about) -> Line:
            return Line(f"admin:{self.model}_{page}", self.clauses(get), self.clauses(post), about)

        yield line("changelist", "list", "list", nowhere)
        yield line("add", "add", "add", nowhere)
        yield line("change", "read change", "change")
        yield line("history", "read change", "read change")
        yield line("delete", "delete", "delete")

    def clauses(self, steps: str) -> str:
        """Who of the staff is let in: those who hold one of the steps."""
        allowed = [who for who in ("secretariat", "superuser") if set(steps.split()) & set(getattr(self, who).split())]
        return "refused; visitor sign-in" + (f"; {' '.join(allowed)} let-in" if allowed else "")


ROWS = [
    Rows("auth_group", "", "list read change add delete", lambda w: [w.people("secretariat_group").pk]),
    Rows("axes_accessattempt", "", "list read change delete", pk_of("attempt")),
    Rows("outbox_message", "list read", "list read", lambda w: [w.messages["failed"].pk]),
    # Protected by whatever refers to it, so that only a slip of the pen can be deleted.
    Rows("members_organisation", "list read change add", "list read change add delete", of_ours()),
    Rows("members_application", "list read add", "list read add", of_registry("asked")),
    Rows("members_revenueband", "list read add", "list read add", of_registry("band")),
    Rows("members_requirement", "list read add", "list read add", of_registry("requirement")),
    Rows("members_deadlinerule", "list read add", "list read add", of_registry("rule")),
    Rows("members_registryimport", "list read add", "list read add", of_registry("imported")),
    Rows("members_circular", "list read change add", "list read change add", pk_of("circular_draft")),
    Rows("members_circulartemplate", "list read change add", "list read change add", pk_of("circular_template")),
    Rows("members_standard", "list read change add", "list read change add", of_registry("standard")),
    Rows("members_guidance", "list read change add", "list read change add", outreach("guidance")),
    Rows("members_fieldreview", "list read change add", "list read change add", outreach("review")),
    Rows("members_workshop", "list read change add", "list read change add", outreach("workshop")),
    Rows("members_selfassessment", "list read change add", "list read change add", outreach("assessment")),
    Rows("members_contact", "list read", "list read", of_registry("contact")),
    Rows("members_delegation", "list read change add", "list read change add delete", of_ours("pk")),
    Rows("members_user", "list read change add", "list read change add", account_of("reader")),
    Rows("members_directorship", "list read add", "list read add", pk_of("directorship")),
    Rows("meetings_workinggroup", "list read change add", "list read change add",
         lambda w: [w.meeting.working_group_id]),
    Rows("meetings_meeting", "list read change add", "list read change add", pk_of("inside")),
    Rows("meetings_chairssummary", "list read change", "list read change", summary("drafted")),
    Rows("meetings_decision", "list read", "list read", lambda w: [w.live.decision.pk]),
    Rows("questionnaires_strategicplan", "list read change add", "list read change add", pk_of("plan")),
    Rows("questionnaires_questionnaire", "list read change add", "list read change add", pk_of("draft")),
    Rows("questionnaires_response", "list read", "list read", pk_of("response")),
    Rows("questionnaires_submission", "list read", "list read", pk_of("submission")),
]  # fmt: skip

TABLE = [*LINES, *ADMIN_LINES, *(line for rows in ROWS for line in rows.lines())]


# The walk


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Every named address, as `reverse` names it. An address without a name is only a way to one that has."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield prefix + pattern.name


def test_every_route_has_a_line_and_every_line_a_route():
    there, described = set(routes()), {line.route for line in TABLE}
    assert sorted(there - described) == [], "These routes have no line in the table: say who gets in."
    assert sorted(described - there) == [], "These lines of the table are about no route."


def test_no_line_stands_twice():
    names = [line.name for line in TABLE]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None, settings: Any, tmp_path: Any) -> World:
    settings.MEDIA_ROOT = tmp_path
    return build_world(request.getfixturevalue)


def outcome(response: Any) -> str:
    """What a response is, in the words of the table."""
    if response.status_code in (301, 302, 303):
        path = urlsplit(response["Location"]).path
        if path == reverse("admin:login"):
            return "door"
        return "sign-in" if path == reverse(settings.LOGIN_URL) else "elsewhere"
    words = {
        200: "page", 401: "silence", 403: "refused", 404: "nothing", 405: "wrong-method", 409: "again", 422: "again",
    }  # fmt: skip
    return words.get(response.status_code, f"status {response.status_code}")


def send(client: Client, method: str, address: str, data: dict[str, Any]) -> str:
    """One request of which nothing stays: neither in the database nor in the browser."""
    with transaction.atomic():
        response: Any = client.get(address) if method == "get" else client.post(address, data)
        result = outcome(response)
        if response.streaming:
            b"".join(response.streaming_content)  # which closes the file
        transaction.set_rollback(True)
    return result


@pytest.mark.parametrize("who", CAST)
def test_everybody_gets_what_the_table_says(world, client_of, who):
    client = client_of(who)
    if who == "inactive":
        assert outcome(client.get("/")) == "sign-in"
        assert settings.SESSION_COOKIE_NAME not in client.cookies or not client.session.get("_auth_user_id")
    elif who != "visitor":
        just_signed_in(client.session)
    before = {name: morsel.value for name, morsel in client.cookies.items()}
    # Who may not enter the administration is led to its door, and there signs in or is refused.
    door = outcome(client.get(reverse("admin:login")))
    wrong = []
    for line in TABLE:
        address = reverse(line.route, args=line.about(world))
        if line.name == "admin:autocomplete":
            address += "?app_label=members&model_name=delegate&field_name=user"
        for method in ("get", "post"):
            client.cookies = SimpleCookie(before)
            found, expected = send(client, method, address, line.sends(world)), line.expected(method, who)
            if found == "door":
                found = door
            one_of = {"let-in": LET_IN, "shut": ("refused", "nothing")}.get(expected, (expected,))
            if found not in one_of:
                wrong.append(f"{line.name}: {method.upper()} gives {found}, not {expected}")
    assert not wrong, "\n".join(wrong)
