"""Every setting, read once and typed. Nothing here branches on where it runs; the environment says what differs."""

from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from backend import env

# Where things live
MAATJE_DATA = env.folder("MAATJE_DATA", "data")
MAATJE_CREATE_KEYS = env.flag("MAATJE_CREATE_KEYS", default=True)
MAATJE_KEYS = env.text("MAATJE_KEYS", "")  # the keyring as JSON; empty: a file in the data folder
CHAT_SCREENER = "moderation.screener.Screener"  # looks at what is written, and may show its writer where to find help
CHAT_PLANNER = "meetings.planner.Planner"  # decides what becomes of meetings: `chat` may not import `meetings`, which stands above it
MEETINGS_QUIET = "notifications.reading.quiet.quiet_hours_of"  # when somebody wants no meeting: chosen with their notices, two apps above
CHAT_SAFETY = "moderation.safety.Safety"  # keeps flags, and questions to a professional: `moderation` stands above `chat` too
AUDIT_SIGNER = "privacy.blind_index.blind_index"  # what signs the audit log's end: `audit` may not import `privacy`, which stands beside it
BASE_DIR = env.ROOT

# Signs the sessions and forms of staff; devices do not depend on it.
SECRET_KEY = env.secret("MAATJE_SECRET_KEY", MAATJE_DATA / "secret-key", may_create=MAATJE_CREATE_KEYS)

# Who may talk to us
DEBUG = env.flag("MAATJE_DEBUG", default=False)
ALLOWED_HOSTS = env.words("MAATJE_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
MAATJE_ORIGINS = env.words("MAATJE_ORIGINS")
CSRF_TRUSTED_ORIGINS = [origin for origin in MAATJE_ORIGINS if origin.startswith("http")]
MAATJE_TRUSTED_PROXIES = env.number("MAATJE_TRUSTED_PROXIES", 0)
MAATJE_HTTPS = env.flag("MAATJE_HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if MAATJE_TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MAATJE_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SECURE_HSTS_SECONDS = 31_536_000 if MAATJE_HTTPS else 0
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"

# What `check --deploy` may not complain about, and why.
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other subdomains belong to the organisation, not to us
    "security.W008",  # the proxy redirects; behind it plain HTTP is right
    "security.W021",  # preloading is the organisation's decision, and hard to undo
]

INSTALLED_APPS = [
    "daphne",
    "backend.apps.BackendConfig",
    "web.apps.WebConfig",
    "console.apps.ConsoleConfig",
    "notifications.apps.NotificationsConfig",
    "moderation.apps.ModerationConfig",
    "meetings.apps.MeetingsConfig",
    "chat.apps.ChatConfig",
    "media.apps.MediaConfig",
    "programmes.apps.ProgrammesConfig",
    "accounts.apps.AccountsConfig",
    "live.apps.LiveConfig",
    "audit.apps.AuditConfig",
    "privacy.apps.PrivacyConfig",
    "core.apps.CoreConfig",
    "channels",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "web.views.lean_headers",  # outermost: it takes away what the others add
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "backend.urls"
ASGI_APPLICATION = "backend.asgi.application"
APPEND_SLASH = False

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "backend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.staff_sign_in.passkeys.offered",
            ],
            "libraries": {"marks": "console.marks"},
        },
    },
]

# The database is the truth: SQLite that survives a power cut, or PostgreSQL with a pool (ASGI may not hold connections).
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}
_POSTGRES = {
    "pool": {"min_size": 1, "max_size": env.number("MAATJE_DATABASE_POOL", 16, least=4), "timeout": 10},
    "prepare_threshold": 5,  # the few statements of the send path are planned once; Django leaves this off
    "options": "-c statement_timeout=15s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s",
}
_database: dict[str, Any] = env.database(f"sqlite:///{MAATJE_DATA / 'maatje.sqlite3'}")
_is_sqlite = _database["ENGINE"].endswith("sqlite3")
_database["OPTIONS"] = {**_database.get("OPTIONS", {}), **(_SQLITE if _is_sqlite else _POSTGRES)}
_database["CONN_MAX_AGE"] = None if _is_sqlite else 0  # a pool and persistent connections exclude each other
_database["CONN_HEALTH_CHECKS"] = True
DATABASES: dict[str, Any] = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The layer only carries hints between processes; without REDIS_URL there is one process and nothing to carry.
REDIS_URL = env.text("REDIS_URL", "")
CHANNEL_LAYERS: dict[str, Any] = (
    {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 15, "socket_connect_timeout": 1}], "prefix": "maatje"},
        },
    }
    if REDIS_URL
    else {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
)

