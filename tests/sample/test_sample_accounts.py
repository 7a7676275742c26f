"""Who can sign in to the sample site, and as what."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from icoca_portal.sample.accounts import PASSWORD
from members.models import Delegate, User
from tests.sample.site import SampleSite


def printed() -> str:
    output = StringIO()
    call_command("sample_accounts", stdout=output)
    return output.getvalue()


class SampleAccountsTest(SampleSite):
    """The accounts, and the list of them."""

    def test_every_account_has_the_known_password_and_an_invented_name(self) -> None:
        people = list(User.objects.all())
        assert len(people) == 27
        assert all(person.check_password(PASSWORD) for person in people)
        assert all(person.name.startswith("Sample ") for person in people)
        assert all(person.email.endswith("@sample.example") for person in people)
        assert len({person.name for person in people}) == 27

    def test_everybody_signs_in_with_it_and_reaches_the_desk(self) -> None:
        for address in (
            "secretariat@sample.example",
            "chair@sample.example",
            "director@sample.example",
            "administrator@sample.example",
            "applicant@sample.example",
            "focal.pt@sample.example",
            "contributor.us@sample.example",
            "reader.se@sample.example",
            "focal.jp@sample.example",
        ):
            client = Client()
            client.post(reverse("account_login"), {"login": address, "password": "sample-portal"})
            answer = client.get(reverse("home"))
            assert answer.status_code == 200
            assert answer.wsgi_request.user.email == address

    def test_each_is_what_the_address_says(self) -> None:
        by_address = {person.email.partition("@")[0]: person for person in User.objects.all()}
        assert by_address["secretariat"].standing.is_secretariat
        assert by_address["secretariat"].has_perm("meetings.change_meeting")
        assert not by_address["secretariat"].is_superuser
        assert by_address["administrator"].is_superuser
        assert by_address["director"].standing.is_director
        assert by_address["director"].has_perm("questionnaires.write_remark")
        assert not by_address["chair"].is_staff
        for code in ("ch", "us", "se", "pt"):
            roles = {prefix: by_address[f"{prefix}.{code}"].standing for prefix in ("focal", "contributor", "reader")}
            assert {standing.delegation.code for standing in roles.values()} == {code.upper()}
            assert roles["focal"].role == Delegate.Role.FOCAL_POINT
            assert roles["contributor"].role == Delegate.Role.CONTRIBUTOR
            assert roles["reader"].role == Delegate.Role.READER
        for code in ("au", "ca", "de", "es", "fr", "gb", "it", "jp", "nl", "no"):
            assert by_address[f"focal.{code}"].standing.is_focal_point

    def test_people_sit_in_zones_of_their_own_and_one_reads_french(self) -> None:
        zones = dict(User.objects.filter(email__startswith="focal.").values_list("email", "time_zone"))
        assert zones["focal.se@sample.example"] == "Europe/Stockholm"
        assert zones["focal.pt@sample.example"] == "Europe/Lisbon"
        assert zones["focal.us@sample.example"] == "America/New_York"
        assert zones["focal.jp@sample.example"] == "Asia/Tokyo"
        assert zones["focal.au@sample.example"] == "Australia/Sydney"
        assert [person.email for person in User.objects.filter(language="fr")] == ["focal.fr@sample.example"]

    def test_the_list_names_every_account_and_the_password(self) -> None:
        text = printed()
        assert "sample-portal" in text
        one_each = User.objects.exclude(email__regex=r"^focal\.(au|ca|de|es|fr|gb|it|jp|nl|no)@")
        assert one_each.count() == 17
        for person in one_each:
            assert person.email in text
        assert "focal.CC@sample.example" in text
        assert "au ca de es fr gb it jp nl no" in text

    def test_the_list_leaves_out_accounts_that_are_closed(self) -> None:
        User.objects.filter(email__in=["chair@sample.example", "focal.jp@sample.example"]).update(is_active=False)
        text = printed()
        assert "chair@" not in text
        assert "gb it nl no" in text


def test_the_list_says_what_to_do_before_the_load(sample_site: None) -> None:
    assert "manage.py load_sample" in printed()


def test_no_list_outside_a_sample_site(db: None) -> None:
    with pytest.raises(CommandError, match="SAMPLE_SITE is off"):
        printed()
