"""The address a message comes back to: it names its message, and nobody can make one up."""

import re

import pytest

from icoca_portal.outbox.returning import message_of_return_address, return_address_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def returning(settings):
    settings.MAIL_RETURN_ADDRESS = "bounces@portal.example"
    return settings


def test_without_the_setting_there_is_none(queue, settings):
    settings.MAIL_RETURN_ADDRESS = ""
    assert return_address_of(queue(1)) == ""


def test_it_names_its_message(queue, returning):
    message, other = queue(1), queue(2)
    address = return_address_of(message)
    assert re.fullmatch(rf"bounces\+{message.pk}\.[a-z2-7]{{12}}@portal\.example", address)
    assert message_of_return_address(address) == message
    assert message_of_return_address(return_address_of(other)) == other


def test_servers_on_the_way_may_change_capitals_and_wrap_it(queue, returning):
    message = queue(1)
    address = return_address_of(message)
    local = address.partition("@")[0]
    for seen in (address.upper(), f"<{address}>", f"prvs=9876ab={address}", f"SRS0=Ab=C7=portal.example={local}@relay"):
        assert message_of_return_address(seen) == message


def test_an_earlier_key_still_reads_what_it_signed(queue, returning):
    message = queue(1)
    address = return_address_of(message)
    returning.SECRET_KEY_FALLBACKS = [returning.SECRET_KEY]
    returning.SECRET_KEY = "another-key-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
    assert return_address_of(message) != address
    assert message_of_return_address(address) == message


def test_a_made_up_address_names_nothing(queue, returning):
    message = queue(1)
    signature = return_address_of(message).partition(".")[2].partition("@")[0]
    for made_up in (
        "",
        "bounces@portal.example",
        f"bounces+{message.pk}.aaaaaaaaaaaa@portal.example",
        f"bounces+{message.pk + 1}.{signature}@portal.example",
        f"bounces+{message.pk}.{signature}a@portal.example",
        f"bounces+{'9' * 30}.{signature}@portal.example",
    ):
        assert message_of_return_address(made_up) is None