# Failed sign-ins and used one-time codes of staff are counted here, for all processes together; nothing of devices is.
CACHES: dict[str, Any] = (
    {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "maatje-staff",
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
        }
    }
    if REDIS_URL
    else {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
)

# Live limits; docs/protocol.md names each, the tests read them from here.
MAATJE_COMMANDS_PER_SECOND = env.decimal("MAATJE_COMMANDS_PER_SECOND", 10)
MAATJE_COMMANDS_BURST = env.number("MAATJE_COMMANDS_BURST", 60, least=1)
MAATJE_TEXT_BYTES_PER_SECOND = env.decimal("MAATJE_TEXT_BYTES_PER_SECOND", 200)  # of one person: others pay for what they are sent
MAATJE_TEXT_BYTES_BURST = env.number("MAATJE_TEXT_BYTES_BURST", 65_536, least=8_000)
MAATJE_ACK_WINDOW = env.number("MAATJE_ACK_WINDOW", 64, least=1)
MAATJE_ACK_TIMEOUT = env.decimal("MAATJE_ACK_TIMEOUT", 30)
MAATJE_SWEEP_SECONDS = env.decimal("MAATJE_SWEEP_SECONDS", 2)
MAATJE_DRAIN_LEAD = env.decimal("MAATJE_DRAIN_LEAD", 0.5)  # seconds between "not ready" and the first goodbye; as often as the proxy looks
MAATJE_DRAIN_SECONDS = env.decimal("MAATJE_DRAIN_SECONDS", 10)
MAATJE_SOCKETS_PER_PERSON = env.number("MAATJE_SOCKETS_PER_PERSON", 10, least=1)
MAATJE_SOCKET_HOURS = env.decimal("MAATJE_SOCKET_HOURS", 6)
MAATJE_HEARTBEAT_SECONDS = env.number("MAATJE_HEARTBEAT_SECONDS", 240, least=10)

# Photos and voice notes
MAATJE_MEDIA_QUOTA_MB = env.number("MAATJE_MEDIA_QUOTA_MB", 20)  # of each circle, as kept; 0: none are taken
MAATJE_UPLOAD_BYTES = 256 * 1024  # of one photo or voice note; all other bodies: DATA_UPLOAD_MAX_MEMORY_SIZE

MAATJE_METRICS_TOKEN = env.text("MAATJE_METRICS_TOKEN", "")  # empty: /metrics answers this machine alone

# Enrolment
MAATJE_PUBLIC_URL = env.text("MAATJE_PUBLIC_URL", "")
MAATJE_CLASSIFIER_URL = env.text("MAATJE_CLASSIFIER_URL", "")  # who is asked about messages, where an organisation wants it; empty: nobody
MAATJE_ATTEMPTS_PER_CODE = env.number("MAATJE_ATTEMPTS_PER_CODE", 5, least=1)
MAATJE_ATTEMPTS_PER_ADDRESS = env.number("MAATJE_ATTEMPTS_PER_ADDRESS", 30, least=1)

