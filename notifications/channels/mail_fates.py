"""What the refusals of mail servers and of providers mean for a letter. Pure."""

import re
import smtplib
import ssl
from typing import Any

from core import clock
from notifications.channels.in_a_thread import UNFORESEEN
from notifications.channels.retry_after import seconds_of
from notifications.sending import Failed, Fate, Gone, Retry

ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 2034: at the head of the text
NO_SUCH_MAILBOX = frozenset({521, 550, 551, 553, 556})  # RFC 5321 §4.2.3, RFC 7504
OUR_OWN = ("5.1.7", "5.1.8")  # RFC 3463: the sender's address


def fate_of(problem: Exception, *, is_open: bool) -> Fate:
    """What became of the letter at whose turn this was raised. `is_open`: there was a connection, so it was about the letter."""
    if (fate := _by_provider(problem)) is not None:
        return fate
    if isinstance(problem, smtplib.SMTPException):  # an OSError, too
        return _by_server(problem, is_open=is_open)
    match problem:
        case TimeoutError():
            return Retry("timeout")
        case ssl.SSLError():
            return Retry("bad_certificate", alarms=True)
        case OSError():
            return Retry("dropped" if is_open else "unreachable")
        case ValueError() if is_open:  # Django and `email` refuse to write it: a line break in a header, half a character
            return Failed("unsendable", alarms=True)
        case _:
            return UNFORESEEN


def is_for_everybody(problem: Exception, *, is_open: bool) -> bool:
    """Whether every other letter of the batch would meet the same now."""
    return not is_open or isinstance(problem, smtplib.SMTPAuthenticationError)


def is_broken(problem: Exception) -> bool:
    """Whether the connection is of no more use. After a server's answer it is, unless that was a farewell (421, RFC 5321 §3.8)."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return any(code == 421 for code, _ in problem.recipients.values())
    return not isinstance(problem, smtplib.SMTPResponseException) or problem.smtp_code == 421


def _by_server(problem: smtplib.SMTPException, *, is_open: bool) -> Fate:
    match problem:
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(problem.recipients.values()), (0, b""))
            return _of_recipient(code, text)
        case smtplib.SMTPSenderRefused():
            return _of_sender(problem.smtp_code, problem.smtp_error)
        case smtplib.SMTPDataError():
            return _of_data(problem.smtp_code, problem.smtp_error)
        case smtplib.SMTPAuthenticationError():
            return Retry(f"smtp_auth_{problem.smtp_code}", alarms=problem.smtp_code >= 500)
        case smtplib.SMTPResponseException():  # the greeting, or who we are
            return Retry(_code(problem.smtp_code), alarms=problem.smtp_code >= 500)
        case smtplib.SMTPServerDisconnected():
            return Retry("dropped")
        case smtplib.SMTPNotSupportedError() if is_open:  # an address that this server cannot write
            return Failed("mail_not_supported")
        case _:  # no TLS, or no way to sign in that both know
            return Retry("mail_not_supported", alarms=True)


def _of_recipient(code: int, text: bytes | str) -> Fate:
    enhanced = _enhanced(text)
    if 400 <= code < 500:
        return Retry(_code(code))
    if enhanced.startswith(OUR_OWN):
        return Retry("mail_bad_sender", alarms=True)
    if code in {530, 535}:  # RFC 4954 §6
        return Retry(f"smtp_auth_{code}", alarms=True)
    if code == 552 or enhanced in {"5.2.2", "5.3.1"}:  # full today
        return Retry("mail_box_full")
    if enhanced.startswith("5.7."):  # a rule of theirs against us, which says nothing about the address
        return Failed("mail_policy", alarms=True)
    if code in NO_SUCH_MAILBOX or enhanced.startswith("5.1."):
        return Gone(_code(code))
    return Failed(_code(code), alarms=True)


def _of_sender(code: int, text: bytes | str) -> Fate:
    if _is_size(code, text):
        return Failed("mail_too_big", alarms=True)
    return Retry(_code(code), alarms=code >= 500)  # who we say we are is the same for every letter


def _of_data(code: int, text: bytes | str) -> Fate:
    enhanced = _enhanced(text)
    if 400 <= code < 500:
        return Retry(_code(code))
    if enhanced == "5.2.2":
        return Retry("mail_box_full")
    if _is_size(code, text):
        return Failed("mail_too_big", alarms=True)
    if enhanced.startswith("5.1.") and not enhanced.startswith(OUR_OWN):  # servers that look at the mailbox last
        return Gone(_code(code))
    return Failed(_code(code), alarms=True)


def _is_size(code: int, text: bytes | str) -> bool:
    return code == 552 or _enhanced(text) in {"5.3.4", "5.2.3"}


def _enhanced(text: bytes | str) -> str:
    raw = text if isinstance(text, bytes) else text.encode("ascii", "replace")
    found = ENHANCED.match(raw)
    return found[1].decode() if found else ""


def _code(code: int) -> str:
    return f"smtp_{code}"


def _by_provider(problem: Exception) -> Fate | None:
    """What django-anymail's errors mean, known by their names: it is an extra that need not be there."""
    names = {kind.__name__ for kind in type(problem).__mro__ if kind.__module__.startswith("anymail.")}
    if not names:
        return None
    if names & {"AnymailRecipientsRefused", "AnymailInvalidAddress"}:
        return Gone("mail_refused_address")
    if "AnymailAPIError" in names:
        return _by_status(problem)
    if "AnymailConfigurationError" in names:
        return Retry("mail_not_configured", alarms=True)
    return Failed("mail_cannot", alarms=True)  # a feature or a value that it has no words for


def _by_status(problem: Exception) -> Fate:
    status: int | None = getattr(problem, "status_code", None)
    answer: Any = getattr(problem, "response", None)
    if status is None:
        return Retry("mail_unreachable")
    code = f"mail_{status}"
    if status in {408, 425, 429} or status >= 500:
        return Retry(code, after=seconds_of(getattr(answer, "headers", {}).get("Retry-After"), clock.now()))
    if status in {401, 402, 403, 404}:
        return Retry(code, alarms=True)
    return Failed(code, alarms=True)
