"""May this notice go now, where to, and why not? Pure: everything it asks was gathered before (actions/circumstances.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from notifications.models import AddressKind, Notice, NoticeChoices, NoticeKind, PushAddress

HOLD = timedelta(seconds=60)  # while somebody has the app open, they may well read it themselves
LAST_USE = timedelta(minutes=30)  # before a meeting: who is reminded later than this cannot do much with it
SOON = timedelta(hours=3)  # that a meeting moves or is off so shortly before cannot wait
MOST_PRESSING = 3  # such news a day of one conversation
CIRCLE_EVERY = timedelta(minutes=15)
SMS_EVERY, MOST_SMS = timedelta(minutes=10), 10  # a day: each costs, and another member can cause them
DAY = timedelta(days=1)
CAUSED = frozenset({NoticeKind.ENTRY, NoticeKind.MEETING, NoticeKind.CIRCLE})  # what another member's doing makes ring
OWN = frozenset({NoticeKind.REMINDER, NoticeKind.CODE, NoticeKind.STATEMENT, NoticeKind.DUTY})  # what no other member can repeat
AT_ANY_HOUR = frozenset({NoticeKind.CODE, NoticeKind.INVITATION})  # asked for this minute; for a calendar, which does not ring
MOVES = frozenset({"move", "cancel"})
RESTS = frozenset({"paused", "resumed"})
ASKS = frozenset({"propose", "counter", "accept", "decline"})  # acts about a meeting that can wait; that it moves or is off cannot
NOW = "now:"  # a duty that rings at night too, by every way there is
CONSOLE = "console"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How things stand for one notice. Without a word about it: a person in Brussels who uses the service and chose nothing."""

    choices: NoticeChoices
    zone: ZoneInfo
    addresses: Sequence[PushAddress] = ()  # living and confirmed ones, and the one that a code goes to
    is_let_in: bool = True  # neither suspended nor gone
    is_present: bool = True  # in the conversation that it is about
    is_muted: bool = False
    is_off: bool = False  # the meeting was cancelled, or is another one by now; somebody did the duty
    unseen_since: datetime | None = None  # of the oldest line that it is about and that the person did not see
    is_live: bool = False  # a socket of theirs is open
    is_blocked: bool = False  # whoever asks was blocked by this person
    told_at: datetime | None = None  # when the last one of its kind about the same was; of a conversation's meetings: about any
    told_what: str = ""  # its detail
    pressing: int = 0  # news of this conversation within a day that did not wait
    sms_at: Sequence[datetime] = ()  # within a day, the oldest first: SMS of one's own, or of what others cause, as this one
    nudged_at: datetime | None = None
    has_console: bool = False


@dataclass(frozen=True, slots=True)
class Tell:
    """Now, to each of these; `None` is the console."""

    addresses: Sequence[PushAddress | None]


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """Never; `why` is a code that the person may read."""

    why: str


