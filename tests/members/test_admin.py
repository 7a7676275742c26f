"""The secretariat's screens: who opens them, that acts call operations, and that refusals stay on the page."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from members.models import Delegate, Directorship, Participation, User
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

LISTS = [f"/admin/members/{name}/" for name in ("organisation", "delegation", "user", "directorship")]


def of(name, *args):
    return reverse(f"admin:members_{name}", args=args)


@pytest.mark.parametrize("path", ["/admin/", *LISTS])
def test_the_secretariat_opens_every_screen(officer, path):
    assert officer.get(path).status_code == 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("who", ["visitor", "focal_point", "director", "chair"])
def test_nobody_else_does(client_of, path, who):
    assert client_of(who).get(path).status_code == 302


@pytest.mark.parametrize("app", ["account", "axes", "mfa", "auth"])
def test_the_machinery_of_signing_in_is_not_the_secretariat_s(officer, client_of, app):
    assert f'href="/admin/{app}/' not in officer.get("/admin/").content.decode()
    assert "/admin/account/emailaddress/" not in client_of("superuser").get("/admin/").content.decode()


@pytest.mark.parametrize("name", ["organisation", "delegation", "user", "directorship"])
def test_a_list_takes_the_same_queries_for_1_and_30(officer, name):
    make: Any = {
        "organisation": factories.ParticipationFactory,
        "delegation": factories.DelegateFactory,
        "user": factories.DelegateFactory,
        "directorship": factories.DirectorshipFactory,
    }[name]

    make()
    one = queries(officer, f"/admin/members/{name}/")
    make.create_batch(29)
    assert queries(officer, f"/admin/members/{name}/") == one
    assert one <= 12


@pytest.mark.parametrize(
    "query",
    ["participant=yes", "participant=no", "q=Switz"],
)
def test_organisations_are_found(officer, delegation, query):
    found = officer.get(f"/admin/members/organisation/?{query}").content.decode()
    assert ("Switzerland" in found) == (query != "participant=no")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("role=reader", ["Sample Reader"]),
        ("role=focal+point", ["Sample Focal Point"]),
        ("role=director", ["Sample Director"]),
        ("role=none", ["Sample Nobody"]),
        ("q=switzerland", ["Sample Focal Point", "Sample Reader"]),
    ],
)
def test_people_are_found_by_what_they_are_today(officer, focal_point, reader, director, query, expected):
    factories.UserFactory(name="Sample Nobody")
    response = officer.get(f"/admin/members/user/?{query}")
    assert sorted(user.name for user in response.context["cl"].result_list) == expected


def test_delegations_without_a_focal_point_are_found(officer, delegation, other_focal_point):
    response = officer.get("/admin/members/delegation/?focal_point=no")
    assert list(response.context["cl"].result_list) == [delegation]


def test_a_person_is_added_without_a_password_and_then_appointed_and_invited(officer, delegation):
    new = {"name": "Sample New", "email": "New@Sample.example", "language": "fr", "time_zone": "Europe/Paris"}
    assert officer.post(of("user_add"), new).status_code == 302
    user = User.objects.get(email="new@sample.example")
    assert not user.has_usable_password()
    refused = officer.post(of("user_invite", user.pk))
    assert refused.status_code == 422
    assert "Appoint them first" in refused.content.decode()
    appointment = {"user": user.pk, "role": "contributor", "valid_from": today().isoformat()}
    assert officer.post(of("delegation_appoint", delegation.pk), appointment).status_code == 302
    assert officer.post(of("user_invite", user.pk)).status_code == 302
    assert Message.objects.get().recipient == user.email
    assert LogEntry.objects.filter(object_id=str(user.pk)).count() == 2


def test_the_password_is_on_no_page(officer, focal_point):
    page = officer.get(of("user_change", focal_point.pk)).content.decode()
    assert "password" not in page.split("<form")[2].lower()


def test_a_second_appointment_is_refused_on_the_page_with_what_was_typed(officer, other_delegation, focal_point):
    typed = {"user": focal_point.pk, "role": "reader", "valid_from": today().isoformat()}
    response = officer.post(of("delegation_appoint", other_delegation.pk), typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert "End that first" in page
    assert f'value="{today().isoformat()}"' in page
    assert Delegate.objects.count() == 1


def test_role_and_end_of_an_appointment(officer, delegation, focal_point):
    row = focal_point.appointments.get()
    assert officer.post(of("delegation_role", delegation.pk, row.pk), {"role": "reader"}).status_code == 302
    row = focal_point.appointments.get(valid_to=None)
    assert row.role == "reader"
    assert officer.post(of("delegation_end", delegation.pk, row.pk), {"on": today().isoformat()}).status_code == 302
    again = officer.post(of("delegation_end", delegation.pk, row.pk), {"on": today().isoformat()})
    assert again.status_code == 422


def test_a_row_of_another_delegation_is_not_found(officer, other_delegation, focal_point):
    row = focal_point.appointments.get()
    assert officer.post(of("delegation_end", other_delegation.pk, row.pk), {"on": "2030-01-01"}).status_code == 404


def test_participation_is_recorded_ended_and_corrected(officer, secretariat):
    organisation = factories.OrganisationFactory()
    typed = {"valid_from": "2010-01-01", "source": "Sample letter"}
    assert officer.post(of("organisation_record", organisation.pk), typed).status_code == 302
    assert officer.post(of("organisation_record", organisation.pk), typed).status_code == 422
    row = Participation.objects.get()
    assert row.recorded_by == secretariat
    end = {"on": "2020-01-01", "source": "Sample notice"}
    assert officer.post(of("organisation_end", organisation.pk, row.pk), end).status_code == 302
    row = Participation.objects.get(superseded_at=None)
    correction = {"valid_from": "2010-02-01", "valid_to": "2020-01-01", "source": "Sample register"}
    assert officer.post(of("organisation_correct", organisation.pk, row.pk), correction).status_code == 302
    assert Participation.objects.count() == 3
    page = officer.get(of("organisation_change", organisation.pk)).content.decode()
    assert "Sample register" in page


def test_a_directorship_is_recorded_ended_and_never_rewritten(officer):
    typed = {"person_name": "Sample Seat", "pillar": "industry", "valid_from": "2016-01-01", "source": "Sample minutes"}
    assert officer.post(of("directorship_add"), typed).status_code == 302
    row = Directorship.objects.get()
    assert officer.post(of("directorship_change", row.pk), {**typed, "pillar": "government"}).status_code == 403
    assert officer.post(of("directorship_correct", row.pk), {**typed, "pillar": "government"}).status_code == 302
    row = Directorship.objects.get(superseded_at=None)
    assert row.pillar == "government"
    end = {"on": "2020-01-01", "source": "Sample minutes"}
    assert officer.post(of("directorship_end", row.pk), end).status_code == 302
    assert officer.get(of("directorship_delete", row.pk)).status_code == 403


def test_an_account_is_closed_and_opened(officer, focal_point, secretariat):
    assert officer.post(of("user_close", focal_point.pk)).status_code == 302
    focal_point.refresh_from_db()
    assert not focal_point.is_active
    assert officer.post(of("user_open", focal_point.pk)).status_code == 302
    focal_point.refresh_from_db()
    assert focal_point.is_active


@pytest.mark.parametrize("act", ["invite", "close", "open", "second_factor", "unlock"])
def test_staff_accounts_are_an_administrator_s(officer, client_of, superuser, secretariat, act):
    for user in (superuser, secretariat):
        assert officer.post(of(f"user_{act}", user.pk)).status_code == 403
    assert officer.post(of("user_change", superuser.pk), {"email": "mine@sample.example"}).status_code == 403


@pytest.mark.parametrize("act", ["invite", "close", "open", "second_factor", "unlock"])
def test_a_delegate_acts_on_nobody(client_of, reader, act):
    assert client_of("focal_point").post(of(f"user_{act}", reader.pk)).status_code == 302
    reader.refresh_from_db()
    assert reader.is_active


def test_the_secretariat_gives_nobody_rights_of_staff(officer, focal_point):
    typed = {"name": "Sample", "email": focal_point.email, "language": "en", "time_zone": "UTC", "seen_version": "1"}
    typed |= {"is_staff": "on", "is_superuser": "on", "appointments-TOTAL_FORMS": 0, "appointments-INITIAL_FORMS": 0}
    assert officer.post(of("user_change", focal_point.pk), typed).status_code == 302
    focal_point.refresh_from_db()
    assert (focal_point.name, focal_point.is_staff, focal_point.is_superuser) == ("Sample", False, False)


def test_the_chosen_people_are_invited_and_the_others_named(officer, focal_point, reader, superuser):
    nobody = factories.UserFactory(name="Sample Nobody")
    chosen = [focal_point.pk, reader.pk, nobody.pk, superuser.pk]
    response = officer.post(of("user_changelist"), {"action": "invite_chosen", "_selected_action": chosen}, follow=True)
    page = response.content.decode()
    assert Message.objects.count() == 2
    assert "2 invitations queued." in page
    assert "Sample Nobody has no role" in page
    assert "Sample Administrator is staff" in page


def test_the_history_of_an_organisation_is_read(officer, delegation):
    assert officer.get(of("organisation_history", delegation.organisation_id)).status_code == 200
