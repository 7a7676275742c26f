"""The locks install anywhere: every package with its hash, no address of an index."""

import re

import pytest

from tools.environment import lock_of
from tools.lock_requirements import ADDRESS


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_a_lock_names_no_address(name):
    assert not ADDRESS.search(lock_of(name).read_text())


@pytest.mark.parametrize(
    "line", ["--index-url https://index.example/simple", "x @ file:///tmp/x.whl", "--find-links /w"]
)
def test_an_address_would_be_seen(line):
    assert ADDRESS.search(f"django==5.2\n{line}\n")


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_every_package_has_a_hash(name):
    packages = re.split(r"^(?=[A-Za-z0-9])", lock_of(name).read_text(), flags=re.MULTILINE)[1:]
    assert packages
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_development_runs_on_the_versions_of_production():
    pins = {
        name: set(re.findall(r"^([A-Za-z0-9._\[\],-]+==\S+)", lock_of(name).read_text(), re.M))
        for name in ("runtime", "dev")
    }
    assert pins["runtime"] <= pins["dev"]
