"""What every request of a signed-in person meets: standing, second factor, language and zone."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import SESSION_KEY
from django.urls import reverse
from django.utils import timezone, translation

from icoca_portal.lib.days import today
from members import operations, standing
from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db

PROFILE = "/members/profile/"


def test_the_end_of_an_appointment_ends_the_session_at_once(client_of, focal_point, secretariat):
    client = client_of("focal_point")
    assert client.get(PROFILE).status_code == 200
    operations.end_appointment(focal_point.appointments.get(), by=secretariat)
    response = client.get(PROFILE, follow=True)
    assert response.request["PATH_INFO"] == reverse("account_login")
    text = response.content.decode()
    assert "Your access has ended" in text
    assert "secretariat@" in text
    assert SESSION_KEY not in client.session


def test_a_closed_account_is_out_at_once(client_of, focal_point, secretariat):
    client = client_of("focal_point")
    operations.close_account(focal_point, by=secretariat)
    assert client.get(PROFILE)["Location"] == reverse("account_login")
    assert SESSION_KEY not in client.session


def test_the_day_an_appointment_ends_is_the_first_day_outside(client_of, delegation):
    last = factories.DelegateFactory(delegation=delegation, valid_to=today())
    assert client_of(last.user).get(PROFILE).status_code == 302


def test_a_fragment_meets_the_answer_of_an_expired_session(client_of, focal_point, secretariat):
    client = client_of("focal_point")
    operations.end_appointment(focal_point.appointments.get(), by=secretariat)
    response = client.post(PROFILE, {"name": "Sample"}, headers={"HX-Request": "true"})
    assert response.status_code == 401


def test_an_office_of_another_app_gives_standing(client_of, monkeypatch):
    user = factories.UserFactory()
    assert client_of(user).get(PROFILE).status_code == 302
    monkeypatch.setattr(standing, "_sources", [lambda person: person.pk == user.pk])
    assert client_of(user).get(PROFILE).status_code == 200


@pytest.mark.parametrize(
    "who", ["reader", "contributor", "focal_point", "chair", "director", "secretariat", "superuser"]
)
def test_everybody_with_a_place_stays(client_of, who):
    assert client_of(who).get(PROFILE).status_code == 200


def test_staff_without_a_second_factor_choose_one_first(client_of, secretariat):
    secretariat.authenticator_set.all().delete()
    client = client_of("secretariat")
    for path in ("/admin/", PROFILE, "/members/participants/"):
        assert client.get(path)["Location"] == reverse("mfa_index")
    page = client.get(reverse("mfa_index"))
    assert "The secretariat signs in with" in page.content.decode()
    assert client.get(reverse("account_logout")).status_code == 200
    TOTP.activate(secretariat, "JBSWY3DPEHPK3PXP")
    assert client.get("/admin/").status_code == 200


def test_the_sample_site_may_do_without(client_of, secretariat, settings):
    secretariat.authenticator_set.all().delete()
    settings.STAFF_SECOND_FACTOR = False
    assert client_of("secretariat").get("/admin/").status_code == 200


def test_pages_come_in_the_language_of_the_person_whatever_the_browser_says(client_of, focal_point):
    User.objects.filter(pk=focal_point.pk).update(language="fr")
    response = client_of("focal_point").get(PROFILE, headers={"Accept-Language": "en"})
    assert response["Content-Language"] == "fr"
    assert b'<html lang="fr"' in response.content


def test_zone_and_language_do_not_outlive_the_request(client_of, focal_point):
    User.objects.filter(pk=focal_point.pk).update(time_zone="Asia/Tokyo")
    before = timezone.get_current_timezone_name()
    client_of("focal_point").get(PROFILE)
    assert timezone.get_current_timezone_name() == before
    translation.activate("en")


def test_an_unknown_zone_shows_geneva(client_of, focal_point):
    User.objects.filter(pk=focal_point.pk).update(time_zone="Nowhere/Sample")
    assert client_of("focal_point").get(PROFILE).status_code == 200
