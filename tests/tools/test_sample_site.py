"""The sample site keeps to its own database and key, and its reset asks first."""

import fcntl
import io
import stat

import dj_database_url
import pytest

from tools import reset_site, sample_site


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A sample site in a folder of its own, with a database and an uploaded file."""
    places = {
        "VAR": tmp_path,
        "DATABASE": tmp_path / "portal.sqlite3",
        "MEDIA": tmp_path / "media",
        "IN_USE": tmp_path / "in-use",
    }
    for name, place in places.items():
        monkeypatch.setattr(sample_site, name, place)
        monkeypatch.setattr(reset_site, name, place)
    monkeypatch.setattr(sample_site, "SECRET_KEY", tmp_path / "secret-key")
    (tmp_path / "portal.sqlite3").touch()
    (tmp_path / "portal.sqlite3-wal").touch()
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "paper.pdf").touch()
    return tmp_path


def answer(monkeypatch, text: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return reset_site.main()


@pytest.mark.parametrize("text", ["y\n", "Yes\n"])
def test_reset_deletes_database_and_files_after_a_yes(site, monkeypatch, text):
    key = sample_site.secret_key()
    assert answer(monkeypatch, text) == 0
    assert sorted(path.name for path in site.iterdir()) == ["in-use", "secret-key"]
    assert sample_site.secret_key() == key


@pytest.mark.parametrize("text", ["n\n", "\n", "", "yesterday\n"])
def test_reset_keeps_everything_without_a_yes(site, monkeypatch, capsys, text):
    assert answer(monkeypatch, text) == 0
    assert (site / "portal.sqlite3").exists()
    assert (site / "media" / "paper.pdf").exists()
    assert "Nothing was deleted." in capsys.readouterr().out


def test_reset_refuses_while_the_site_runs(site, monkeypatch, capsys):
    with (site / "in-use").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        assert answer(monkeypatch, "y\n") == 1
    assert (site / "portal.sqlite3").exists()
    assert "is running" in capsys.readouterr().err


def test_reset_without_a_site_asks_nothing(site, monkeypatch, capsys):
    answer(monkeypatch, "y\n")
    assert answer(monkeypatch, "y\n") == 0
    assert "There is no sample site to delete." in capsys.readouterr().out


def test_the_key_is_made_once_and_read_by_its_owner_alone(site):
    key = sample_site.secret_key()
    assert len(key) >= 50
    assert sample_site.secret_key() == key
    assert stat.S_IMODE((site / "secret-key").stat().st_mode) == 0o600


def test_the_settings_of_production_are_left_aside(site, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://production/portal")
    monkeypatch.setenv("SECRET_KEY", "production's")
    monkeypatch.setenv("MEDIA_ROOT", "/srv/portal")
    values = sample_site.environment(port=8000, debug=False)
    assert values["DATABASE_URL"] == sample_site.sqlite_url(site / "portal.sqlite3")
    assert values["SECRET_KEY"] == sample_site.secret_key()
    assert values["MEDIA_ROOT"] == str(site / "media")


def test_another_database_is_named_on_purpose(site, monkeypatch):
    monkeypatch.setenv("SAMPLE_DATABASE_URL", "postgresql:///trial")
    assert sample_site.environment(port=8000, debug=False)["DATABASE_URL"] == "postgresql:///trial"


def test_a_folder_may_have_any_name(tmp_path):
    path = tmp_path / "Été 100% #1?" / "portal.sqlite3"
    assert dj_database_url.parse(sample_site.sqlite_url(path))["NAME"] == str(path)
