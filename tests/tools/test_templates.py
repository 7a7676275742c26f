"""Every template compiles, and none has what the Content-Security-Policy would stop."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR, "templates")
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file())
# A script of JSON is data: no browser runs it, and the policy does not concern it.
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+\s*=|javascript:|<script(?![^>]*\s(?:src|nonce)=)(?![^>]*type=.application/json)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("emails/")])
def test_it_has_no_inline_script_or_style(name):
    assert INLINE.findall((FOLDER / name).read_text()) == []


@pytest.mark.parametrize(
    "markup",
    ['<p style="x">', "<style>", "<a href='javascript:x'>", '<b onclick="x">', "<script>x</script>", "<SCRIPT type=a>"],
)
def test_inline_markup_would_be_seen(markup):
    assert INLINE.search(markup)