Fate = Tell | Wait | Drop


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nothing rings, on the clock where the person lives; equal ends: there are none."""

    begins: time
    ends: time
    zone: ZoneInfo

    @classmethod
    def of(cls, choices: NoticeChoices, zone: ZoneInfo) -> "Quiet":
        return cls(choices.quiet_from, choices.quiet_until, zone)

    def holds(self, at: datetime) -> bool:
        clock = at.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def end(self, at: datetime) -> datetime:
        """The first instant from `at` on that is not quiet; `at` itself where it is not."""
        if not self.holds(at):
            return at
        local = at.astimezone(self.zone)
        day = local.date() if local.time() < self.ends else local.date() + timedelta(days=1)
        return next(instant for fold in (0, 1) if (instant := self._on(day, self.ends, fold)) > at)

    def start(self, at: datetime) -> datetime:
        """When the quiet that holds at that instant began; `at` itself where it is not quiet."""
        if not self.holds(at):
            return at
        local = at.astimezone(self.zone)
        day = local.date() if local.time() >= self.begins else local.date() - timedelta(days=1)
        return min(self._on(day, self.begins, 0), at)

    def _on(self, day: date, clock: time, fold: int) -> datetime:
        return datetime.combine(day, clock, self.zone).replace(fold=fold).astimezone(UTC)


def fate_of(notice: Notice, around: Circumstances, now: datetime) -> Fate:
    """What becomes of a notice that is due."""
    if why := why_not(notice, around, now):
        return Drop(why)
    addresses = _addresses(notice, around)
    if not addresses:
        return Drop("no_address")
    if notice.kind in AT_ANY_HOUR or notice.detail.startswith(NOW):
        return Tell(addresses)
    until = _not_before(notice, around, now)
    if AddressKind.SMS in {address.kind for address in addresses if address} and (free_at := _sms_from(notice, around, now)) > until:
        others = [address for address in addresses if address and address.kind != AddressKind.SMS]
        if others and free_at > now + SMS_EVERY:  # enough of them for today
            addresses = others
        else:
            until = Quiet.of(around.choices, around.zone).end(free_at)
    if until <= now:
        return Tell(addresses)
    return Wait(until) if until < _useful_until(notice) else Drop("too_late")


def why_not(notice: Notice, around: Circumstances, now: datetime) -> str:
    """Why this is told no more, whether it waits or is on its way; empty when it still stands."""
    if not around.is_let_in:
        return "not_let_in"
    if now >= notice.expires_at:
        return "too_late"
    if not _is_wanted(notice, around.choices):
        return "not_wanted"
    if not around.is_present:
        return "left"
    if around.is_off:
        return "overtaken"
    if around.is_blocked:
        return "blocked"
    if around.is_muted and (_is_of_a_message(notice) or notice.detail in ASKS):
        return "muted"
    if notice.kind in {NoticeKind.ENTRY, NoticeKind.MEETING, NoticeKind.ESCALATION} and around.unseen_since is None:
        return "nothing_new"
    return _told_already(notice, around, now)


def _told_already(notice: Notice, around: Circumstances, now: datetime) -> str:
    told_at = around.told_at
    match notice.kind:
        case NoticeKind.ESCALATION if told_at and around.unseen_since and around.unseen_since <= told_at:
            return "told_before"  # one SMS, and no other until they have looked
        case NoticeKind.MEETING if told_at and told_at > notice.made_at:
            return "told_before"  # with another meeting of the same conversation
        case NoticeKind.CIRCLE if notice.detail in RESTS and notice.detail == around.told_what:
            return "nothing_new"  # to and fro
        case NoticeKind.NUDGE if around.nudged_at and _day(around.nudged_at, around) == _day(now, around):
            return "nudged_today"
    return ""


def escalation_due(notice: Notice, around: Circumstances, now: datetime) -> datetime | None:
    """When an SMS follows a notice that is told now, unless it is read; None: never. Only after a push, of what can be seen to be read."""
    minutes = around.choices.sms_after
    by_push = any(AddressKind(address.kind).is_push for address in around.addresses)
    if not minutes or not by_push or notice.kind not in {NoticeKind.ENTRY, NoticeKind.MEETING}:
        return None
    return now + timedelta(minutes=minutes) if _of_kind(around, AddressKind.SMS) else None


def _is_of_a_message(notice: Notice) -> bool:
    return notice.kind == NoticeKind.ENTRY or (notice.kind == NoticeKind.ESCALATION and not notice.detail)


def _is_wanted(notice: Notice, choices: NoticeChoices) -> bool:
    match notice.kind:
        case NoticeKind.ENTRY:
            return choices.messages
        case NoticeKind.MEETING:
            return choices.meetings
        case NoticeKind.CIRCLE:
            return choices.circles
        case NoticeKind.REMINDER:
            return choices.reminder_day if notice.detail == "day" else choices.reminder_hours
        case NoticeKind.NUDGE:
            return choices.nudges
        case NoticeKind.INVITATION:
            return choices.calendar_mail
        case NoticeKind.ESCALATION:
            return choices.sms_after is not None
        case _:
            return True


def _not_before(notice: Notice, around: Circumstances, now: datetime) -> datetime:
    """The earliest instant at which it may ring."""
    earliest = now
    if around.is_live and notice.kind in CAUSED:
        earliest = max(earliest, (around.unseen_since or notice.made_at) + HOLD)
    if around.told_at and notice.kind in CAUSED and not _is_pressing(notice, around, now):
        window = timedelta(minutes=around.choices.every_minutes)
        earliest = max(earliest, around.told_at + (max(window, CIRCLE_EVERY) if notice.kind == NoticeKind.CIRCLE else window))
    return Quiet.of(around.choices, around.zone).end(earliest)


def _is_pressing(notice: Notice, around: Circumstances, now: datetime) -> bool:
    """That a meeting which is about to begin moves or is off."""
    is_news = notice.kind == NoticeKind.MEETING and notice.detail in MOVES
    return is_news and notice.at is not None and notice.at <= now + SOON and around.pressing < MOST_PRESSING


def _sms_from(notice: Notice, around: Circumstances, now: datetime) -> datetime:
    """When the next SMS may go: so many a day, and not one upon another of what others cause."""
    times = around.sms_at
    earliest = times[-MOST_SMS] + DAY if len(times) >= MOST_SMS else now
    return max(earliest, times[-1] + SMS_EVERY) if times and notice.kind not in OWN else max(earliest, now)


def _useful_until(notice: Notice) -> datetime:
    if notice.kind == NoticeKind.REMINDER and notice.at:
        return min(notice.expires_at, notice.at - LAST_USE + timedelta(microseconds=1))  # half an hour before is still in time
    return notice.expires_at


def _addresses(notice: Notice, around: Circumstances) -> Sequence[PushAddress | None]:
    """Push always; SMS when there is none, or to repeat; mail when asked for, or when nothing else is left."""
    if notice.address_id is not None:
        return [address for address in around.addresses if address.id == notice.address_id]
    if notice.kind == NoticeKind.ESCALATION:
        return _of_kind(around, AddressKind.SMS)
    if notice.kind == NoticeKind.INVITATION:
        return _of_kind(around, AddressKind.EMAIL)
    if notice.detail.startswith(NOW) and around.addresses:
        return around.addresses
    mails = _of_kind(around, AddressKind.EMAIL)
    rings = [address for address in around.addresses if AddressKind(address.kind).is_push] or _of_kind(around, AddressKind.SMS)
    found: list[PushAddress | None] = [*rings, *(mails if around.choices.by_mail or not rings else [])]
    return found or ([None] if around.has_console else [])


def _of_kind(around: Circumstances, kind: AddressKind) -> list[PushAddress]:
    return [address for address in around.addresses if address.kind == kind]


def _day(at: datetime, around: Circumstances) -> date:
    return at.astimezone(around.zone).date()


def zone_of(name: str) -> ZoneInfo:
    """A zone; UTC for one that this machine's database does not know: one person's clock stops nobody else's notices."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