# Notices: without any of these, what would be sent is said on the console (SQLite), or waits until it expires.
MAATJE_WORKER_INSIDE = env.flag("MAATJE_WORKER_INSIDE", default=_is_sqlite)  # the server does what else `manage.py worker` does
MAATJE_NOTICES_CONSOLE = env.flag("MAATJE_NOTICES_CONSOLE", default=_is_sqlite)
MAATJE_FCM_CREDENTIALS = env.text("MAATJE_FCM_CREDENTIALS", "")  # a path
MAATJE_VAPID_KEY = env.text("MAATJE_VAPID_KEY", "")  # empty: one that follows from the keyring
MAATJE_PUSH_HOSTS = env.words("MAATJE_PUSH_HOSTS")  # push services beside those of the known browsers
MAATJE_SMS_URL = env.text("MAATJE_SMS_URL", "")
MAATJE_SMS_HEADERS = env.table("MAATJE_SMS_HEADERS")
MAATJE_SMS_BODY = env.text("MAATJE_SMS_BODY", "")
MAATJE_SMS_GONE = env.words("MAATJE_SMS_GONE")  # what the gateway says of a number that does not exist
MAATJE_SMPP_URL = env.text("MAATJE_SMPP_URL", "")  # smpp://system-id:password@host:2775
MAATJE_SMPP_SENDER = env.text("MAATJE_SMPP_SENDER", "")
EMAIL_URL = env.text("EMAIL_URL", "")
globals().update(env.mail("EMAIL_URL"))  # EMAIL_HOST and so on, as Django wants them
MAATJE_ANYMAIL = env.text("MAATJE_ANYMAIL", "")  # the name of a provider, instead of EMAIL_URL
ANYMAIL = env.table("MAATJE_ANYMAIL_SETTINGS")
if MAATJE_ANYMAIL:
    EMAIL_BACKEND = f"anymail.backends.{MAATJE_ANYMAIL}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "")
_subject = (
    f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}"
    if DEFAULT_FROM_EMAIL
    else MAATJE_PUBLIC_URL
    if MAATJE_PUBLIC_URL.startswith("https:")
    else ""
)
MAATJE_VAPID_SUBJECT = env.text("MAATJE_VAPID_SUBJECT", _subject)  # whom a push service can reach about us

# People, staff and devices
AUTH_USER_MODEL = "accounts.Person"
KNOX_TOKEN_MODEL = "accounts.Device"  # noqa: S105  # a model, not a secret
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "email"]},
    },
]
ACCOUNT_ADAPTER = "accounts.staff_sign_in.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False  # an office computer forgets who sat there
MFA_ADAPTER = "accounts.staff_sign_in.adapters.SecondFactorAdapter"
ACCOUNT_FORMS = {"change_password": "accounts.staff_sign_in.forms.ChoosePasswordForm"}
MFA_FORMS = {"activate_totp": "accounts.staff_sign_in.forms.SealedActivateTOTPForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]  # passkeys where they work: accounts/staff_sign_in/passkeys.py
MFA_TOTP_ISSUER = "Maatje"
MFA_TOTP_TOLERANCE = 1  # phones whose clock is half a minute off
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_start"
REST_KNOX = {"TOKEN_TTL": timedelta(days=180), "AUTO_REFRESH": False, "TOKEN_PREFIX": "mtj_", "SECURE_HASH_ALGORITHM": "hashlib.sha256"}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.DeviceAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["accounts.pace.DevicePace"],
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Maatje",
    "DESCRIPTION": "The same commands as the websocket, over plain HTTP. See docs/protocol.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "chat.schemas.require_bodies"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AddressKindEnum": "notifications.models.AddressKind",
        "NoticeKindEnum": "notifications.models.NoticeKind",
        "StatementKindEnum": "moderation.words.StatementKind",
        "CircleKindEnum": "programmes.states.CircleKind",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],  # blob: a photo that was just taken, before it is sent
        "media-src": ["'self'", "data:", "blob:"],  # blob: a voice note that was just recorded, or is played
        "font-src": ["'self'"],
        "connect-src": ["'self'"],  # the page's own socket too (CSP 3); a browser that thinks otherwise posts to /lite
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}

# Words and time
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English"), ("tr", "Türkçe"), ("ar", "العربية")]
TIME_ZONE = "UTC"  # what a person sees follows their own zone; the wire is UTC everywhere
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("MAATJE_STATIC", "staticfiles")
WHITENOISE_USE_FINDERS = env.flag("MAATJE_STATIC_FINDERS", default=True)

# Logs hold ids and codes, never content.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.line_formatter"}},
    "filters": {"brief": {"()": "core.logs.Brief"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["brief"]}},
    "root": {"handlers": ["stderr"], "level": env.text("MAATJE_LOG_LEVEL", "INFO")},
    "loggers": {
        "daphne": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "uvicorn.error": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
    },
}
