"""The sample site, loaded into the test's database."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group

from icoca_portal.sample.loading import load


@pytest.fixture
def sample_site(settings: Any, secretariat_group: Group) -> None:
    """The settings of a sample site, with nothing in it yet."""
    settings.SAMPLE_SITE = True
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def sample(sample_site: None) -> None:
    """The sample data, loaded once."""
    load()
