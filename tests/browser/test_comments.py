"""The states of the silence procedure that no address of the table of access shows: open forms, and noted interventions
beside the text that is composed from them."""

import pytest

from meetings.models import Note
from tests.browser.looking import look
from tests.browser.test_every_page import see, world  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)


def test_forms_for_comments_and_answers_and_what_is_composed(see, world, request, secretariat):  # noqa: F811
    item = world.drafted.items.first()
    for name in ("delegation", "other_delegation"):
        Note.objects.create(
            item=item,
            kind=Note.Kind.QUESTION,
            delegation=request.getfixturevalue(name),
            text="whether Switzerland is asked too",
            noted_by=secretariat,
            changed_by=secretariat,
        )
    faults = []
    for who, address in (
        ("contributor", "/meetings/other/1/summary/comments/?on=1#say"),
        ("secretariat", f"/meetings/other/1/summary/comments/?answer={world.comment.pk}"),
        ("secretariat", f"/meetings/icoca/8/summary/compose/?item={item.pk}"),
        ("visitor", "/meetings/icoca/9/summary/?number=0"),
    ):
        page = see(who, address)
        faults += look(page, f"{address} for {who}")
        page.close()
    assert not faults, "\n".join(faults)
