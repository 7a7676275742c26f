"""What most tests of answering begin with; a file that needs something else has a fixture of the same name."""

from __future__ import annotations

import pytest

from members.models import Delegation
from questionnaires.models import Questionnaire, Response
from tests.questionnaires.answering import draft, make_questionnaire


@pytest.fixture
def questionnaire(db: None) -> Questionnaire:
    """Open, with a question of every kind."""
    return make_questionnaire()


@pytest.fixture
def response(questionnaire: Questionnaire, delegation: Delegation) -> Response:
    """The complete draft of ``ch``."""
    return draft(questionnaire, delegation)
