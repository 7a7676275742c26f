"""Who is invited to a meeting, who has replied, and who comes: the board, the steps from it, and the list of people."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from icoca_portal.lib.access import authorise
from icoca_portal.lib.acts import ActsMixin
from icoca_portal.lib.days import today
from icoca_portal.lib.downloads import download_paper
from icoca_portal.lib.exports import CSV, XLSX, download
from icoca_portal.lib.moments import in_geneva
from icoca_portal.lib.numbers import whole_number
from meetings import operations, registering, registration_exports
from meetings.models import Invitation, Meeting, RegistrationChange
from meetings.registration_forms import BoardForm, PeopleForm, RegistrationDeadlineForm
from members.audience import AudienceForm, audience, participants_to_ask
from members.models import Organisation
from members.signing_in import person_of


class RegistrationsMixin(ActsMixin):
    """For the screen of meetings: invitations and registrations of one."""

    def get_urls(self) -> list[Any]:
        people = "<int:pk>/registrations/people"
        return [
            self.act_path("<int:pk>/registrations/", self.registrations, "registrations"),
            self.act_path("<int:pk>/registrations/invite/", self.invite_delegations, "invite_delegations"),
            self.act_path("<int:pk>/registrations/remind/", self.remind_invited, "remind_invited"),
            self.act_path("<int:pk>/registrations/deadline/", self.set_registration, "set_registration"),
            self.act_path(f"{people}/", self.registered, "registered"),
            *(
                self.act_path(f"{people}.{form}", self.export_registered, f"registered_{form}", {"form": form})
                for form in ("pdf", "docx", "csv", "xlsx")
            ),
            *super().get_urls(),
        ]

    # Reading

    def registrations(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where every delegation that was invited stands."""
        meeting = self._seen(request, pk)
        rows = registering.board(meeting)
        form = BoardForm(request.GET)
        chosen = form.chosen(rows)
        changes = RegistrationChange.objects.filter(meeting=meeting).exclude(what=RegistrationChange.What.INVITED)
        latest = changes.select_related("by", "delegation__organisation").order_by("-at", "-pk")[:20]
        return self._board_page(
            request,
            meeting,
            "admin/meetings/registrations.html",
            title=_("Invitations and registrations"),
            form=form,
            rows=chosen,
            counts=registering.counts(rows),
            total=len(rows),
            is_filtered=len(chosen) != len(rows),
            replies=Invitation.Reply,
            changes=[(row, registering.change_in_words(row), registering.changed_values(row)) for row in latest],
            reminder_days=registering.REMINDER_DAYS,
        )

    def registered(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everybody who is registered, and what they need."""
        meeting = self._seen(request, pk)
        reads_needs = request.user.has_perm("meetings.read_needs", meeting)
        people = registering.people_registered(meeting)
        form = PeopleForm(request.GET)
        chosen = form.chosen(people)
        return self._board_page(
            request,
            meeting,
            "admin/meetings/registered.html",
            title=_("Everybody who is registered"),
            form=form,
            people=chosen,
            total=len(people),
            is_filtered=len(chosen) != len(people),
            query=request.GET.urlencode(),
            reads_needs=reads_needs,
            needs=registering.needs_counted(chosen) if reads_needs else [],
            days_kept=registering.NEEDS_KEPT.days,
        )

    def export_registered(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """The list as it is filtered. Needs stand in it only if asked for (``?with=needs``), and never in a paper."""
        meeting = self._seen(request, pk)
        people = PeopleForm(request.GET).chosen(registering.people_registered(meeting))
        name = f"{meeting.symbol} registered {today():%Y-%m-%d}"
        if form in ("pdf", "docx"):
            return download_paper(registration_exports.registered_paper(meeting, people), name, form)
        with_needs = request.GET.get("with") == "needs"
        if with_needs:
            authorise(request.user, "meetings.read_needs", meeting)
            name += " with needs"
        write, kind = (
            (registration_exports.registered_xlsx, XLSX)
            if form == "xlsx"
            else (registration_exports.registered_csv, CSV)
        )
        return download(write(people, with_needs=with_needs), f"{name}.{form}", kind)

    # Steps

    def invite_delegations(self, request: HttpRequest, pk: int) -> HttpResponse:
        meeting = self.row(Meeting, pk=pk)
        candidates = self._not_invited(meeting)
        return self.act(
            request,
            meeting,
            title=_("Invite delegations"),
            button=_("Send the invitations"),
            form_class=partial(AudienceForm, candidates=candidates),  # type: ignore[arg-type]
            perform=lambda organisations: operations.invite_delegations(
                meeting, candidates if organisations is None else organisations, by=person_of(request)
            ),
            done=lambda delegations: (
                ngettext(
                    "%(count)d delegation is invited, and its focal points are told.",
                    "%(count)d delegations are invited, and their focal points are told.",
                    len(delegations),
                )
                % {"count": len(delegations)}
            ),
            permission="meetings.invite_delegations",
            template="admin/meetings/invite_delegations.html",
            then=self._board(meeting),
            context={
                "meeting": meeting,
                "closes": meeting.registration_closes,
                "is_open": meeting.takes_registrations_at(timezone.now()),
                **audience(request, candidates, registering.TOLD),
            },
        )

    def remind_invited(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remind all that have not replied, or one of them (``?delegation=``), after having seen whom."""
        meeting = self.row(Meeting, pk=pk)
        asked = whole_number(request.GET.get("delegation"))
        only = None if asked is None else {asked}
        rows = registering.to_remind(meeting, timezone.now(), only)
        return self.act(
            request,
            meeting,
            title=_("Remind who has not replied"),
            button=_("Send the reminder"),
            perform=lambda: operations.remind_invited(meeting, by=person_of(request), only=only),
            done=lambda count: (
                ngettext("%(count)d person is reminded.", "%(count)d people are reminded.", count) % {"count": count}
            ),
            permission="meetings.remind_invited",
            template="admin/meetings/remind_invited.html",
            then=self._board(meeting),
            context={
                "meeting": meeting,
                "rows": rows,
                "people": sum(len(row.focal_points) for row in rows),
                "is_open": meeting.takes_registrations_at(timezone.now()),
            },
        )

    def set_registration(self, request: HttpRequest, pk: int) -> HttpResponse:
        meeting = self.row(Meeting, pk=pk)
        closes = meeting.registration_closes
        now_it_is = (
            gettext("Registrations are taken until %(moment)s.") % {"moment": in_geneva(closes)} if closes else ""
        )
        told = gettext("If another deadline holds afterwards, the focal points of all invited delegations are told.")
        return self.act(
            request,
            meeting,
            title=_("Deadline of the registration"),
            button=_("Set the deadline and the note"),
            text=f"{now_it_is} {told}".strip(),
            form_class=RegistrationDeadlineForm,
            initial={"until": meeting.registration_until, "note": meeting.registration_note},
            perform=lambda until, note: operations.set_registration(
                meeting, until=until, note=note, by=person_of(request)
            ),
            done=_("The deadline and the note of the registration are set."),
            permission="meetings.set_registration",
            then=self._board(meeting),
        )

    # What they share

    def _not_invited(self, meeting: Meeting) -> list[Organisation]:
        """The participants of the meeting's day that were not invited yet."""
        there = set(meeting.invitations.values_list("delegation__organisation", flat=True))
        return [row for row in participants_to_ask(meeting.date) if row.pk not in there]

    def _board(self, meeting: Meeting) -> str:
        return reverse("admin:meetings_meeting_registrations", args=[meeting.pk])

    def _seen(self, request: HttpRequest, pk: int) -> Meeting:
        meeting: Meeting = self.row(Meeting, pk=pk)
        if not self.has_view_permission(request, meeting):
            raise PermissionDenied
        return meeting

    def _board_page(self, request: HttpRequest, meeting: Meeting, template: str, **context: Any) -> HttpResponse:
        shown = {
            **self.admin_site.each_context(request),
            "subtitle": str(meeting),
            "opts": self.opts,
            "meeting": meeting,
            "closes": meeting.registration_closes,
            "is_open": meeting.takes_registrations_at(timezone.now()),
            "may_invite": request.user.has_perm("meetings.invite_delegations", meeting),
            **context,
        }
        return TemplateResponse(request, template, shown)
