"""Hiding a line for now, without a decision: at most 72 hours, and it restores itself."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from chat.actions import hiding
from chat.errors import EntryNotFound
from chat.models import Entry
from core.errors import Invalid
from moderation.actions import statements
from moderation.actions.changing import changed, lock, lock_held
from moderation.errors import NotFromHere
from moderation.models import Case
from moderation.permissions import Permission
from moderation.words import StatementKind

LONGEST = timedelta(hours=72)
AT_A_TIME = 200
KIND = "interim"  # in the letter, in the place of a decision's


def hide_for_now(case_id: UUID, *, hours: int, by: Person, version: int, now: datetime) -> Case:
    """Take the line out of sight until then; asked again, it may end sooner or later, but never after 72 hours from the first time.

    Its author gets a letter that says so.

    :raises Invalid: not 1 to 72 hours. :raises NotFromHere: no line, or it is hidden already, or was for 72 hours.
    :raises NotYourClaim: :raises StaleVersion: :raises Forbidden: :raises CaseNotFound: :raises OwnCircle:
    """
    with transaction.atomic():
        case = lock_held(case_id, by=by, permission=Permission.HIDE_FOR_NOW, version=version, now=now, with_conversation=True)
        until = now + timedelta(hours=hours)
        if not timedelta(hours=1) <= until - now <= LONGEST:
            raise Invalid(problems={"hours": ["Give 1 to 72 hours."]})
        begins = case.interim_at or now
        is_hidden_for_now = case.interim_until is not None
        if until > begins + LONGEST or not (is_hidden_for_now or _hide(case, now=now)):
            raise NotFromHere(state=str(case.state))
        case.interim_at, case.interim_until = begins, until
        if not is_hidden_for_now:
            _tell(case, StatementKind.RESTRICTION, now=now, until=until.isoformat())
        changed(case, "hidden_for_now", by=by, now=now, hours=hours)
    return case


def settle(case: Case, *, keeps_hidden: bool, now: datetime) -> None:
    """A locked case is decided: what was hidden for now stays hidden by that decision, or is given back.

    Its conversation is locked too. The decision writes the row of the audit log and the letter.
    """
    if case.interim_until is None:
        return
    case.interim_until = None
    if not keeps_hidden:
        _restore(case, now=now)


def restore_due(*, now: datetime) -> int:
    """Give back what was hidden for now and never decided; its author is told, unless they took it back meanwhile. How many."""
    over = Case.objects.filter(interim_until__lte=now).order_by("interim_until")
    return sum(_give_back(case_id, now=now) for case_id in list(over.values_list("id", flat=True)[:AT_A_TIME]))


def _give_back(case_id: UUID, *, now: datetime) -> bool:
    with transaction.atomic():
        case = lock(case_id, with_conversation=True)
        if case.interim_until is None or now < case.interim_until:
            return False
        settle(case, keeps_hidden=False, now=now)
        if _is_to_read(case):
            _tell(case, StatementKind.RESTORED, now=now)
        changed(case, "restored", by=None, now=now)
    return True


def _hide(case: Case, *, now: datetime) -> bool:
    """Whether it was there to hide: what an earlier decision hid is not ours to give back."""
    if case.target_seq is None:
        return False
    try:
        return hiding.hide(case.conversation_id, case.target_seq, now=now) is not None
    except EntryNotFound:
        return False


def _restore(case: Case, *, now: datetime) -> None:
    assert case.target_seq is not None  # only lines are hidden
    if Entry.objects.filter(conversation_id=case.conversation_id, seq=case.target_seq, hidden_seq__isnull=False).exists():
        hiding.restore(case.conversation_id, case.target_seq, now=now)


def _is_to_read(case: Case) -> bool:
    """There is nothing to say of a line that its author took back, or whose words were erased."""
    assert case.target_seq is not None  # only lines are hidden
    has_words = case.conversation.data_key_id is not None
    shown = Entry.objects.filter(conversation_id=case.conversation_id, seq=case.target_seq, retracted_seq=None, hidden_seq=None)
    return has_words and shown.exists()


def _tell(case: Case, kind: StatementKind, *, now: datetime, **said: str) -> None:
    if case.subject_id is not None:
        statements.make(person_id=case.subject_id, kind=kind, case=case, facts={"kind": KIND, **said}, now=now)
