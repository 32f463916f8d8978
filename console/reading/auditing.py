"""Pages of the audit log, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from accounts.models import Person
from audit.models import AuditRow
from console.words import happened

ROWS = 50
LONGEST = 96  # characters of an action or a subject


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: rows before `before`, of acts that begin with `action`, about `subject`, by `by`. Odd input asks for nothing."""

    action: str = ""
    subject: str = ""
    by: str = ""
    before: int | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Wanted":
        before = str(given.get("before", ""))
        texts = {name: str(given.get(name, "")).replace("\0", "").strip()[:LONGEST] for name in ("action", "subject", "by")}
        return cls(**texts, before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None)

    def query(self, *, before: int) -> str:
        return urlencode({"action": self.action, "subject": self.subject, "by": self.by, "before": before})


@dataclass(frozen=True, slots=True)
class Line:
    row: AuditRow
    who: str
    told: str


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    older: str  # the query of the next page; empty at the end


def page(wanted: Wanted) -> Page:
    rows = AuditRow.objects.order_by("-n")
    if wanted.action:
        rows = rows.filter(action__startswith=wanted.action)
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.by:
        rows = rows.filter(actor_id__in=_people_called(wanted.by))
    if wanted.before is not None:
        rows = rows.filter(n__lt=wanted.before)
    found = list(rows[: ROWS + 1])
    shown = found[:ROWS]
    staff = _staff([row.actor_id for row in shown if row.actor_id])
    lines = [Line(row, _who(row, staff), _told(row)) for row in shown]
    return Page(lines, wanted.query(before=shown[-1].n) if len(found) > ROWS else "")


def _people_called(by: str) -> list[UUID]:
    """An account's name, or an id as the log has it."""
    try:
        return [UUID(by)]
    except ValueError:
        return list(Person.objects.filter(username=by).values_list("id", flat=True))


def _staff(ids: list[UUID]) -> dict[UUID, str]:
    """Account names of staff; members stay numbers here."""
    return {one.id: one.get_username() for one in Person.objects.filter(id__in=set(ids), is_staff=True)}


def _who(row: AuditRow, staff: dict[UUID, str]) -> str:
    if row.actor_id is None:
        return "het systeem"
    return staff.get(row.actor_id) or f"lid {str(row.actor_id)[-6:]}"


def _told(row: AuditRow) -> str:
    kind, _, what = row.action.partition(".")
    return happened(what, row.detail) if kind == "case" else ""
