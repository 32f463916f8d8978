"""What a test needs to have something decided."""

from datetime import datetime
from typing import Any, Literal

from accounts.models import Person
from chat.models import Conversation
from moderation.actions import appeals, cases, decisions
from moderation.models import Appeal, Case, Decision, Statement
from moderation.words import DecisionKind, StatementKind
from tests.moderation.casework import claimed, flagged, fresh


def decided(case: Case, kind: DecisionKind | str, by: Person, *, now: datetime, **more: Any) -> Decision:
    """What somebody decides in a case that they hold."""
    wanted: dict[str, Any] = {"clause": "no_breach" if kind == DecisionKind.NOTHING else "respect", "words": "Dit kan niet.", **more}
    return decisions.decide(case.id, kind=DecisionKind(kind), by=by, version=fresh(case).version, now=now, **wanted)


def held_case(flagger: Person, conversation: Conversation, by: Person, target: int | None = 2, *, now: datetime, **how: Any) -> Case:
    return claimed(flagged(flagger, conversation, target, now=now, **how), by, now=now)


def banned(case: Case, first: Person, second: Person, *, now: datetime) -> Decision:
    """Two leads, one after the other."""
    decision = decided(case, DecisionKind.BAN, first, now=now)
    cases.claim(case.id, by=second, version=fresh(case).version, now=now)
    return decisions.agree(decision.id, by=second, now=now)


def letters_to(person: Person, kind: StatementKind | None = None) -> list[Statement]:
    """Oldest first."""
    rows = Statement.objects.filter(person=person).order_by("at", "id")
    return list(rows.filter(kind=kind) if kind else rows)


def letter_to(person: Person, kind: StatementKind) -> Statement:
    (found,) = letters_to(person, kind)
    return found


def seen(appeal: Appeal) -> Appeal:
    return Appeal.objects.get(id=appeal.id)


def appealed(person: Person, *, words: str = "Het was een grap.", now: datetime) -> Appeal:
    """Their newest letter that says what was taken from them."""
    newest = letters_to(person, StatementKind.RESTRICTION)[-1]
    return appeals.appeal(statement_id=newest.id, words=words, by=person, now=now)


def answered(appeal: Appeal, outcome: Literal["upheld", "overturned"], by: Person, *, now: datetime) -> Appeal:
    held = appeals.claim(appeal.id, by=by, version=seen(appeal).version, now=now)
    return appeals.decide(appeal.id, outcome=outcome, words="Daarom.", by=by, version=held.version, now=now)
