"""Who hears of a decision, and what goes into their letters: codes and instants, from which `letters` makes words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from moderation.actions import statements
from moderation.models import Appeal, Case, Decision, Statement
from moderation.words import DecisionKind, StatementKind

SHUTS_OUT = frozenset({DecisionKind.SUSPEND, DecisionKind.BAN})
AGAIN = frozenset({"overturned", "ended"})  # facts of a letter that corrects an earlier one


def tell_of_decision(decision: Decision, *, also: dict[str, Any], now: datetime) -> int:
    """To whom something is done, why; to each who flagged it, what came of it. How many letters."""
    case, written = decision.case, 0
    if decision.appeal_until is not None and case.subject_id is not None:
        said = _what_was_decided(decision) | also
        made = statements.make(person_id=case.subject_id, kind=StatementKind.RESTRICTION, case=case, decision=decision, facts=said, now=now)
        written += made is not None
    return written + sum(_answer(decision, person_id, flagged_at, also, now=now) for person_id, flagged_at in _unanswered(case))


def tell_of_end(decision: Decision, *, now: datetime) -> None:
    """A pause or a suspension is over. Who had heard that somebody cannot write to them hears that they can."""
    if decision.case.subject_id is not None:
        said = {"kind": decision.kind}
        statements.make(
            person_id=decision.case.subject_id, kind=StatementKind.RESTORED, case=decision.case, decision=decision, facts=said, now=now
        )
    if decision.kind in SHUTS_OUT:
        _answer_again(decision, {"ended": True}, now=now)


def tell_of_appeal(appeal: Appeal, *, words: str, given_back: dict[str, Any], now: datetime) -> None:
    """To who appealed, what came of it and why; when it was overturned, also to those who had heard otherwise.

    `given_back`: what of it could be, as `effects.undo` says.
    """
    decision, case = appeal.decision, appeal.decision.case
    about = Statement.objects.filter(decision=decision, person_id=appeal.person_id, kind=StatementKind.RESTRICTION).first()
    kept = {name: True for name in ("declined", "also_hidden") if about and about.facts.get(name)}
    said: dict[str, Any] = {"kind": decision.kind, "outcome": appeal.outcome, **kept, **given_back}
    statements.make(person_id=appeal.person_id, kind=StatementKind.APPEAL, case=case, decision=decision, facts=said, words=words, now=now)
    if appeal.outcome == "overturned" and decision.kind != DecisionKind.REFER_OUT:  # of which only a message that waited was undone
        _answer_again(decision, {"overturned": True, **kept, **given_back}, now=now)


def _what_was_decided(decision: Decision) -> dict[str, Any]:
    until = decision.until.isoformat() if decision.until else None
    return {"kind": decision.kind, "clause": decision.clause, "until": until}


def _answer(decision: Decision, person_id: UUID, flagged_at: datetime, also: dict[str, Any], *, now: datetime) -> bool:
    facts = {"kind": decision.kind, "flagged_at": flagged_at.isoformat(), **also}
    made = statements.make(person_id=person_id, kind=StatementKind.OUTCOME, case=decision.case, decision=decision, facts=facts, now=now)
    return made is not None


def _answer_again(decision: Decision, more: dict[str, Any], *, now: datetime) -> None:
    """To who had heard of it: it is otherwise now."""
    for answered in Statement.objects.filter(decision=decision, kind=StatementKind.OUTCOME).order_by("at"):
        if not AGAIN & answered.facts.keys():
            facts = {"kind": decision.kind, "flagged_at": answered.facts.get("flagged_at"), **more}
            statements.make(
                person_id=answered.person_id, kind=StatementKind.OUTCOME, case=decision.case, decision=decision, facts=facts, now=now
            )


def _unanswered(case: Case) -> list[tuple[UUID, datetime]]:
    """Who flagged it, and when last, since they last heard what came of it."""
    newest = dict(case.flags.filter(by__isnull=False).order_by("at").values_list("by_id", "at"))
    heard = Statement.objects.filter(case=case, kind=StatementKind.OUTCOME).exclude(facts__has_any_keys=list(AGAIN)).order_by("at")
    answered = dict(heard.values_list("person_id", "at"))
    return [(person_id, at) for person_id, at in newest.items() if person_id not in answered or answered[person_id] < at]
