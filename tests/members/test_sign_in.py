"""Signing in: by password, by a code from the mail, with the second factor; refused, paused, never telling."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from icoca_portal.lib.days import today
from icoca_portal.outbox.models import Message
from members import operations
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def empty_cache():
    """The counters of the rate limits."""
    from django.core.cache import cache

    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("members:edit_profile")).status_code == 200


def part_of(message: Message, pattern: str) -> str:
    """What the pattern catches in the text of the mail."""
    found = re.search(pattern, message.text)
    assert found, message.text
    return found[1]


def code_of_the_mail(email: str) -> str:
    message = Message.objects.filter(recipient=email).latest("pk")
    return part_of(message, r"code: (\S+)")


def totp_code() -> str:
    value = hotp_value("JBSWY3DPEHPK3PXP", next(yield_hotp_counters_from_time()))
    return f"{value:06}"


def test_a_delegate_signs_in_by_password_whatever_the_case_of_the_address(client, focal_point):
    response = sign_in(client, "Focal.CH@Sample.example")
    assert response.status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize("email", ["focal.ch@sample.example", "nobody@sample.example"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, focal_point, email):
    response = sign_in(client, email, "wrong")
    text = re.sub(r'value="[^"]*"', "", response.content.decode()).replace(email, "")
    assert response.status_code == 200
    assert "The address and the password do not belong together." in text
    other = sign_in(Client(), "somebody@sample.example", "wrong")
    # All but tokens and nonces is the same.
    clean = re.sub(r'value="[^"]*"', "", other.content.decode()).replace("somebody@sample.example", "")
    strip = lambda page: re.sub(r'nonce="[^"]*"', "", page)  # noqa: E731
    assert strip(text) == strip(clean)


def test_a_closed_account_learns_only_with_the_right_password_that_it_is_closed(client, inactive):
    assert "do not belong together" in sign_in(client, inactive.email, "wrong").content.decode()
    response = sign_in(client, inactive.email)
    assert response["Location"] == reverse("account_inactive")
    assert not is_signed_in(client)


def test_who_has_no_role_is_not_let_in(client, focal_point, secretariat):
    operations.end_appointment(focal_point.appointments.get(), by=secretariat)
    response = sign_in(client, focal_point.email)
    assert response["Location"] == reverse("account_inactive")
    assert not is_signed_in(client)
    page = client.get(reverse("account_inactive"))
    assert "secretariat@" in page.content.decode()


def test_a_delegate_signs_in_by_a_code_from_the_mail(client, focal_point):
    response = client.post("/accounts/login/code/", {"email": focal_point.email})
    assert response["Location"] == reverse("account_confirm_login_code")
    response = client.post(response["Location"], {"code": code_of_the_mail(focal_point.email)})
    assert response.status_code == 302
    assert is_signed_in(client)


def test_a_code_is_asked_for_in_the_same_words_for_an_unknown_address_and_no_mail_goes_out(client, focal_point):
    def ask(email):
        browser = Client()
        response = browser.post("/accounts/login/code/", {"email": email}, follow=True)
        page = re.sub(r'(value|nonce)="[^"]*"', "", response.content.decode())
        return response.redirect_chain, page.replace(email, "")

    assert ask(focal_point.email) == ask("nobody@sample.example")
    assert Message.objects.count() == 1


def test_a_code_opens_no_account_whose_roles_have_ended(client, focal_point, secretariat):
    client.post("/accounts/login/code/", {"email": focal_point.email})
    operations.end_appointment(focal_point.appointments.get(), by=secretariat)
    response = client.post(
        reverse("account_confirm_login_code"), {"code": code_of_the_mail(focal_point.email)}, follow=True
    )
    assert response.request["PATH_INFO"] == reverse("account_inactive")
    assert not is_signed_in(client)


def test_six_wrong_passwords_pause_the_sign_in_with_a_page_that_says_until_when(client, focal_point):
    for _attempt in range(5):
        assert sign_in(client, focal_point.email, "wrong").status_code == 200
    response = sign_in(client, focal_point.email, "wrong")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 1801
    text = response.content.decode()
    assert "Geneva" in text
    assert "A passkey still works" in text
    assert sign_in(client, focal_point.email).status_code == 429
    assert not is_signed_in(client)


def test_an_unknown_address_is_paused_in_the_same_way(client):
    statuses = [sign_in(client, "nobody@sample.example", "wrong").status_code for _attempt in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 429]


def test_a_pause_holds_for_the_address_whatever_its_case_and_not_for_others(client, focal_point, reader):
    for _attempt in range(6):
        sign_in(client, focal_point.email, "wrong")
    assert sign_in(Client(), focal_point.email.upper()).status_code == 429
    assert sign_in(Client(), reader.email).status_code == 302


def test_behind_a_proxy_a_pause_holds_for_who_failed_and_not_for_the_proxy(settings, focal_point):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    failing = Client(headers={"x-forwarded-for": "198.51.100.7, 203.0.113.9"})
    for _attempt in range(6):
        sign_in(failing, focal_point.email, "wrong")
    assert sign_in(failing, focal_point.email).status_code == 429
    assert sign_in(Client(headers={"x-forwarded-for": "203.0.113.10"}), focal_point.email).status_code == 302


def test_the_secretariat_lifts_a_pause(client, focal_point, client_of):
    for _attempt in range(6):
        sign_in(client, focal_point.email, "wrong")
    response = client_of("secretariat").post(reverse("admin:members_user_unlock", args=[focal_point.pk]))
    assert response.status_code == 302
    assert sign_in(client, focal_point.email).status_code == 302


def test_wrong_codes_from_the_mail_count_too(focal_point):
    statuses = []
    for _code in range(2):
        client = Client()
        client.post("/accounts/login/code/", {"email": focal_point.email})
        statuses += [
            client.post(reverse("account_confirm_login_code"), {"code": "wrong"}).status_code for _attempt in range(3)
        ]
    assert statuses[-1] == 429
    assert sign_in(Client(), focal_point.email).status_code == 429


def test_the_second_factor_is_asked_after_the_password(client, secretariat):
    response = sign_in(client, secretariat.email)
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": totp_code()}).status_code == 302
    assert is_signed_in(client)


def test_wrong_second_factors_count_and_pause(client, secretariat):
    sign_in(client, secretariat.email)
    statuses = [client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code for _attempt in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 429]
    assert client.post(reverse("mfa_authenticate"), {"code": totp_code()}).status_code == 429
    assert not is_signed_in(client)


def test_the_second_factor_is_asked_after_a_code_from_the_mail(client, secretariat):
    client.post("/accounts/login/code/", {"email": secretariat.email})
    response = client.post(reverse("account_confirm_login_code"), {"code": code_of_the_mail(secretariat.email)})
    assert response["Location"] == reverse("mfa_authenticate")


def test_the_administration_sends_to_the_one_sign_in(client):
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"].startswith(LOGIN)
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_the_administration_has_one_page_for_the_password_and_for_leaving(client_of):
    client = client_of("secretariat")
    assert client.get("/admin/password_change/")["Location"] == reverse("account_change_password")
    assert client.post("/admin/logout/")["Location"] == reverse("account_logout")


@pytest.mark.parametrize("who", ["focal_point", "director"])
def test_the_administration_refuses_who_is_not_staff(client_of, who):
    assert client_of(who).get("/admin/", follow=True).status_code == 403


def test_nobody_signs_up(client):
    page = client.get("/accounts/signup/")
    assert "Accounts are opened by the secretariat" in page.content.decode()
    client.post("/accounts/signup/", {"email": "new@sample.example", "password1": PASSWORD})
    assert sign_in(client, "new@sample.example").status_code == 200


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/confirm-email/abc/"])
@pytest.mark.parametrize("who", ["visitor", "focal_point"])
def test_an_account_has_one_address_which_only_the_secretariat_changes(client_of, who, path):
    client = client_of(who)
    assert client.get(path).status_code == 404
    assert client.post(path, {"email": "other@sample.example", "action_add": "1"}).status_code == 404


def test_an_invitation_sets_the_password_once(client, focal_point, secretariat):
    operations.invite_person(focal_point, by=secretariat)
    link = part_of(Message.objects.get(), r"(/accounts/password/reset/key/\S+)")
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    new = "a long sample password"
    assert client.post(address, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(Client(), focal_point.email, new).status_code == 302
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_a_link_stops_working_when_the_address_changes(client, focal_point, secretariat):
    operations.invite_person(focal_point, by=secretariat)
    link = part_of(Message.objects.get(), r"(/accounts/password/reset/key/\S+)")
    operations.change_address(focal_point, email="moved@sample.example", by=secretariat)
    assert "no longer works" in client.get(link, follow=True).content.decode()


def test_a_forgotten_password_gets_the_same_answer_for_an_unknown_address(focal_point):
    def ask(email):
        response = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        return response.redirect_chain, re.sub(r'(value|nonce)="[^"]*"', "", response.content.decode())

    assert ask(focal_point.email) == ask("nobody@sample.example")
    assert Message.objects.get().recipient == focal_point.email


def test_mail_about_an_account_is_in_the_language_of_its_person(client):
    user = UserFactory(language="fr", is_staff=True)
    client.post("/accounts/login/code/", {"email": user.email})
    assert Message.objects.get().language == "fr"


def test_an_appointment_that_begins_today_opens_the_door_today(client, delegation, secretariat):
    user = UserFactory()
    operations.appoint_delegate(delegation, user=user, role="reader", by=secretariat, valid_from=today())
    assert sign_in(client, user.email).status_code == 302


def confirm(client: Client) -> None:
    """Prove once more who one is, as changes to the ways of signing in ask."""
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def test_only_the_page_with_the_qr_code_may_show_pictures_inside_the_page(client, focal_point):
    sign_in(client, focal_point.email)
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml' in page.content.decode()
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    assert "data:" not in client.get(reverse("mfa_index"))["Content-Security-Policy"]


def test_setting_up_an_application_gives_recovery_codes_that_work_once(
    client, focal_point, django_capture_on_commit_callbacks
):
    sign_in(client, focal_point.email)
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    key = page.context["form"].secret
    value = hotp_value(key, next(yield_hotp_counters_from_time()))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("mfa_activate_totp"), {"code": f"{value:06}"}, follow=True)
    codes = response.context["unused_codes"]
    assert response.request["PATH_INFO"] == reverse("mfa_view_recovery_codes")
    assert len(codes) == 10
    assert "An authenticator application was added" in Message.objects.values_list("subject", flat=True)

    def enter():
        browser = Client()
        sign_in(browser, focal_point.email)
        return browser.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code

    assert (enter(), enter()) == (302, 200)


def test_ways_of_signing_in_are_changed_only_after_proving_who_one_is(client_of):
    response = client_of("focal_point").get(reverse("mfa_activate_totp"))
    assert response["Location"].startswith(reverse("account_reauthenticate"))
