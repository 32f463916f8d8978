"""A member flags a line or a person. Nothing changes for anybody; somebody looks."""

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from chat.errors import ConversationNotFound, EntryNotFound
from chat.models import Conversation, ConversationMember, Entry, EntryKind
from moderation import policy
from moderation.actions import evidence, gathering
from moderation.actions.evidence import KINDS, Window
from moderation.actions.gathering import Gathering, Subject
from moderation.errors import FlagReused, NothingToFlag, TooManyFlags
from moderation.models import Case, Flag, Signal
from moderation.words import FlagReason, Priority

MOST_AN_HOUR = 30
HOUR = timedelta(hours=1)


def flag(
    *,
    by_id: UUID,
    conversation_id: UUID,
    flag_id: UUID,
    reason: FlagReason,
    target: int | None = None,
    member: int | None = None,
    words: str = "",
    now: datetime,
) -> Flag:
    """Keep a flag in the case on its subject. The same again, however often a device sends it, is the same flag.

    :raises ConversationNotFound: never was in it. :raises EntryNotFound: not among the lines they may read.
    :raises NothingToFlag: :raises FlagReused: :raises TooManyFlags:
    """
    wanted = Flag(
        flag_id=flag_id, by_id=by_id, conversation_id=conversation_id, target_seq=target, member=member, reason=reason, at=now
    )  # fmt: skip
    try:
        with transaction.atomic():
            return _earlier(wanted, words.strip()) or _new(wanted, words.strip(), now=now)
    except IntegrityError:  # two tries of one device at once, in two conversations
        found = _earlier(wanted, words.strip())
        if found is None:
            raise
        return found


def _earlier(wanted: Flag, words: str) -> Flag | None:
    rows = Flag.objects.select_related("case__data_key").filter(by_id=wanted.by_id, flag_id=wanted.flag_id)
    found = rows.first()
    if found is None:
        return None
    is_same = (found.conversation_id, found.member, found.reason) == (wanted.conversation_id, wanted.member, wanted.reason)
    is_erased = found.case.data_key is None  # then nobody can say what the words were
    if not is_same or not _is_same_line(found, wanted.target_seq) or not (is_erased or found.words == words):
        raise FlagReused
    return found


def _is_same_line(found: Flag, target: int | None) -> bool:
    if found.target_seq == target or found.target_seq is None or target is None:
        return found.target_seq == target
    edits = Entry.objects.filter(conversation_id=found.conversation_id, seq=target, kind=EntryKind.EDIT)
    return edits.filter(target_seq=found.target_seq).exists()


def _new(wanted: Flag, words: str, *, now: datetime) -> Flag:
    conversation = _locked(wanted.conversation_id)
    earlier = _earlier(wanted, words)  # another try, while this one waited
    if earlier is not None:
        return earlier
    assert wanted.by_id is not None  # somebody flags; who it was is forgotten much later
    stay = _stay(wanted.by_id, conversation)
    _ensure_not_too_many(wanted.by_id, now=now)
    window = Window(stay.joined_seq, conversation.last_seq if stay.left_seq is None else stay.left_seq)
    subject = _subject(wanted, stay, window)
    case = gathering.lock_cases([subject]).get(subject)
    priority = _priority(FlagReason(wanted.reason), case)
    taken = gathering.take_in(subject, case, conversation=conversation, priority=priority, now=now)
    _keep(wanted, words, taken, subject, window, conversation, now=now)
    gathering.settle(taken, now=now)
    what = "flagged" if taken.how == "gathered" else taken.how
    gathering.write(taken, what, now=now, source="flag", flag=str(wanted.id), reason=str(wanted.reason))
    return wanted


def _keep(
    wanted: Flag, words: str, taken: Gathering, subject: Subject, window: Window, conversation: Conversation, *, now: datetime
) -> None:
    wanted.case, wanted.target_seq = taken.case, subject.seq
    wanted.take_words(words)
    is_their_first = not Flag.objects.filter(case=taken.case, by_id=wanted.by_id, at__gte=taken.case.opened_at).exists()
    taken.counts = taken.counts or is_their_first  # whoever flags a thing again and again unsettles nobody's work
    wanted.save(force_insert=True)
    centre = subject.seq
    if centre is None and subject.person_id is not None:
        centre = evidence.newest_of(conversation.id, subject.person_id, window=window)
    if centre is not None:
        taken.lines = evidence.freeze(taken.case, conversation, centre=centre, window=window, now=now)


def _locked(conversation_id: UUID) -> Conversation:
    """:raises ConversationNotFound:"""
    rows = Conversation.objects.select_related("data_key", "circle__programme")
    conversation = rows.locked().filter(id=conversation_id).first()
    if conversation is None:
        raise ConversationNotFound
    return conversation


def _stay(person_id: UUID, conversation: Conversation) -> ConversationMember:
    """Their newest one, also when it is over: what they can still read they can still flag. :raises ConversationNotFound:"""
    found = ConversationMember.objects.of(person_id).filter(conversation=conversation).order_by("-number").first()
    if found is None:
        raise ConversationNotFound
    return found


def _ensure_not_too_many(person_id: UUID, *, now: datetime) -> None:
    """:raises TooManyFlags: more than thirty within an hour."""
    recent = Flag.objects.filter(by_id=person_id, at__gt=now - HOUR).order_by("-at").values_list("at", flat=True)[:MOST_AN_HOUR]
    times = list(recent)
    if len(times) == MOST_AN_HOUR:
        raise TooManyFlags(retry_after=max(1, ceil((times[-1] + HOUR - now).total_seconds())))


def _subject(wanted: Flag, stay: ConversationMember, window: Window) -> Subject:
    """:raises NothingToFlag: :raises EntryNotFound:"""
    if wanted.target_seq is not None and wanted.member is None:
        return _line(wanted.conversation_id, wanted.target_seq, stay, window)
    if wanted.member is None or wanted.target_seq is not None:
        raise NothingToFlag
    others = ConversationMember.objects.filter(conversation_id=wanted.conversation_id, number=wanted.member)
    other = others.exclude(person_id=stay.person_id).first()
    if other is None or not _have_met(other, window):
        raise NothingToFlag
    return Subject(wanted.conversation_id, None, other.person_id)


def _line(conversation_id: UUID, seq: int, stay: ConversationMember, window: Window) -> Subject:
    """What was said in a line; an edit or a retraction stands for what it changed."""
    log = Entry.objects.filter(conversation_id=conversation_id, seq__gte=window.first, seq__lte=window.last)
    row = log.filter(seq=seq).first()
    if row is not None and row.target_seq is not None and row.kind in {EntryKind.EDIT, EntryKind.RETRACT}:
        row = log.filter(seq=row.target_seq).first()
    if row is None:
        raise EntryNotFound
    if row.kind not in KINDS or row.sender_id == stay.person_id:
        raise NothingToFlag
    return Subject(conversation_id, row.seq, row.sender_id)


def _have_met(other: ConversationMember, window: Window) -> bool:
    return other.joined_seq <= max(window.last, 1) and (other.left_seq is None or other.left_seq >= window.first)


def _priority(reason: FlagReason, case: Case | None) -> Priority:
    worst = 0 if case is None else Signal.objects.filter(case=case).aggregate(most=Max("severity"))["most"] or 0
    return Priority.DANGER if policy.is_danger(reason, worst) else policy.OF_REASON[reason]
