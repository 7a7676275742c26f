"""A save from an old page overwrites nobody: refused with both versions, kept in the form, put over only knowingly."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.urls import reverse

from members.models import Organisation
from tests import factories


@pytest.fixture
def organisation(db):
    return factories.OrganisationFactory(name="Sample State", slug="sample-state", code="zz", website="")


def address(organisation):
    return reverse("admin:members_organisation_change", args=[organisation.pk])


def data(organisation, **changes):
    """The form of the page as it was read, with changes; there are no rows in its parts."""
    stored = {
        "name": organisation.name,
        "slug": organisation.slug,
        "code": organisation.code,
        "kind": organisation.kind,
        "country": "",
        "website": organisation.website,
        "seen_version": organisation.version,
        "_continue": "1",
    }
    management = {
        f"{rows}-{name}": value
        for rows in ("other_names", "participations", "memberships", "applications", "representatives")
        for name, value in {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0}.items()
    }
    return {**stored, **management, **changes}


def test_the_page_carries_the_version_it_shows(client_of, organisation):
    page = client_of("secretariat").get(address(organisation)).content.decode()
    assert f'<input type="hidden" name="seen_version" value="{organisation.version}">' in page
    assert "Two versions" not in page


def test_a_save_from_the_present_page_is_stored_and_raises_the_version(client_of, organisation):
    response = client_of("secretariat").post(address(organisation), data(organisation, name="Sample Republic"))
    assert response.status_code == 302
    organisation.refresh_from_db()
    assert (organisation.name, organisation.version) == ("Sample Republic", 2)


def test_a_save_that_changes_nothing_makes_no_colleague_s_page_old(client_of, organisation):
    client_of("secretariat").post(address(organisation), data(organisation))
    organisation.refresh_from_db()
    assert organisation.version == 1


def test_a_save_from_an_old_page_is_refused_with_both_versions(client_of, organisation):
    mine = data(organisation, name="Mine Sample", website="https://mine.sample.example/")
    client_of("superuser").post(address(organisation), data(organisation, name="Theirs Sample"))
    response = client_of("secretariat").post(address(organisation), mine)
    page = response.content.decode()
    assert response.status_code == 409
    organisation.refresh_from_db()
    assert organisation.name == "Theirs Sample"
    assert "Sample Administrator saved this page" in page
    differences = {
        (difference.label, difference.theirs, difference.mine) for difference in response.context["stale"]["fields"]
    }
    assert differences == {
        ("Name", "Theirs Sample", "Mine Sample"),
        ("Website", "(empty)", "https://mine.sample.example/"),
    }
    assert 'value="Mine Sample"' in page


def test_sent_again_it_is_refused_again(client_of, organisation):
    mine = data(organisation, name="Mine Sample")
    client_of("superuser").post(address(organisation), data(organisation, name="Theirs Sample"))
    client = client_of("secretariat")
    first = client.post(address(organisation), mine)
    assert f'name="seen_version" value="{mine["seen_version"]}"' in first.content.decode()
    assert client.post(address(organisation), mine).status_code == 409


def test_mine_goes_over_the_version_that_was_shown_and_no_later_one(client_of, organisation):
    mine = data(organisation, name="Mine Sample")
    colleague, client = client_of("superuser"), client_of("secretariat")
    colleague.post(address(organisation), data(organisation, name="Theirs Sample"))
    shown = client.post(address(organisation), mine).context["stale"]["version"]
    organisation.refresh_from_db()
    colleague.post(address(organisation), data(organisation, name="Theirs Again Sample"))
    assert client.post(address(organisation), {**mine, "_save_over": shown}).status_code == 409
    assert client.post(address(organisation), {**mine, "_save_over": shown + 1}).status_code == 302
    organisation.refresh_from_db()
    assert organisation.name == "Mine Sample"


def test_a_save_that_names_no_version_is_refused(client_of, organisation):
    mine = data(organisation, name="Mine Sample")
    del mine["seen_version"]
    assert client_of("secretariat").post(address(organisation), mine).status_code == 409


def test_other_mistakes_are_said_beside_it(client_of, organisation):
    client_of("superuser").post(address(organisation), data(organisation, name="Theirs Sample"))
    response = client_of("secretariat").post(address(organisation), data(organisation, name="", seen_version=1))
    assert response.status_code == 409
    assert "name" in response.context["adminform"].form.errors


def test_two_versions_that_hold_the_same_are_said_to(client_of, organisation):
    same = data(organisation, name="Same Sample")
    client_of("superuser").post(address(organisation), same)
    assert (
        "The two versions hold the same." in client_of("secretariat").post(address(organisation), same).content.decode()
    )


def test_a_new_row_needs_no_version(client_of):
    new = data(factories.OrganisationFactory.build(name="New Sample State", slug="new-sample-state", code="yy"))
    del new["seen_version"]
    assert client_of("secretariat").post(reverse("admin:members_organisation_add"), new).status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_of_two_saves_at_the_same_moment_one_is_stored_and_one_refused(client_of, attempt):
    organisation = factories.OrganisationFactory()
    clients = [client_of("secretariat"), client_of("superuser")]
    barrier, statuses = threading.Barrier(2), {}

    def save(number):
        try:
            barrier.wait()
            sent = data(organisation, name=f"Sample of {number}")
            statuses[number] = clients[number].post(address(organisation), sent).status_code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses.values()) == [302, 409]
    winner = next(number for number, status in statuses.items() if status == 302)
    stored = Organisation.objects.get(pk=organisation.pk)
    assert (stored.name, stored.version) == (f"Sample of {winner}", 2)
    assert connection.is_usable()


def rows(meeting, changes, *, delete=(), new=""):
    """What the panel says about the agenda items of a form that was made before they changed."""
    from django.forms import inlineformset_factory

    from icoca_portal.lib.stale import row_differences
    from meetings.models import AgendaItem, Meeting

    items = list(meeting.items.order_by("position", "pk"))
    data: dict[str, Any] = {"items-TOTAL_FORMS": len(items) + 1, "items-INITIAL_FORMS": len(items)}
    for index, item in enumerate(items):
        typed = {"id": item.pk, "title": item.title, "minutes": item.minutes or "", **changes.get(item.title, {})}
        data |= {f"items-{index}-{name}": value for name, value in typed.items()}
        if item.title in delete:
            data[f"items-{index}-DELETE"] = "on"
    data |= {f"items-{len(items)}-title": new}
    formset_class = inlineformset_factory(Meeting, AgendaItem, fields=("title", "minutes"), extra=1)

    def read():
        formset = formset_class(data, instance=meeting, prefix="items")
        formset.is_valid()
        found = row_differences(formset, meeting)
        return {
            row.title: row.note or [(change.label, change.theirs, change.mine) for change in row.fields]
            for row in found
        }

    return read


def test_rows_of_inlines_are_compared_one_by_one(db):
    meeting = factories.MeetingFactory()
    one, two, three, four = (
        factories.AgendaItemFactory(meeting=meeting, position=number, title=title)
        for number, title in enumerate(["One", "Two", "Three", "Four"], start=1)
    )
    read = rows(meeting, {"One": {"title": "One of mine", "minutes": "20"}}, delete=["Three"], new="New of mine")
    two.title = "Two of theirs"
    two.save()
    four.delete()
    factories.AgendaItemFactory(meeting=meeting, position=9, title="New of theirs")
    found = read()
    assert found[str(one)] == [("Title", "One", "One of mine"), ("Minutes", "(empty)", "20")]
    assert found[str(two)] == [("Title", "Two of theirs", "Two")]
    assert "You delete this row" in found[str(three)]
    assert "You add this row" in found["New row"]
    assert any("A colleague deleted this row" in str(note) for note in found.values())
    assert any("A colleague added this row" in str(note) for note in found.values())
