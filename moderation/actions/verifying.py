"""Somebody of the staff proves that the audit log is what was written; that they did is a row of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from accounts.models import Person
from audit import actions as audit
from audit import log, signed_heads, triggers
from audit.errors import BadSignedHeads
from moderation import policy
from moderation.permissions import Permission


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows there are; `broken` is the number of the first that is wrong, `why` says how; `signed` heads outside the database agree."""

    rows: int
    signed: int
    broken: int = 0
    why: str = ""
    is_guarded: bool = True  # the triggers that refuse a change are there
    heads_problem: str = ""  # missing | unreadable

    @property
    def is_whole(self) -> bool:
        return not self.broken and self.is_guarded and not self.heads_problem


def verify(*, by: Person, now: datetime) -> Verdict:
    """Walk the whole log. :raises Forbidden:"""
    policy.ensure_may(by, Permission.VERIFY_AUDIT)
    problem, signed = "", {}
    try:
        signed = dict(signed_heads.read(signed_heads.default_path()))
    except FileNotFoundError:
        problem = "missing"
    except (BadSignedHeads, OSError):
        problem = "unreadable"
    rows, broken = log.verify(signed=signed)
    verdict = Verdict(
        rows, len(signed), broken.n if broken else 0, broken.why if broken else "", triggers.are_installed(connection), problem
    )
    with transaction.atomic():
        audit.write(action="audit.verified", by=by.id, subject="audit", detail={"rows": rows, "whole": verdict.is_whole}, now=now)
    return verdict
