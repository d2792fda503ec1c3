"""Settings, all from the environment (`PLIEGO_*`, `DATABASE_URL`). `pliego config show` prints what is in force."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]


def env(name: str, default: str = "") -> str:
    return os.environ.get(f"PLIEGO_{name}", default)


def flag(name: str, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "si"}


# ---- what kind of installation this is -----------------------------------------------------------------------------
PLIEGO_MODE = env("MODE", "practice")  # "practice" (demo, training, tests) or "production"
PLIEGO_PRACTICE = PLIEGO_MODE == "practice"
PLIEGO_VAR = Path(env("VAR", str(ROOT / "var"))).resolve()  # everything this installation keeps on disk
PLIEGO_SITE_URL = env("SITE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip(
    "/"
)  # passkeys need a name
PLIEGO_OCID_PREFIX = env("OCID_PREFIX", "ocds-pl1ego")
PLIEGO_OPERATOR = env("OPERATOR", "Pliego, instalación de práctica" if PLIEGO_PRACTICE else "")
PLIEGO_SKIN = env("SKIN", "neutral")
PLIEGO_SIGNING = (
    "pliego.accounts.signing.sign"  # who turns a second factor into a Signature (web asks, accounts answers)
)
PLIEGO_KEEPING = "pliego.documents.receiving.keep"  # who keeps a file that came with a form that was refused
PLIEGO_PRINT_MESSAGES = flag("PRINT_MESSAGES")

DEMO_SECRET = "demo-secret-not-for-production-" + "0" * 20
SECRET_KEY = env("SECRET_KEY", DEMO_SECRET)
DEBUG = False
ALLOWED_HOSTS = [h for h in env("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in env("TRUSTED_ORIGINS").split(",") if o]


def demo_settings_in_force() -> list[str]:
    """The settings that are good for a demo only; production refuses to start while the list is not empty."""
    faults = []
    if SECRET_KEY == DEMO_SECRET:
        faults.append("PLIEGO_SECRET_KEY is the demo's: set a long random one")
    if "DATABASE_URL" not in os.environ:
        faults.append("DATABASE_URL is not set: the embedded database is for the demo")
    if not PLIEGO_SITE_URL.startswith("https://"):
        faults.append("PLIEGO_SITE_URL must be an https:// address")
    if "PLIEGO_SMTP_URL" not in os.environ:
        faults.append("PLIEGO_SMTP_URL is not set: mail would go to the demo's catching server")
    if not PLIEGO_OPERATOR:
        faults.append("PLIEGO_OPERATOR is not set: the footer must say who runs the platform")
    return faults


if PLIEGO_MODE not in {"practice", "production"}:
    raise ImproperlyConfigured("PLIEGO_MODE is 'practice' or 'production'")
if not PLIEGO_PRACTICE and (_faults := demo_settings_in_force()):
    raise ImproperlyConfigured("Refusing to run as production with demo settings:\n- " + "\n- ".join(_faults))

# ---- applications, highest layer first -----------------------------------------------------------------------------
ROOMS = [
    "demo",
    "directory",
    "following",
    "workspace",
    "publication",
    "notifications",
    "settlements",
    "breaches",
    "execution",
    "siif",
    "contracts",
    "awards",
    "auctions",
    "evaluation",
    "panels",
    "hearings",
    "correspondence",
    "bidding",
    "enquiries",
    "blueprints",
    "conditions",
    "tendering",
    "planning",
    "methods",
    "teams",
    "authority",
    "bulk",
    "consortia",
    "suppliers",
    "parties",
    "accounts",
    "codelists",
    "documents",
    "ledger",
    "web",
    "kernel",
]
INSTALLED_APPS = [
    "pliego.config",
    *(f"pliego.{room}" for room in ROOMS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "pliego.web.middleware.request_id",
    "pliego.publication.caching.door",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pliego.accounts.devices.middleware",
    "pliego.accounts.sessions.middleware",
    "pliego.web.middleware.received_at",
    "pliego.parties.middleware.acting_person",
    "pliego.authority.mandates.acting_mandate",
    "pliego.accounts.middleware.limited",
    "pliego.accounts.middleware.signed_calls",
    "pliego.web.middleware.kept_replies",
    "pliego.web.middleware.refusals",
    "pliego.accounts.pending.middleware",
]
ROOT_URLCONF = "pliego.config.urls"
WSGI_APPLICATION = "pliego.config.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "pliego.web.templatetags.pliego"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "pliego.web.context.site",
                "pliego.workspace.context.shell",
                "pliego.authority.context.mandates",
            ],
        },
    }
]
FORM_RENDERER = "pliego.web.forms.Renderer"
SILENCED_SYSTEM_CHECKS = ["account.W001"]

# ---- database ------------------------------------------------------------------------------------------------------


def database_url() -> str:
    """DATABASE_URL, or the embedded server's address as the running supervisor wrote it down."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    written = PLIEGO_VAR / "postgres.url"
    return written.read_text().strip() if written.exists() else "postgresql://pliego@127.0.0.1:5432/pliego"


