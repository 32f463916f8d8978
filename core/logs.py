"""Logs of ids and codes: structlog lines, with a last guard that drops whatever looks like content."""

import logging
from typing import Any

import structlog

FORBIDDEN_KEYS = frozenset({"body", "text", "name", "phone", "token", "code_plain", "authorization", "cookie", "password", "frame"})


def drop_content(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Replace the value of every key that could carry somebody's words or secrets."""
    return {key: "[withheld]" if key.lower() in FORBIDDEN_KEYS else value for key, value in event.items()}


class Brief(logging.Filter):
    """What Django refuses of strangers is one line: a traceback says nothing more, and anybody could fill a disk with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.exc_info = None
        return True


def line_formatter() -> logging.Formatter:
    """One line a record: time, level, event, then `key=value`."""
    before: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_content,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
    )
