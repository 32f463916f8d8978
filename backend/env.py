"""Typed readers of the environment. Nothing else touches it; a bad value names itself and its remedy."""

import json
import os
import secrets
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent


class BadSetting(SystemExit):
    """A setting cannot be used; the message is one line with the remedy."""


def text(name: str, default: str) -> str:
    """Read a text; `NAME_FILE` may name a file that holds it."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise BadSetting(f"{name}_FILE: cannot read {path} ({problem.strerror}). Mount the file or unset it.") from None
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "").lower()
    if value in {"", "0", "no", "false", "off"}:
        return default if value == "" else False
    if value in {"1", "yes", "true", "on"}:
        return True
    raise BadSetting(f"{name}={value!r}: say yes or no.")


def number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.lstrip("-").isdigit() or int(value) < least:
        raise BadSetting(f"{name}={value!r}: give a whole number of at least {least}.")
    return int(value)


def decimal(name: str, default: float) -> float:
    try:
        return float(text(name, str(default)))
    except ValueError:
        raise BadSetting(f"{name}: give a number, such as {default}.") from None


def words(name: str) -> list[str]:
    """Read a list separated by commas."""
    return [word.strip() for word in text(name, "").split(",") if word.strip()]


def folder(name: str, default: str) -> Path:
    return (ROOT / text(name, default)).resolve()


def table(name: str) -> dict[str, str]:
    """Read a JSON object of texts, such as `{"Authorization": "Bearer …"}`."""
    try:
        found = json.loads(text(name, "") or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadSetting(f'{name} is not a JSON object of texts, such as {{"Authorization": "Bearer …"}}.')
    return found


def mail(name: str) -> dict[str, object]:
    """Read an address such as `smtp+tls://user:password@host:587` into Django's EMAIL_ settings; empty when there is none.

    `smtps` is TLS from the first byte, as everybody but django-environ has it.
    """
    if not (url := text(name, "")):
        return {}
    try:
        found = dict(environ.Env.email_url_config(url.replace("smtps://", "smtp+ssl://", 1)))
    except Exception:  # as for the database
        raise BadSetting(f"{name} is not an address like smtp+tls://user:password@host:587.") from None
    if not found.get("EMAIL_HOST") and str(found["EMAIL_BACKEND"]).endswith("smtp.EmailBackend"):
        raise BadSetting(f"{name} names no host. Give an address like smtp+tls://user:password@host:587.")
    return {**found, "EMAIL_TIMEOUT": 10}


def database(default: str) -> dict[str, object]:
    """Read DATABASE_URL, such as `postgres://user:password@host/name` or `sqlite:////path/file`."""
    url = text("DATABASE_URL", default)
    try:
        return dict(environ.Env.db_url_config(url))
    except Exception:  # django-environ raises whatever its parser met; the person needs one line
        raise BadSetting("DATABASE_URL is not an address like postgres://user:password@host:5432/name.") from None


def secret(name: str, path: Path, *, may_create: bool) -> str:
    """Read a secret from the environment, or from a file that is made on first use; 50 random characters.

    Where the file can neither be read nor made, the secret lives as long as the process; `serve` says what is wrong.
    """
    if given := text(name, ""):
        return given
    fresh = secrets.token_urlsafe(50)
    try:
        if may_create and not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(fresh)
        return path.read_text(encoding="ascii").strip() or fresh
    except FileExistsError:  # another process was faster
        return path.read_text(encoding="ascii").strip() or fresh
    except OSError:
        return fresh