_url = urlsplit(database_url())
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(_url.path.lstrip("/")),
        "USER": unquote(_url.username or ""),
        "PASSWORD": unquote(_url.password or ""),
        "HOST": unquote(_url.hostname or ""),
        "PORT": str(_url.port or ""),
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 12, "timeout": 10},
            "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=15s -c timezone=UTC",
        },
    }
}

# ---- language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "es-co"
LANGUAGES = [("es-co", "Español"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "America/Bogota"
USE_I18N = USE_TZ = True

# ---- people --------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["pliego.accounts.sessions.Backend"]
PASSWORD_HASHERS = ["pliego.accounts.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "pliego.accounts.breached.NotBreached"},
    {"NAME": "pliego.accounts.breached.NotOfThePerson"},
]
PLIEGO_HASHES_AT_ONCE = int(env("HASHES_AT_ONCE", str(max(2, os.cpu_count() or 2))))  # passwords hashed at once
PLIEGO_BREACHED_PASSWORDS = env("BREACHED_PASSWORDS", str(PLIEGO_VAR / "breached.bloom"))  # see `pliego passwords`
PLIEGO_REISSUE_HOURS = float(env("REISSUE_HOURS", "24"))  # from the desk's second yes to the link for a new factor
PLIEGO_PLACES = env("PLACES")  # an MMDB file of cities, for the access history; empty: no place is shown
# An OpenID Connect provider with which people may open the first half of their door; off while the issuer is empty.
PLIEGO_OIDC_ISSUER = env("OIDC_ISSUER")  # exactly as the provider writes it
PLIEGO_OIDC_CLIENT_ID, PLIEGO_OIDC_CLIENT_SECRET = env("OIDC_CLIENT_ID"), env("OIDC_CLIENT_SECRET")
PLIEGO_OIDC_NAME = env("OIDC_NAME", urlsplit(PLIEGO_OIDC_ISSUER).hostname or "")  # what the button says
PLIEGO_OIDC_ACR = [a for a in env("OIDC_ACR").split(",") if a]  # one of these must be in the token; empty: any
PLIEGO_OIDC_MAX_AGE = int(env("OIDC_MAX_AGE", "900"))  # seconds since the person showed there who they are
if PLIEGO_OIDC_ISSUER and not (PLIEGO_OIDC_CLIENT_ID and PLIEGO_OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("PLIEGO_OIDC_ISSUER needs PLIEGO_OIDC_CLIENT_ID and PLIEGO_OIDC_CLIENT_SECRET")
if PLIEGO_OIDC_ISSUER and not (PLIEGO_PRACTICE or PLIEGO_OIDC_ISSUER.startswith("https://")):
    raise ImproperlyConfigured("PLIEGO_OIDC_ISSUER must be an https:// address")
# SIIF Nación over REST, by the contract of pliego/siif/README.md; off while the address is empty.
PLIEGO_SIIF_URL, PLIEGO_SIIF_TOKEN = env("SIIF_URL").rstrip("/"), env("SIIF_TOKEN")
PLIEGO_SIIF_SECONDS = float(env("SIIF_SECONDS", "5"))  # for each document
PLIEGO_SIIF_BLOCKS = flag("SIIF_BLOCKS")  # whether nothing is signed against what SIIF says; otherwise it is told
if PLIEGO_SIIF_URL and not (PLIEGO_PRACTICE or PLIEGO_SIIF_URL.startswith("https://")):
    raise ImproperlyConfigured("PLIEGO_SIIF_URL must be an https:// address")
ACCOUNT_ADAPTER = "pliego.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # tries are counted in the database (pliego.accounts.tries)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Pliego"
MFA_TOTP_TOLERANCE = 1  # a code of the period before or after is good, for clocks that are off by some seconds
MFA_ADAPTER = "pliego.accounts.adapters.MfaAdapter"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PLIEGO_PRACTICE
PASSWORD_RESET_TIMEOUT = 1800
LOGIN_URL = "/ingresar/"
LOGIN_REDIRECT_URL = "/escritorio/"
LOGOUT_REDIRECT_URL = "/"

SESSION_ENGINE = "pliego.accounts.sessions"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())  # however busy
PLIEGO_IDLE_SECONDS = int(env("IDLE_SECONDS", "1800"))  # without a request
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = PLIEGO_SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-sesion" if SECURE_COOKIES else "sesion"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf"
PLIEGO_DEVICE_COOKIE = "__Host-disp" if SECURE_COOKIES else "disp"  # a browser that its person has used before
CSRF_FAILURE_VIEW = "pliego.web.errors.csrf_failure"
PLIEGO_PROXIES = int(env("PROXIES", "1" if flag("BEHIND_PROXY") else "0"))  # ours, each adds to X-Forwarded-For
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 63_072_000 if SECURE_COOKIES else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# ---- files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/estatico/"
STATIC_ROOT = PLIEGO_VAR / "static" if flag("STATIC_MANIFEST") else None  # filled by collectstatic
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if flag("STATIC_MANIFEST")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not flag("STATIC_MANIFEST")
WHITENOISE_MAX_AGE = 31_536_000 if flag("STATIC_MANIFEST") else 60
PLIEGO_BLOBS = Path(env("BLOBS", str(PLIEGO_VAR / "blobs")))
PLIEGO_UPLOADS = Path(env("UPLOADS", str(PLIEGO_VAR / "uploads")))
PLIEGO_MAX_FILE_BYTES = int(env("MAX_FILE_BYTES", str(200 * 2**20)))
PLIEGO_UPLOAD_QUOTA_BYTES = int(env("UPLOAD_QUOTA_BYTES", str(2 * 2**30)))  # of one person, waiting to be used
PLIEGO_UPLOAD_HOURS = int(env("UPLOAD_HOURS", "48"))  # how long an upload waits to be finished and used
PLIEGO_BID_QUOTA_BYTES = int(env("BID_QUOTA_BYTES", str(8 * 2**30)))  # of one supplier, in parts that no offer names
PLIEGO_BID_PART_DAYS = int(env("BID_PART_DAYS", "30"))  # how long a part that no draft and no offer names is kept
PLIEGO_CLAMD = env("CLAMD")  # host:port of an antivirus; empty: no antivirus
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20

# ---- ledger and custodian ------------------------------------------------------------------------------------------
_origin = (
    urlsplit(PLIEGO_SITE_URL).netloc.split(":")[0].replace("localhost", "127.0.0.1")
)  # as logs began, on this machine
PLIEGO_LEDGER_ORIGIN = env("LEDGER_ORIGIN", f"{_origin}/bitacora")
PLIEGO_SIGNER_DIR = Path(
    env("SIGNER_DIR", str(PLIEGO_VAR / "signer"))
)  # log key and last signed head: the signer's own
PLIEGO_CUSTODIAN_DIR = Path(env("CUSTODIAN_DIR", str(PLIEGO_VAR / "custodian")))  # the custodian's secret and state
PLIEGO_CUSTODIAN_KEEPER = env("CUSTODIAN_KEEPER")  # the institution that keeps it, when it is not the operator
PLIEGO_CUSTODIAN_TOKEN = env("CUSTODIAN_TOKEN", "demo-custodian" if PLIEGO_PRACTICE else "")

# ---- mail ----------------------------------------------------------------------------------------------------------
_smtp = urlsplit(env("SMTP_URL", "smtp://127.0.0.1:8025"))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _smtp.hostname or "127.0.0.1", _smtp.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
EMAIL_USE_TLS = _smtp.scheme == "smtp+tls"
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("MAIL_FROM", "Pliego <avisos@pliego.example>")
PLIEGO_CAUGHT_MAIL = PLIEGO_VAR / "mail"  # where the demo's catching server keeps what was sent

# ---- logs ----------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "pliego.web.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": [], "propagate": False},
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "ERROR"},  # a database that is away is said once, by whoever needed it
        "fontTools": {"level": "ERROR"},
    },
}
