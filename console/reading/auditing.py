"""Pages of the audit log, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person
from audit.models import AuditRow
from console.reading import staff, whose
from console.words import happened
from programmes.models import Organisation, OrganisationMember

ROWS = 50
STEP, MOST_STEPS = 500, 10  # rows that are looked through at a time, and how often for one page
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


def page(wanted: Wanted, person: Person) -> Page:
    """Where several organisations share an installation, the rows about those of this person; a page may then hold fewer than fifty."""
    shown, before = _shown(_wanted(wanted), person)
    accounts = staff.account_names(row.actor_id for row in shown)
    lines = [Line(row, _who(row, accounts), _told(row)) for row in shown]
    return Page(lines, "" if before is None else wanted.query(before=before))


def _wanted(wanted: Wanted) -> "QuerySet[AuditRow]":
    rows = AuditRow.objects.order_by("-n")
    if wanted.action:
        rows = rows.filter(action__startswith=wanted.action)
    if wanted.subject:
        rows = rows.filter(subject=wanted.subject)
    if wanted.by:
        rows = rows.filter(actor_id__in=_people_called(wanted.by))
    return rows if wanted.before is None else rows.filter(n__lt=wanted.before)


def _shown(rows: "QuerySet[AuditRow]", person: Person) -> tuple[list[AuditRow], int | None]:
    """One page of them, and before which row the next begins. The log says nothing of organisations, so rows are looked through in turn."""
    if Organisation.objects.count() < 2:
        found = list(rows[: ROWS + 1])
        return found[:ROWS], found[ROWS - 1].n if len(found) > ROWS else None
    own = set(OrganisationMember.objects.of(person.id).values_list("organisation_id", flat=True))
    shown: list[AuditRow] = []
    before = None
    for _ in range(MOST_STEPS):
        found = list(rows[:STEP] if before is None else rows.filter(n__lt=before)[:STEP])
        mine = whose.about(found, own)
        room = ROWS - len(shown)
        shown += mine[:room]
        if len(mine) > room or len(found) < STEP:
            return shown, shown[-1].n if len(mine) > room else None
        before = found[-1].n
    return shown, before


def _people_called(by: str) -> list[UUID]:
    """An account's name, or an id as the log has it."""
    try:
        return [UUID(by)]
    except ValueError:
        return list(Person.objects.filter(username=by).values_list("id", flat=True))


def _who(row: AuditRow, staff: dict[UUID, str]) -> str:
    if row.actor_id is None:
        return "het systeem"
    return staff.get(row.actor_id) or f"lid {str(row.actor_id)[-6:]}"


def _told(row: AuditRow) -> str:
    kind, _, what = row.action.partition(".")
    return happened(what, row.detail) if kind == "case" else ""
