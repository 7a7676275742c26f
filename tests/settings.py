"""The settings the tests run with: the portal's own, on a database and folders of this run alone.

TESTS_ON chooses the database: ``sqlite`` (the default), ``postgresql`` (a server started for this run), or the URL of a
PostgreSQL server. What protects the portal stays as in production, but for https, which the test client does not speak.
"""

import os
from pathlib import Path

from tools.postgres import database_url, temporary_base
from tools.sample_site import sqlite_url

# Set once by the process that starts the run; its parallel workers inherit it.
RUN = os.environ.setdefault("PORTAL_TEST_RUN", str(temporary_base() / f"portal-tests-{os.getpid()}"))
TESTS_ON = os.environ.setdefault("TESTS_ON", "sqlite")
if TESTS_ON == "sqlite":
    _url = sqlite_url(Path(RUN, "portal.sqlite3"))
elif TESTS_ON == "postgresql":
    _url = database_url(Path(RUN, "postgresql"))
else:
    _url = TESTS_ON

os.environ.update(
    {
        "DATABASE_URL": _url,
        "TEST_DATABASE": f"{RUN}/test.sqlite3",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "MEDIA_ROOT": f"{RUN}/media",
        "STATIC_ROOT": f"{RUN}/static",
        "DEBUG": "false",
        "SAMPLE_SITE": "false",
        "SECURE_HTTPS": "false",
        "EMAIL_URL": "memory://",
        "LOG_FORMAT": "plain",
        "LOG_LEVEL": "WARNING",
        "API_REQUESTS_PER_MINUTE": "0",
    }
)
for name in ("PORTAL_ADDRESS", "CSRF_TRUSTED_ORIGINS", "MEDIA_STORAGE", "STAFF_SECOND_FACTOR", "PROXY_COUNT"):
    os.environ.pop(name, None)
for name in ("ANYMAIL", "ANYMAIL_PROVIDER", "ANYMAIL_WEBHOOK_SECRET", "RETURN_MAILBOX_URL"):
    os.environ.pop(name, None)

from icoca_portal.settings import *  # noqa: E402, F403
from icoca_portal.settings import STORAGES  # noqa: E402

# A slow hash protects stolen passwords; here it would only slow every sign-in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The files are served from where they are; nothing is collected.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
