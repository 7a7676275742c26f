"""Circulars on the portal: who reads which, as what, and what is noted of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from members import operations, things
from members.models import Circular, CircularFile, CircularRecipient
from tests import factories
from tests.counting import queries

pytestmark = pytest.mark.django_db

LIST = "/members/circulars/"
FOCAL = {"rule": "participants", "roles": ["focal point"]}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def circular(secretariat, focal_point, other_focal_point) -> Circular:
    """To the focal points of `ch` and `se`, in English and French, with a file of each sort."""
    return sent(
        secretariat,
        texts={
            "en": ("Sample: to {delegation}", "<p>Sample text for {name} & friends.</p>"),
            "fr": ("Exemple : à {delegation}", "<p>Texte d’exemple pour {name}.</p>"),
        },
        files=True,
    )


def sent(by: Any, *, texts: Any = None, about: Any = None, files: bool = False, of: Circular | None = None) -> Any:
    """A circular that went its whole way; `of` another one it is the correction."""
    draft = operations.correct_circular(of, by=by) if of else operations.draft_circular(by=by)
    operations.write_circular(
        draft,
        by=by,
        texts=texts or {"en": ("Sample subject", "<p>Sample text</p>")},
        audience=draft.audience or FOCAL,
        send_at=None,
        about=about,
    )
    if files:
        operations.attach_circular_file(draft, by=by, upload=factories.upload("annex.pdf"), title="Sample annex")
        operations.attach_circular_file(draft, by=by, upload=factories.upload("note.pdf"), attached=True)
    released = operations.approve_circular(draft, by=by)
    assert released.released_at is not None, released.held_why
    return Circular.objects.get(pk=released.pk)


def opened(circular: Circular, user: Any) -> Any:
    return CircularRecipient.objects.get(circular=circular, user=user).opened_at


def test_who_was_addressed_finds_it_in_the_list_and_reads_what_was_merged_for_them(
    client_of, circular, focal_point, other_focal_point
):
    client = client_of("focal_point")
    page = client.get(LIST).content.decode()
    assert "Sample: to Switzerland" in page
    assert "Not opened yet" in page
    response = client.get(circular.get_absolute_url())
    page = response.content.decode()
    assert "Sample text for Sample Focal Point &amp; friends." in page
    assert "Sample: to Switzerland" in page
    assert "Sample Other Focal Point" not in page
    assert "To Sample Focal Point, Switzerland" in page
    assert circular.symbol in page
    assert "Sample annex" in page
    assert "note.pdf" in page
    assert "What is stored has this seal." in page
    assert "no-store" in response["Cache-Control"]
    assert "Not opened yet" not in client.get(LIST).content.decode()
    page = client.get(circular.get_absolute_url() + "?language=fr").content.decode()
    assert "Texte d’exemple pour Sample Focal Point." in page
    assert "Exemple : à Switzerland" in page
    other = client_of("other_focal_point").get(circular.get_absolute_url()).content.decode()
    assert "Sample text for Sample Other Focal Point" in other


def test_the_text_stays_as_it_was_sent_when_what_it_is_about_changes(client_of, secretariat, focal_point, monkeypatch):
    says = {"now": "30 April"}
    thing = things.Thing("sample", 1, lambda: "Sample thing", "/sample/", {"deadline": lambda _to: says["now"]})
    kind = things.Kind(
        "sample", "Sample", lambda _pk: thing, visible=lambda user, pks: set(), fields={"deadline": "When"}
    )
    monkeypatch.setitem(things._KINDS, "sample", kind)
    circular = sent(secretariat, texts={"en": ("Sample", "<p>Due {deadline}.</p>")}, about=thing)
    says["now"] = "31 May"
    page = client_of("focal_point").get(circular.get_absolute_url()).content.decode()
    assert "Due 30 April." in page
    assert "31 May" not in page


def test_reading_is_noted_once_and_only_of_a_person_who_was_addressed(client_of, circular, focal_point, secretariat):
    address = circular.get_absolute_url()
    client = client_of("focal_point")
    assert client.head(address).status_code == 200
    for header in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}):
        assert client.get(address, headers=header).status_code == 200
    assert client_of("secretariat").get(address).status_code == 200
    assert opened(circular, focal_point) is None
    client.get(address)
    first = opened(circular, focal_point)
    assert first is not None
    client.get(address)
    assert opened(circular, focal_point) == first
    assert CircularRecipient.objects.filter(circular=circular, opened_at=None).count() == 1


def test_nobody_else_finds_it(client_of, circular, contributor, director):
    file = circular.files.get(title="Sample annex")
    addresses = [circular.get_absolute_url(), file.get_absolute_url(), LIST]
    for address in addresses:
        response = client_of("visitor").get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse(settings.LOGIN_URL))
    for who in ("contributor", "director"):
        client = client_of(who)
        assert [client.get(address).status_code for address in addresses] == [404, 404, 200]
        assert "Sample: to" not in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "reference", ["2026-999", "2026-1-corr1", "0000-1", "2026-01", "1", "2026-1-corr", "2026-٣", "2026-9999999999"]
)  # fmt: skip
def test_an_address_that_names_no_circular_is_not_there(client_of, circular, reference):
    assert client_of("focal_point").get(f"{LIST}{reference}/").status_code == 404


def test_drafts_and_what_waits_for_its_hour_are_in_no_list(client_of, secretariat, focal_point):
    draft = operations.draft_circular(by=secretariat, audience=FOCAL)
    waiting = operations.draft_circular(by=secretariat)
    operations.write_circular(
        waiting,
        by=secretariat,
        texts={"en": ("Sample tomorrow", "<p>Sample</p>")},
        audience=FOCAL,
        send_at=timezone.now() + timedelta(days=1),
        about=None,
    )
    waiting = operations.approve_circular(waiting, by=secretariat)
    assert waiting.state == Circular.State.QUEUED
    assert draft.get_absolute_url() == waiting.get_absolute_url() == ""
    for who in ("focal_point", "secretariat"):
        assert "No circular yet" in client_of(who).get(LIST).content.decode()


def test_a_new_focal_point_reads_it_and_a_former_one_still_does(client_of, circular, delegation, focal_point):
    focal_point.appointments.update(valid_to=date(2020, 1, 1))
    new = factories.UserFactory(name="Sample Successor")
    factories.DelegateFactory(user=new, delegation=delegation)
    page = client_of(new).get(circular.get_absolute_url()).content.decode()
    assert "Sample text for Sample Focal Point" in page
    assert "You read it in their place." in page
    assert opened(circular, focal_point) is None
    file = circular.files.get(title="Sample annex")
    saved: Any = client_of(new).get(file.get_absolute_url())
    assert b"".join(saved.streaming_content).startswith(b"%PDF")
    assert circular.get_absolute_url() in client_of(new).get(LIST).content.decode()
    # Who was addressed and has another role today, elsewhere even, reads what was addressed to them.
    factories.DelegateFactory(user=focal_point, role="reader")
    page = client_of(focal_point).get(circular.get_absolute_url()).content.decode()
    assert "Sample text for Sample Focal Point" in page
    assert "You read it in their place." not in page
    assert opened(circular, focal_point) is not None
    # A contributor was not addressed: their role was not.
    new.appointments.update(role="contributor")
    assert client_of(new).get(circular.get_absolute_url()).status_code == 404


def test_a_file_is_saved_and_never_run_and_none_of_another_circular(client_of, circular, secretariat, representative):
    client = client_of("focal_point")
    file = circular.files.get(title="Sample annex")
    response: Any = client.get(file.get_absolute_url())
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    other = factories.CircularFileFactory(circular=factories.CircularFactory())
    factories.CircularRecipientFactory(circular=other.circular, user=representative)
    draft = CircularFile.objects.get(
        pk=operations.attach_circular_file(
            operations.draft_circular(by=secretariat), by=secretariat, upload=factories.upload()
        ).pk
    )
    for pk in (other.pk, draft.pk, 0):
        address = reverse("members:read_circular_file", args=[circular.reference, pk])
        assert client.get(address).status_code == 404
    assert client.get(other.get_absolute_url()).status_code == 404
    response = client_of("representative").get(other.get_absolute_url())
    assert response.status_code == 200
    response.close()


def test_it_is_taken_along_as_a_paper(client_of, circular, focal_point):
    response = client_of("focal_point").get(reverse("members:export_circular_pdf", args=[circular.reference]))
    assert response.content.startswith(b"%PDF")
    assert "Circular 1-2026.pdf" in response["Content-Disposition"]
    assert opened(circular, focal_point) is not None


def test_a_correction_and_what_it_corrects_lead_to_each_other(client_of, circular, secretariat):
    correction = sent(secretariat, texts={"en": ("Sample corrected", "<p>Sample</p>")}, of=circular)
    client = client_of("focal_point")
    page = client.get(circular.get_absolute_url()).content.decode()
    assert "This text was corrected." in page
    assert correction.get_absolute_url() in page
    page = client.get(correction.get_absolute_url()).content.decode()
    assert "This text was corrected." not in page
    assert circular.get_absolute_url() in page
    assert "Corr.1" in page
    assert correction.symbol in client.get(LIST).content.decode()


def test_what_it_is_about_is_named_to_those_alone_for_whom_it_exists(client_of, secretariat, focal_point, monkeypatch):
    thing = things.Thing("sample", 1, lambda: "Sample <i>thing</i>", "/sample/")
    seen: set[str] = set()
    monkeypatch.setattr(things, "find", lambda kind, pk: thing if kind == "sample" else None)
    monkeypatch.setattr(things, "visible", lambda user, references: seen)
    circular = sent(secretariat, about=thing)
    client = client_of("focal_point")
    assert "Sample &lt;i&gt;thing" not in client.get(circular.get_absolute_url()).content.decode()
    seen.add(thing.reference)
    page = client.get(circular.get_absolute_url()).content.decode()
    assert 'href="/sample/"' in page
    assert "Sample &lt;i&gt;thing" in page


def test_a_text_that_was_changed_behind_the_record_is_told(client_of, circular):
    circular.texts.filter(language="en").update(body="<p>Sample forgery</p>")
    page = client_of("focal_point").get(circular.get_absolute_url()).content.decode()
    assert "no longer has the seal" in page
    assert "What is stored has this seal." not in page


def test_the_list_is_searched_by_words_number_and_year(client_of, focal_point):
    for year, number, subject in ((2025, 3, "Sample agenda"), (2026, 3, "Sample élection"), (2026, 4, "Sample note")):
        row = factories.CircularFactory(
            year=year, number=number, text__subject=subject, released_at=timezone.now() - timedelta(days=9 - number)
        )
        factories.CircularRecipientFactory(circular=row, user=focal_point)
    client = client_of("focal_point")

    def found(query: str) -> list[str]:
        entries = client.get(f"{LIST}?{query}").context["found"].entries
        return [entry.circular.reference for entry in entries]

    assert found("") == ["2026-4", "2026-3", "2025-3"]
    assert found("q=sample+agenda") == ["2025-3"]
    assert found("q=3") == ["2026-3", "2025-3"]
    assert found("q=3%2F2025") == ["2025-3"]
    assert found("year=2026&q=élection") == ["2026-3"]
    assert found("q=nowhere&year=2026") == []
    assert found("year=abc&page=99&q=%00") == ["2026-4", "2026-3", "2025-3"]


def test_as_many_queries_for_one_circular_as_for_thirty(client_of, focal_point):
    client = client_of("focal_point")
    factories.CircularRecipientFactory(user=focal_point, circular=factories.CircularFactory())
    few = queries(client, LIST)
    for _number in range(29):
        factories.CircularRecipientFactory(user=focal_point, circular=factories.CircularFactory())
    assert queries(client, LIST) == few <= 12
    circular = Circular.objects.latest("pk")
    assert queries(client, circular.get_absolute_url()) <= 12
