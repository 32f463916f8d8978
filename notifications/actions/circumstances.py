"""Gather how things stand for many notices at once, in a fixed number of queries, so that the rule of `policy` can be pure."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Block, Person
from chat.models import Concealment, ConversationMember, Entry, EntryKind
from meetings.models import Meeting
from notifications.actions import calls, reminders
from notifications.actions.gatherings import gathered
from notifications.actions.recently import Recently
from notifications.models import Notice, NoticeChoices, NoticeKind, Presence, PushAddress
from notifications.policy import Circumstances, zone_of

Place = tuple[UUID, UUID | None]
_OF_MEETINGS = frozenset({NoticeKind.REMINDER, NoticeKind.NUDGE})


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody who is present in a conversation; the oldest message, and line about a meeting, that they did not see."""

    muted_until: datetime | None
    message: tuple[int, datetime] | None
    meeting: tuple[int, datetime] | None

    def unseen_since(self, notice: Notice) -> datetime | None:
        """What an escalation repeats is unseen while something up to what was told then is."""
        is_of_meeting = notice.meeting_id is not None
        oldest = self.meeting if is_of_meeting else self.message
        if oldest is None or (notice.kind == NoticeKind.ESCALATION and notice.seq is not None and oldest[0] > notice.seq):
            return None
        return oldest[1]


class Around:
    """The circumstances of these notices. `here` are those with a socket in this process."""

    def __init__(self, notices: Sequence[Notice], *, now: datetime, here: Collection[UUID] = ()) -> None:
        self.now = now
        people = {notice.person_id for notice in notices}
        self.people = Person.objects.in_bulk(people)
        self.choices = NoticeChoices.objects.in_bulk(people)
        self.addresses = _addresses(notices, people)
        self.stays = _stays(notices)
        self.live = people & {*here, *Presence.objects.filter(person_id__in=people, until__gt=now).values_list("person_id", flat=True)}
        self.recently = Recently(notices, [one for own in self.addresses.values() for one in own], now=now)
        self.blocked = _blocked(notices)
        self.done = calls.done(notices)
        self.standing = reminders.standing([notice for notice in notices if notice.kind in _OF_MEETINGS], now=now)

    def of(self, notice: Notice) -> Circumstances:
        person = self.people[notice.person_id]
        stay = self.stays.get((notice.person_id, notice.conversation_id))
        return Circumstances(
            choices=self.choices.get(person.id) or NoticeChoices(person=person),
            zone=zone_of(person.zone),
            addresses=[one for one in self.addresses[person.id] if one.confirmed_at or one.id == notice.address_id],
            is_let_in=person.may_use_the_service(),
            is_present=notice.conversation_id is None or stay is not None,
            is_muted=bool(stay and stay.muted_until and stay.muted_until > self.now),
            is_off=self._is_off(notice),
            unseen_since=stay.unseen_since(notice) if stay else None,
            is_live=person.id in self.live,
            is_blocked=notice.id in self.blocked,
            told_at=self.recently.told_at(notice),
            told_what=self.recently.told_what(notice),
            pressing=self.recently.pressing(notice),
            sms_at=self.recently.sms_at(notice),
            nudged_at=self.recently.told_at(notice) if notice.kind == NoticeKind.NUDGE else None,
            has_console=settings.MAATJE_NOTICES_CONSOLE,
        )

    def _is_off(self, notice: Notice) -> bool:
        """A reminder of what does not take place, or not then, or without them; a question that was answered or is another one."""
        return notice.id in self.done or (notice.kind in _OF_MEETINGS and notice.meeting_id is not None and notice.id not in self.standing)


def _addresses(notices: Sequence[Notice], people: Collection[UUID]) -> dict[UUID, list[PushAddress]]:
    asked = {notice.address_id for notice in notices if notice.address_id}
    found: dict[UUID, list[PushAddress]] = defaultdict(list)
    wanted = Q(confirmed_at__isnull=False) | Q(id__in=asked)
    for address in PushAddress.objects.filter(wanted, person_id__in=people, dead_at=None).order_by("made_at", "id"):
        found[address.person_id].append(address)
    return found


def _stays(notices: Sequence[Notice]) -> dict[Place, Stay]:
    places = {(notice.person_id, notice.conversation_id) for notice in notices if notice.conversation_id}
    present = ConversationMember.objects.present().filter(
        person_id__in={person_id for person_id, _ in places}, conversation_id__in={conversation_id for _, conversation_id in places}
    )
    has_meetings = any(notice.meeting_id for notice in notices)
    found = present.annotate(
        message=_oldest_unseen(EntryKind.MESSAGE), meeting=_oldest_unseen(EntryKind.MEETING) if has_meetings else F("left_seq")
    ).values_list("person_id", "conversation_id", "muted_until", "message", "meeting")
    rows = [row for row in found if (row[0], row[1]) in places]
    at = _instants({(conversation_id, seq) for _, conversation_id, _, *seqs in rows for seq in seqs if seq})
    return {
        (person_id, conversation_id): Stay(
            muted_until,
            (message, at[conversation_id, message]) if message else None,
            (meeting, at[conversation_id, meeting]) if meeting else None,
        )
        for person_id, conversation_id, muted_until, message, meeting in rows
    }


def _oldest_unseen(kind: EntryKind) -> Subquery:
    """The first line of others that this stay may see, did not read, and that was not taken back."""
    blocked = Block.objects.filter(blocker=OuterRef(OuterRef("person")), blocked=OuterRef("sender"))
    before = Concealment.objects.filter(  # whom they met here after the block is hidden altogether
        conversation=OuterRef("conversation"),
        blocker=OuterRef(OuterRef("person")),
        blocked=OuterRef("sender"),
        from_seq__gt=OuterRef("seq"),
    )
    unseen: QuerySet[Entry] = Entry.objects.filter(
        ~Exists(blocked) | Exists(before),
        conversation=OuterRef("conversation"),
        seq__gt=OuterRef("read_seq"),
        seq__gte=OuterRef("joined_seq"),
        kind=kind,
        retracted_seq=None,
        hidden_seq=None,
    ).exclude(author_number=OuterRef("number"))
    return Subquery(unseen.order_by("seq").values("seq")[:1])


def _instants(lines: set[tuple[UUID, int]]) -> dict[tuple[UUID, int], datetime]:
    found = Entry.objects.filter(conversation_id__in={one for one, _ in lines}, seq__in={seq for _, seq in lines})
    return {(conversation_id, seq): at for conversation_id, seq, at in found.values_list("conversation_id", "seq", "at")}


def _blocked(notices: Sequence[Notice]) -> set[UUID]:
    """The ids of the nudges of those who blocked whoever asks. Answers and news were sorted out when they were written (notices.py)."""
    nudges = [notice for notice in notices if notice.kind == NoticeKind.NUDGE and notice.meeting_id]
    blocks = set(Block.objects.filter(blocker_id__in={notice.person_id for notice in nudges}).values_list("blocker_id", "blocked_id"))
    if not blocks:
        return set()
    meetings = Meeting.objects.filter(id__in={notice.meeting_id for notice in nudges})
    asking = {one.row.id: (one.row.conversation_id, one.plan.proposer) for one in gathered(meetings)}
    seats = ConversationMember.objects.filter(conversation_id__in={place for place, _ in asking.values()})
    who = {(place, number): person_id for place, number, person_id in seats.values_list("conversation_id", "number", "person_id")}
    return {one.id for one in nudges if (one.person_id, who.get(asking.get(one.meeting_id or one.id, (one.id, 0)))) in blocks}
