"""The sample site, loaded once for the tests of a class: each of them reads it, and what it changes is undone."""

from __future__ import annotations

from django.test import TestCase, override_settings

from icoca_portal.sample.loading import load


@override_settings(SAMPLE_SITE=True, STAFF_SECOND_FACTOR=False)
class SampleSite(TestCase):
    """A test case on the loaded sample site."""

    @classmethod
    def setUpTestData(cls) -> None:
        load()
