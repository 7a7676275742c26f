"""Loading: all or nothing, on a sample site alone, and again without doubling or overwriting anything."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from icoca_portal.lib.days import geneva, today
from icoca_portal.outbox.models import Message
from icoca_portal.sample import loading, plan
from icoca_portal.sample.accounts import focal_point_of
from meetings.models import FollowUp, Meeting, Office
from members import operations as people
from members.models import Delegate, Organisation, User
from questionnaires import operations
from questionnaires.changes import Change
from questionnaires.models import Answer, Questionnaire, Response
from tests import factories


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, by table."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: list(model._base_manager.order_by("pk").values()) for model in models}


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def run() -> str:
    output = StringIO()
    call_command("load_sample", stdout=output)
    return output.getvalue()


def test_second_run_adds_and_changes_nothing(sample_site: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # other tests of the same run store files at the same time
    said = run()
    assert said == (
        "Sample data loaded: 27 accounts, 62 participants, 170 organisations of the registry, 13 exchanges, "
        "3 guidance, reviews and workshops, 2 questionnaires, 27 responses, 2 circulars.\n"
    )
    before, stored = everything(), files(tmp_path)
    assert len(stored) == 18
    assert run() == "The sample data is there; nothing was added.\n"
    assert everything() == before
    assert files(tmp_path) == stored


def test_what_users_changed_stays_as_they_left_it(sample: None) -> None:
    secretary = User.objects.get(email="secretariat@sample.example")
    Organisation.objects.filter(code="PT").update(name="Sample Renamed State", slug="sample-renamed-state")
    Meeting.objects.filter(number=9).update(title="Sample title of a user", date=today())
    FollowUp.objects.filter(meeting__number=9).update(state=FollowUp.State.DONE)
    User.objects.filter(email="reader.ch@sample.example").update(name="Sample Other Name", language="fr", password="!")
    people.end_appointment(Delegate.objects.get(user__email="contributor.se@sample.example"), by=secretary)
    people.close_account(User.objects.get(email="focal.no@sample.example"), by=secretary)
    Office.objects.update(valid_to=today())
    questionnaire = Questionnaire.objects.get(slug=plan.SLUG)
    answer = Answer.objects.get(
        response__questionnaire=questionnaire,
        response__delegation__organisation__code="SE",
        question__text__contains="easier",
    )
    change = Change(answer.question_id, "Sample text of a user", answer.version)
    operations.save_answer(questionnaire, answer.response.delegation, change, by=focal_point_of("se"))
    before = everything()
    run()
    assert everything() == before


def test_refuses_on_a_site_that_is_no_sample_site(db: None) -> None:
    before = everything()
    with pytest.raises(CommandError, match="SAMPLE_SITE is off"):
        call_command("load_sample")
    assert everything() == before


@pytest.mark.parametrize("address", ["somebody@ministry.org", "somebody@example.org", "somebody@sample.example.org"])
def test_refuses_where_people_are_not_of_the_sample(sample_site: None, address: str) -> None:
    factories.UserFactory(email=address)
    before = everything()
    with pytest.raises(CommandError, match="1 people who are not of the sample"):
        call_command("load_sample")
    assert everything() == before


def test_a_load_that_fails_leaves_nothing(sample_site: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError("the disk is full")

    before = everything()
    monkeypatch.setattr(plan, "load", fail)
    with pytest.raises(OSError, match="the disk is full"):
        call_command("load_sample")
    assert everything() == before


def test_deadline_that_has_passed_is_moved_and_those_who_have_not_submitted_are_told(sample: None) -> None:
    deadline = Questionnaire.objects.get(slug=plan.SLUG).deadline
    with time_machine.travel(deadline + timedelta(seconds=1)):
        told = Message.objects.count()
        said = run()
        moved = Questionnaire.objects.get(slug=plan.SLUG).deadline
        assert moved > timezone.now()
        assert f"it is now {moved.astimezone(geneva()):%A}" in said
        new = Message.objects.order_by("pk")[told:]
        recipients = {message.recipient for message in new}
        assert "focal.se@sample.example" in recipients
        assert "focal.ch@sample.example" not in recipients
        assert run() == "The sample data is there; nothing was added.\n"


def test_a_questionnaire_that_was_closed_stays_closed(sample: None) -> None:
    questionnaire = Questionnaire.objects.get(slug=plan.SLUG)
    operations.close_questionnaire(questionnaire, by=User.objects.get(email="secretariat@sample.example"))
    with time_machine.travel(questionnaire.deadline + timedelta(days=1)):
        before = everything()
        run()
        assert everything() == before
    assert Response.objects.filter(questionnaire=questionnaire).count() == 13


def test_a_site_in_use_only_keeps_its_questionnaire_open(sample: None) -> None:
    questionnaire = Questionnaire.objects.get(slug="strategic-plan-2018")
    assert not loading.keep_open()
    User.objects.create_user("guest@elsewhere.org", name="Sample Guest")
    with time_machine.travel(questionnaire.deadline + timedelta(days=1), tick=False):
        assert loading.keep_open()
        assert Questionnaire.objects.get(pk=questionnaire.pk).takes_answers
