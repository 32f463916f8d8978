"""Somebody is suspended beside any case, because it cannot wait: it is written down as a decision, so that its letter and its appeal are there too.

Whoever answers for a person takes their access away at once, alone, also in their own circle: a phone is lost, or somebody is in
danger. Nobody read anything, so nothing is kept of what was said, and nobody is called. What this gives is what the law and fairness
ask: a letter that says who did what on which ground, and somebody else who looks again when its reader asks for it.
"""

from datetime import datetime, timedelta

from django.db.models import F

from accounts.models import Person, Role
from chat.models import Conversation, ConversationMember
from moderation.actions import changing, effects, gathering, statements, telling
from moderation.actions.changing import changed, move
from moderation.actions.decisions import CAN_BE_APPEALED
from moderation.actions.gathering import Subject
from moderation.errors import DecisionHolds
from moderation.models import Case, Decision
from moderation.states import Act
from moderation.words import DecisionKind, Priority, StatementKind

CLAUSE = "safety"
A_MOMENT = timedelta(minutes=1)  # of a claim that is over before anybody sees it


def write_down(person: Person, *, by: Person, now: datetime) -> Decision | None:
    """Make the decision and its letter of a suspension that was just carried out, in its transaction; the person is locked.

    None of what a case decided itself, of staff, and of who never was in a conversation: no circle of theirs is there to answer to.
    """
    if Role(person.role).is_for_staff or _is_decided(person):
        return None
    conversation = _newest_of(person)
    if conversation is None:
        return None
    subject = Subject(conversation.id, None, person.id)
    open_one = Case.objects.open().filter(subject.where(), data_key__isnull=False).values_list("id", flat=True).first()
    case = changing.lock(open_one) if open_one else _opened(subject, conversation, by=by, now=now)
    decision = Decision.objects.create(
        case=case, kind=DecisionKind.SUSPEND, clause=CLAUSE, by=by, at=now, in_force_at=now, at_once=True,
        appeal_until=now + CAN_BE_APPEALED,
    )  # fmt: skip
    facts = {"kind": str(DecisionKind.SUSPEND), "clause": CLAUSE, "until": None, "at_once": True}
    statements.make(person_id=person.id, kind=StatementKind.RESTRICTION, case=case, decision=decision, facts=facts, now=now)
    told = {"decision": str(decision.id), "kind": str(decision.kind), "clause": CLAUSE}
    if open_one:  # which goes its own way; whoever holds it looks again
        changed(case, "suspended_at_once", by=by, now=now, **told)
    else:
        _decided(case, by=by, now=now, **told)
    return decision


def end(person: Person, *, by: Person | None, now: datetime) -> None:
    """Access is given back beside any case: that ends what was done so, and nothing that was decided in one.

    :raises DecisionHolds:
    """
    holding = list(Decision.objects.in_force().filter(kind__in=effects.OF_PERSON, case__subject=person).order_by("case_id", "id"))
    if not all(decision.at_once for decision in holding):
        raise DecisionHolds
    for decision in holding:
        decision.case = changing.lock(decision.case_id)
        decision.ended_at = now
        decision.save(update_fields=["ended_at"])
        telling.tell_of_end(decision, now=now)
        changed(decision.case, "ended", by=by, now=now, decision=str(decision.id), kind=str(decision.kind))


def _opened(subject: Subject, conversation: Conversation, *, by: Person, now: datetime) -> Case:
    """A case without a word in it, in the hands of who acted."""
    case = gathering.take_in(subject, None, conversation=conversation, priority=Priority.OTHER, now=now).case
    changing.write(case, "opened", by=by, now=now, priority=int(case.priority), source="at_once")
    move(case, Act.CLAIM, now=now)
    case.claimed_by, case.lease_until = by, now + A_MOMENT
    changed(case, "claimed", by=by, now=now)
    return case


def _decided(case: Case, *, by: Person, now: datetime, **told: str) -> None:
    """Decided, told and put away in one moment: nobody need look, unless somebody appeals."""
    move(case, Act.DECIDE, now=now)
    move(case, Act.NOTIFY, now=now)
    changed(case, "decided", by=by, now=now, letters=1, **told)
    move(case, Act.CLOSE, now=now)
    changed(case, "closed", by=by, now=now)


def _is_decided(person: Person) -> bool:
    """Whether this suspension is the effect of a decision, whose own letter tells it."""
    ours = Decision.objects.in_force().filter(case__subject=person, kind__in=effects.OF_PERSON)
    return ours.filter(in_force_at=person.suspended_at).exists()


def _newest_of(person: Person) -> Conversation | None:
    """Locked, before the case."""
    stay = ConversationMember.objects.of(person.id).order_by(F("left_seq").asc(nulls_first=True), "-conversation_id").first()
    rows = Conversation.objects.select_related("data_key", "circle__programme").locked()
    return None if stay is None else rows.filter(id=stay.conversation_id).first()
