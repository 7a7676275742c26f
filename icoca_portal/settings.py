"""The portal's settings: one module, read from the environment, safe by default.

Nothing unsafe has a default. A missing or unsafe value stops the start with a sentence that says what to set.
`README.md` holds the table of settings; `docs/operating.md` says how to run the portal.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlparse

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError, validate

from icoca_portal import logs
from icoca_portal.outbox import mailboxes

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def required(name: str, hint: str) -> str:
    """The value of an environment variable that has no safe default, or a stop that says what to do."""
    value = env.str(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint} (README.md, “Going to production”.)")
    return value


# What kind of site this is
# The sample site is what `make run` starts: invented people, one known password, mail that never leaves.
SAMPLE_SITE = env.bool("SAMPLE_SITE", False)
DEBUG = env.bool("DEBUG", False)
# False only where the portal is reached by plain http on the same machine (`make run`, `make dev`).
SECURE_HTTPS = env.bool("SECURE_HTTPS", True)

SECRET_KEY = required("SECRET_KEY", "Give it at least 50 random characters and keep it secret.")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure"):
    raise ImproperlyConfigured("SECRET_KEY is too weak. Give it at least 50 random characters.")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])

ALLOWED_HOSTS = [
    host.strip()
    for host in required("ALLOWED_HOSTS", "Name the host or hosts of the portal, with commas between.").split(",")
    if host.strip()
]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of the portal; “*” would let any name in.")
if DEBUG and not SAMPLE_SITE:
    raise ImproperlyConfigured(
        "DEBUG shows settings and data to everybody. It can be switched on in the sample site only."
    )
if not SECURE_HTTPS and not set(ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]", "testserver"}:
    raise ImproperlyConfigured(
        "SECURE_HTTPS=false sends passwords in clear. It is for this machine alone (ALLOWED_HOSTS=localhost,127.0.0.1)."
    )
# The address under which people reach the portal; used in mail, receipts and calendar files.
PORTAL_ADDRESS = env.str("PORTAL_ADDRESS", f"{'https' if SECURE_HTTPS else 'http'}://{ALLOWED_HOSTS[0]}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [PORTAL_ADDRESS] if SECURE_HTTPS else [])
if SAMPLE_SITE and env.str("DATABASE_URL", "").startswith("postgres") and not env.bool("SAMPLE_ON_POSTGRES", False):
    raise ImproperlyConfigured(
        "SAMPLE_SITE is on while DATABASE_URL names a PostgreSQL server. The sample site has a known password: "
        "never run it over real data. Set SAMPLE_ON_POSTGRES=true if that server holds nothing else."
    )

INSTALLED_APPS = [
    "icoca_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "rules.apps.AutodiscoverRulesConfig",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_countries",
    "django_htmx",
    "django_prose_editor",
    "simple_history",
    "csp",
    "icoca_portal",
    "icoca_portal.outbox",
    "icoca_portal.sample",
    "members",
    "meetings",
    "questionnaires",
]

MIDDLEWARE = [
    "icoca_portal.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "icoca_portal.middleware.PermissionsPolicyMiddleware",
    # Outside of sessions and languages, which the API has none of.
    "members.api.middleware.PublicApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "icoca_portal.lib.parking.ParkingMiddleware",
    "icoca_portal.lib.idling.IdlingMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "members.middleware.StandingMiddleware",
    "members.middleware.ReaderMiddleware",
    "members.middleware.SecondFactorMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "icoca_portal.urls"
WSGI_APPLICATION = "icoca_portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "icoca_portal.context_processors.portal",
            ],
        },
    },
]

# Database: SQLite by default, PostgreSQL by DATABASE_URL. Every connection has time-outs (one without
# them hung a worker); SQLite in WAL with IMMEDIATE transactions, without which parallel writes fail.
if not env.str("DATABASE_URL", ""):
    (BASE_DIR / "var").mkdir(exist_ok=True)
try:
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'var' / 'portal.sqlite3'}")}
except (EnvError, ValueError) as error:
    raise ImproperlyConfigured(
        f"DATABASE_URL is not readable: {error}. Write it as postgres://user:password@host:5432/name "
        "or sqlite:////absolute/path/portal.sqlite3."
    ) from error
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA recursive_triggers=ON;",
    }
    # A file, not memory: the browser tests' server reads it from another thread.
    _database["TEST"] = {"NAME": env.str("TEST_DATABASE", f"{_database['NAME']}.test")}
    _database["CONN_MAX_AGE"] = None
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "connect_timeout": 5,
        "options": "-c statement_timeout=20000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
        "tcp_user_timeout": 10000,
    }
    _database["CONN_MAX_AGE"] = env.int("DATABASE_CONNECTION_SECONDS", 60)
    _database["CONN_HEALTH_CHECKS"] = True
else:
    raise ImproperlyConfigured("DATABASE_URL must name SQLite or PostgreSQL.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media-is-served-through-views/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
STORAGES = {
    # MEDIA_STORAGE names another Django storage (django-storages holds those of the cloud providers).
    "default": {
        "BACKEND": env.str("MEDIA_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json("MEDIA_STORAGE_OPTIONS", {}),
    },
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# People and sign-in
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "members.backends.PersonBackend",
    "members.backends.AddressBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "members.adapter.PortalAccountAdapter"
ACCOUNT_FORMS = {
    "login": "members.account_forms.LoginForm",
    "reset_password": "members.account_forms.ResetPasswordForm",
    "reset_password_from_key": "members.account_forms.ResetPasswordKeyForm",
    "change_password": "members.account_forms.ChangePasswordForm",
    "set_password": "members.account_forms.SetPasswordForm",
    "reauthenticate": "members.account_forms.ReauthenticateForm",
    "request_login_code": "members.account_forms.RequestLoginCodeForm",
    "confirm_login_code": "members.account_forms.ConfirmLoginCodeForm",
}
ACCOUNT_SESSION_REMEMBER = True  # As long as SESSION_COOKIE_AGE says; nobody is asked.
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # Nobody can make the portal write to strangers.
PASSWORD_RESET_TIMEOUT = 7 * 86400  # An invitation is such a link; people travel.
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # django-axes counts these, with its log in the admin.
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "members.account_forms.AuthenticateForm",
    "reauthenticate": "members.account_forms.ReauthenticateCodeForm",
    "activate_totp": "members.account_forms.ActivateTOTPForm",
    "add_webauthn": "members.account_forms.AddWebAuthnForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "ICoCA Working Group"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE_HTTPS
# Staff without a second factor are sent to set one up. Only the sample site may switch this off.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", not SAMPLE_SITE)
if not STAFF_SECOND_FACTOR and not SAMPLE_SITE:
    raise ImproperlyConfigured("STAFF_SECOND_FACTOR can be switched off in the sample site only.")
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.5  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "members.signing_in.username_of"
AXES_LOCKOUT_CALLABLE = "members.signing_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "members.signing_in.client_address"
AXES_VERBOSE = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", 0)

# The public API: how often it may be asked from one address; 0 is without limit. docs/decisions/api.md
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 60, validate=validate.Range(min=0))

# Sessions, cookies, transport
SESSION_ENGINE = "icoca_portal.lib.sessions"
# Counted from the last act of the person; see icoca_portal.lib.idling.
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", 8 * 3600)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False  # The autosave script reads the token after sign-in has rotated it.
CSRF_FAILURE_VIEW = "icoca_portal.lib.parking.csrf_failure"
SECURE_SSL_REDIRECT = SECURE_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31536000 if SECURE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        # The hash is that of the one style element that the rich-text editor of the admin injects.
        "style-src": [SELF, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
    "midi=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
)

# Mail: queued in the outbox, sent by `manage.py send_mail` through a mail server (EMAIL_URL) or a provider that
# django-anymail knows (ANYMAIL_PROVIDER, with the provider's own settings in ANYMAIL).
_providers = "brevo mailersend mailgun mailjet mailtrap mandrill postal postmark resend scaleway sparkpost unisender_go"
ANYMAIL_PROVIDER = env.str("ANYMAIL_PROVIDER", "", validate=validate.OneOf(["", *_providers.split()]))
ANYMAIL = env.json("ANYMAIL", {})
if not isinstance(ANYMAIL, dict):
    raise ImproperlyConfigured('ANYMAIL must be an object in JSON, for example {"POSTMARK_SERVER_TOKEN": "…"}.')
ANYMAIL.setdefault("REQUESTS_TIMEOUT", 15)
# user:password with which the provider tells of returned mail at /outbox/provider/…; without it the address is closed.
ANYMAIL_WEBHOOK_SECRET = env.str("ANYMAIL_WEBHOOK_SECRET", "") or ANYMAIL.pop("WEBHOOK_SECRET", "")
if ANYMAIL_WEBHOOK_SECRET and (ANYMAIL_WEBHOOK_SECRET.count(":") != 1 or len(ANYMAIL_WEBHOOK_SECRET) < 24):
    raise ImproperlyConfigured("ANYMAIL_WEBHOOK_SECRET must be user:password, at least 24 characters long.")
if SAMPLE_SITE:
    EMAIL_BACKEND, ANYMAIL_PROVIDER = "icoca_portal.outbox.backends.KeepBackend", ""
elif ANYMAIL_PROVIDER:
    if env.str("EMAIL_URL", ""):
        raise ImproperlyConfigured("EMAIL_URL and ANYMAIL_PROVIDER are both set. Mail goes one way: unset one of them.")
    EMAIL_BACKEND = f"anymail.backends.{ANYMAIL_PROVIDER}.EmailBackend"
else:
    required("EMAIL_URL", "Name the mail server, for example submission://user:password@mail.example.org:587.")
    try:
        _mail = env.dj_email_url("EMAIL_URL")
        EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    except (EnvError, ValueError, KeyError) as error:
        raise ImproperlyConfigured(
            f"EMAIL_URL is not readable: {error}. Write it as submission://user:password@mail.example.org:587."
        ) from error
    EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST", "localhost"), _mail.get("EMAIL_PORT", 25)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER", ""), _mail.get("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
    if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
        EMAIL_BACKEND = "icoca_portal.outbox.backends.RelayBackend"
EMAIL_TIMEOUT = 15
SECRETARIAT_EMAIL = env.str("SECRETARIAT_EMAIL", f"secretariat@{urlparse(PORTAL_ADDRESS).hostname}")
# The envelope sender: where mail that cannot be delivered comes back to, one address a message (outbox/returning.py).
MAIL_RETURN_ADDRESS = env.str("MAIL_RETURN_ADDRESS", "").strip()
if MAIL_RETURN_ADDRESS and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,29}@[A-Za-z0-9.-]+", MAIL_RETURN_ADDRESS):
    raise ImproperlyConfigured(
        f"MAIL_RETURN_ADDRESS is not usable: {MAIL_RETURN_ADDRESS!r}. Write it as bounces@portal.example.org, with at "
        "most 30 characters before the @; the portal puts the number of the message after a +."
    )
# The mailbox to which that mail comes, read by the worker (outbox/returned_mail.py); empty: returned mail is not read.
RETURN_MAILBOX_URL = env.str("RETURN_MAILBOX_URL", "").strip()
if RETURN_MAILBOX_URL:
    try:
        mailboxes.Address.of(RETURN_MAILBOX_URL)
    except ValueError as error:
        raise ImproperlyConfigured(f"RETURN_MAILBOX_URL is not readable: {error}.") from None
# How many bytes the files of one mail may have together; a mail is a third larger than its files, and many servers
# refuse mails over 20 MB.
MAIL_ATTACHMENTS_LIMIT = env.int("MAIL_ATTACHMENTS_LIMIT", 10 * 1024 * 1024, validate=validate.Range(min=0))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"ICoCA Working Group <{SECRETARIAT_EMAIL}>")

# Circulars: whether a colleague who did not write a circular has to approve it before it is sent.
CIRCULARS_FOUR_EYES = env.bool("CIRCULARS_FOUR_EYES", False)

# Language and time. Moments are stored in UTC; Geneva is the place of the group, readers see their own zone beside it.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Zurich"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["icoca_portal.formats"]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
COUNTRIES_OVERRIDE = {"US": _("United States of America")}
SIMPLE_HISTORY_REVERT_DISABLED = True
SILENCED_SYSTEM_CHECKS: list[str] = []

# Logs: one JSON line a record, with the id of the request; LOG_FORMAT=plain for people.
LOGGING = logs.configuration(
    env.str("LOG_FORMAT", "json", validate=validate.OneOf(["json", "plain"])),
    env.str("LOG_LEVEL", "INFO"),
    "django",
    "django.server",
)
