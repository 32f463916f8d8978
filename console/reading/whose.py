"""Of which organisations the rows of the audit log are. The log itself says who did what to whom, and knows no organisations."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from audit.models import AuditRow
from meetings.models import Meeting
from moderation.models import Appeal, Case, Escalation
from programmes.models import Circle, Organisation, OrganisationMember, Programme

Whose = dict[UUID, set[UUID]]

# How a kind of subject leads to its organisation, from the rows with these ids.
_WAYS: dict[str, tuple[Any, str, str]] = {
    "organisation": (Organisation.objects, "id", "id"),
    "person": (OrganisationMember.objects, "person_id", "organisation_id"),
    "programme": (Programme.objects, "id", "organisation_id"),
    "circle": (Circle.objects, "id", "programme__organisation_id"),
    "case": (Case.objects, "id", "organisation_id"),
    "appeal": (Appeal.objects, "id", "decision__case__organisation_id"),
    "escalation": (Escalation.objects, "id", "circle__programme__organisation_id"),
    "meeting": (Meeting.objects, "id", "conversation__circle__programme__organisation_id"),
}


def about(rows: list[AuditRow], organisation_ids: Collection[UUID]) -> list[AuditRow]:
    """Those about these organisations. What a row is about says whose it is; where that cannot be told, who did it does; where neither
    can, it is everybody's.
    """
    subjects = {kind: _owners(kind, ids) for kind, ids in _by_kind(rows).items()}
    actors = _owners("person", {row.actor_id for row in rows if row.actor_id is not None})
    whose = [(row, _whose(row, subjects, actors)) for row in rows]
    return [row for row, owners in whose if not owners or not owners.isdisjoint(organisation_ids)]


def _whose(row: AuditRow, subjects: dict[str, Whose], actors: Whose) -> set[UUID]:
    kind, subject_id = _read(row.subject)
    told = subjects.get(kind, {}).get(subject_id, set()) if subject_id is not None else set()
    return told or (actors.get(row.actor_id, set()) if row.actor_id is not None else set())


def _by_kind(rows: Iterable[AuditRow]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        kind, subject_id = _read(row.subject)
        if kind in _WAYS and subject_id is not None:
            found[kind].add(subject_id)
    return found


def _owners(kind: str, ids: set[UUID]) -> Whose:
    manager, key, organisation = _WAYS[kind]
    found: Whose = defaultdict(set)
    for subject_id, organisation_id in manager.filter(**{f"{key}__in": ids}).values_list(key, organisation):
        found[subject_id].add(organisation_id)
    return found


def _read(subject: str) -> tuple[str, UUID | None]:
    """The kind and the id of what "case:0190…" names."""
    kind, _, text = subject.partition(":")
    try:
        return kind, UUID(text)
    except ValueError:
        return kind, None
