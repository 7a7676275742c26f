"""Production refuses to start with a missing or unsafe setting, and says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = {
    "SECRET_KEY": "fifty-letters-and-more-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "portal.sample.example",
    "EMAIL_URL": "submission://user:word@mail.sample.example:587",
    "DATABASE_URL": "sqlite:///:memory:",
}


def start(**changed: str | None) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own, with nothing of this one's environment but the path."""
    environment = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", "import icoca_portal.settings"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_good_settings_start():
    assert start().returncode == 0, start().stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set. Give it at least 50 random characters"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too weak"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set. Name the host"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"EMAIL_URL": None}, "EMAIL_URL is not set. Name the mail server"),
        ({"EMAIL_URL": "carrier-pigeon://roof"}, "EMAIL_URL is not readable"),
        ({"ANYMAIL_PROVIDER": "postmark"}, "EMAIL_URL and ANYMAIL_PROVIDER are both set"),
        ({"ANYMAIL_PROVIDER": "pigeons", "EMAIL_URL": None}, 'Environment variable "ANYMAIL_PROVIDER" invalid'),
        ({"ANYMAIL": "[]"}, "ANYMAIL must be an object in JSON"),
        ({"ANYMAIL_WEBHOOK_SECRET": "user:short"}, "ANYMAIL_WEBHOOK_SECRET must be user:password, at least 24"),
        ({"RETURN_MAILBOX_URL": "pop3://user:word@host"}, "RETURN_MAILBOX_URL is not readable: it begins with imaps"),
        ({"RETURN_MAILBOX_URL": "imaps://host"}, "RETURN_MAILBOX_URL is not readable: it names a host, a user"),
        ({"DATABASE_URL": "mysql://user@host/name"}, "DATABASE_URL must name SQLite or PostgreSQL"),
        ({"DEBUG": "true"}, "DEBUG shows settings and data to everybody"),
        ({"SECURE_HTTPS": "false"}, "SECURE_HTTPS=false sends passwords in clear"),
        ({"API_REQUESTS_PER_MINUTE": "-1"}, 'Environment variable "API_REQUESTS_PER_MINUTE" invalid'),
        ({"MAIL_RETURN_ADDRESS": "Bounces <bounces@portal.example>"}, "MAIL_RETURN_ADDRESS is not usable"),
        ({"MAIL_ATTACHMENTS_LIMIT": "10 MB"}, 'Environment variable "MAIL_ATTACHMENTS_LIMIT" invalid'),
        ({"CIRCULARS_FOUR_EYES": "perhaps"}, 'Environment variable "CIRCULARS_FOUR_EYES" invalid'),
        ({"STAFF_SECOND_FACTOR": "false"}, "STAFF_SECOND_FACTOR can be switched off in the sample site only"),
        (
            {"SAMPLE_SITE": "true", "DATABASE_URL": "postgres://user@localhost/registry"},
            "never run it over real data",
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_a_missing_or_unsafe_setting_stops_the_start(changed, said):
    ended = start(**changed)
    assert ended.returncode != 0
    assert said in ended.stderr


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "The portal does not start: SECRET_KEY is not set."),
        ({**GOOD, "LOG_FORMAT": "verse"}, 'The portal does not start: Environment variable "LOG_FORMAT" invalid'),
        (
            {**GOOD, "EMAIL_URL": "", "ANYMAIL_PROVIDER": "postmark"},
            "The portal does not start: Mail cannot go through postmark: You must set ANYMAIL",
        ),
        ({**GOOD, "DEBUG": "perhaps"}, 'The portal does not start: Environment variable "DEBUG" invalid'),
    ],
)
def test_the_command_line_says_it_in_one_line(environment, said):
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(said)
    assert "Traceback" not in ended.stderr
