"""What a decision does to messages, circles and people, and how it is undone: through the actions of the apps below, in its transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actions import devices, people
from accounts.models import Person
from chat.actions import conversations, hiding
from chat.errors import EntryNotFound
from chat.models import Conversation, Entry, EntryQuerySet
from meetings.actions import planning
from moderation.actions import holding, interim
from moderation.errors import NotFromHere, NothingToHide
from moderation.models import Case, Decision
from moderation.models.decisions import DecisionQuerySet
from moderation.words import DecisionKind
from programmes.actions import circles
from programmes.models import Circle, EndReason, State

K = DecisionKind
OF_PERSON = frozenset({K.SUSPEND, K.BAN})
OF_CIRCLE = frozenset({K.PAUSE_CIRCLE, K.PART_WAYS})
HIDES = frozenset({K.HIDE, K.SUSPEND, K.BAN})  # whoever goes for what they wrote, goes with it
LETS_GO = frozenset({K.NOTHING, K.NOTE})  # what waited to be let through is delivered after all
BEFORE_ACTIVE = frozenset({State.INTRODUCED, State.TRIAL})  # such a circle has no rest: its conversation has


def lock_before(case_id: UUID, kind: DecisionKind) -> None:
    """Lock what an effect and its letters will touch, in the one order of the house: people, circle, conversations; then the case."""
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        return
    concerned = {id_ for id_ in (*case.flags.values_list("by_id", flat=True), case.subject_id) if id_}
    list(Person.objects.filter(id__in=concerned).order_by("id").select_for_update(of=("self",), no_key=True))
    if kind in OF_CIRCLE:
        Circle.objects.locked(case.circle_id)
    shared = Conversation.objects.filter(id=case.conversation_id)
    if kind in OF_PERSON and case.subject_id:
        shared |= Conversation.objects.filter(members__person_id=case.subject_id)
    list(Conversation.objects.locked().filter(id__in=shared.values("id")))


def carry_out(decision: Decision, *, by: Person, now: datetime) -> dict[str, Any]:
    """Do what was decided in a locked case; gives what its letters must say beside it, as facts.

    What was hidden for now is given back, unless this hides it; what still waited to be let through goes only where nothing is taken
    from anybody, and nobody outside is asked for help. `by` is who decided, or who agreed.

    :raises NothingToHide: also what is out of sight already: two measures on one line could not be undone one by one.
    :raises NotInThisState: the circle is not at that point. :raises Forbidden: not within their reach.
    """
    case, kind = decision.case, DecisionKind(decision.kind)
    was_hidden = case.interim_until is None and is_hidden(case)
    interim.settle(case, keeps_hidden=kind in HIDES, now=now)
    hidden = kind in HIDES and _hide(case, now=now)
    declined = 0
    if kind in LETS_GO:
        holding.let_go(case, now=now)
    else:
        declined = holding.decline(decision)
    match kind:
        case K.HIDE if was_hidden or not (hidden or declined):
            raise NothingToHide
        case K.PAUSE_CIRCLE:
            _pause(case, by=by, now=now)
        case K.PART_WAYS:
            circles.end(circle=case.circle, reason=EndReason.SAFETY, by=by, for_safety=True, now=now)
        case K.SUSPEND | K.BAN:
            _shut_out(case, kind, by=by, now=now)
    found = {"also_hidden": hidden and kind is not K.HIDE, "declined": bool(declined), "was_hidden": was_hidden}
    return {name: True for name, is_so in found.items() if is_so}


def undo(decision: Decision, *, by: Person | None, now: datetime) -> dict[str, Any]:
    """Give back what a decision took, as far as nothing else takes it too. `by` is absent when its time was simply over.

    A circle that ended does not begin again by itself: its coordinator hears of it, and proposes it anew. Gives what the letter must
    say, as facts: `line` (`back`, `stays` hidden, or `gone` with its author), `held` as in `holding.give_back`.
    """
    case, kind = decision.case, DecisionKind(decision.kind)
    if kind in HIDES and not _others(decision, HIDES).exists():
        _restore(case, now=now)
    if kind is K.PAUSE_CIRCLE:
        _resume(decision, by=by, now=now)
    elif kind in OF_PERSON:
        _let_back(decision, by=by, now=now)
    found = {"line": _line_now(case) if kind in HIDES else "", "held": holding.give_back(decision, now=now)}
    return {name: how for name, how in found.items() if how}


def end(decision: Decision, *, by: Person | None, now: datetime) -> None:
    """The time of a pause or a suspension is over. What was hidden with it stays hidden."""
    if decision.kind == K.PAUSE_CIRCLE:
        _resume(decision, by=by, now=now)
    elif decision.kind in OF_PERSON:
        _let_back(decision, by=by, now=now)


def _hide(case: Case, *, now: datetime) -> bool:
    """Whether it is out of sight now, by us or since before; what was taken back needs no hiding."""
    if case.target_seq is None:
        return False
    try:
        hiding.hide(case.conversation_id, case.target_seq, now=now)
    except EntryNotFound:
        return False
    return is_hidden(case)


def is_hidden(case: Case) -> bool:
    """Whether the line that it is about is out of sight."""
    return case.target_seq is not None and _line(case).filter(hidden_seq__isnull=False).exists()


def _line_now(case: Case) -> str:
    if case.target_seq is None:
        return ""
    if is_hidden(case):
        return "stays"
    return "back" if _line(case).filter(retracted_seq=None).exists() else "gone"


def _line(case: Case) -> EntryQuerySet:
    """The row of the line that it is about; none where it is about a person."""
    return Entry.objects.filter(conversation_id=case.conversation_id, seq=case.target_seq or 0)


def _restore(case: Case, *, now: datetime) -> None:
    if case.target_seq is not None and _line(case).exists():
        hiding.restore(case.conversation_id, case.target_seq, now=now)


def _pause(case: Case, *, by: Person, now: datetime) -> None:
    circle = Circle.objects.get(id=case.circle_id)
    if circle.state in BEFORE_ACTIVE:
        conversations.pause(conversation_id=case.conversation_id, now=now)
        planning.end_all(circle_id=circle.id, now=now)
    else:
        circles.pause(circle=circle, by=by, for_safety=True, now=now)


def _resume(decision: Decision, *, by: Person | None, now: datetime) -> None:
    """What a coordinator resumed, ended or paused for another reason since stays as they left it."""
    if _others(decision, {K.PAUSE_CIRCLE}).exists():
        return
    circle = Circle.objects.get(id=decision.case.circle_id)
    paused_for_this = circle.paused_at is not None and decision.in_force_at is not None and circle.paused_at <= decision.in_force_at
    if circle.state == State.PAUSED and paused_for_this and circle.coordinator_id and circle.deputy_id:
        circles.resume(circle=circle, by=by, for_safety=True, now=now)
    elif circle.state in BEFORE_ACTIVE:
        conversations.resume(conversation_id=decision.case.conversation_id)


def _shut_out(case: Case, kind: DecisionKind, *, by: Person, now: datetime) -> None:
    if case.subject is None:
        raise NotFromHere(state=str(case.state))
    people.suspend(person=case.subject, by=by, now=now)
    if kind is K.BAN:
        devices.revoke_all(person=case.subject, by=by, now=now)


def _let_back(decision: Decision, *, by: Person | None, now: datetime) -> None:
    """Nobody comes back whom another decision, or a coordinator before it, keeps out."""
    person = decision.case.subject
    if person is None or person.suspended_at is None or _others(decision, OF_PERSON).exists():
        return
    ours = Decision.objects.filter(case__subject=person, kind__in=OF_PERSON, in_force_at=person.suspended_at)
    if ours.exists():
        people.unsuspend(person=person, by=by, now=now)


def _others(decision: Decision, kinds: frozenset[DecisionKind] | set[DecisionKind]) -> DecisionQuerySet:
    """Other decisions that still do the same to the same: a line, a circle, or a person.

    What was hidden stays so when the time of a suspension is over; so does what a second decision keeps hidden.
    """
    case = decision.case
    if kinds == HIDES:
        hiding_it = Decision.objects.filter(kind__in=kinds, in_force_at__isnull=False, overturned_at=None).exclude(id=decision.id)
        return hiding_it.filter(case__conversation_id=case.conversation_id, case__target_seq=case.target_seq)
    rows = Decision.objects.in_force().filter(kind__in=kinds).exclude(id=decision.id)
    return rows.filter(case__circle_id=case.circle_id) if K.PAUSE_CIRCLE in kinds else rows.filter(case__subject_id=case.subject_id)
