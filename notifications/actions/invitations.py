"""Who wants meetings in their own calendar gets them by mail, and gets them out of it again (RFC 5546).

One invitation waits for each meeting and person, and it is written when it goes, from how things are then. Its `dedupe_key` holds a
digest of what the calendar is to show, so an act that changes nothing there, such as somebody else's yes, sends nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from hashlib import blake2b
from uuid import UUID

from django.conf import settings

from meetings.calendar import itip
from meetings.calendar.planned import Planned, name_for
from meetings.models import Meeting
from notifications.actions import waiting
from notifications.actions.gatherings import Gathering, gathered
from notifications.models import AddressKind, Notice, NoticeKind, NoticeState, PushAddress

SETTLES = timedelta(minutes=1)  # in which somebody changes their mind, and one mail says it
LASTS = timedelta(days=2)
REQUEST, CANCEL = "request", "cancel"
NOBODY = 0  # the number of somebody who left

Place = tuple[UUID, UUID]  # a meeting, a person


@dataclass(frozen=True, slots=True)
class Said:
    """What was sent, or is to be: `request` or `cancel`, and what the calendar shows by that."""

    method: str
    key: str


def follow(gatherings: Sequence[Gathering], *, now: datetime) -> None:
    """Let an invitation wait for everybody whose calendar shows something else than is so. The caller locked the meetings."""
    to_come = [one for one in gatherings if one.row.open_until is None or one.row.open_until > now]
    ids = [one.row.id for one in to_come]
    known = Notice.objects.filter(kind=NoticeKind.INVITATION, meeting_id__in=ids)
    waits = {_place(one): one for one in known.filter(state=NoticeState.WAITING).select_for_update()}  # what is told now, is told
    last = {_place(one): Said(one.detail, one.dedupe_key) for one in known.filter(state=NoticeState.TOLD).order_by("told_at")}
    wants = _wants_mail(guest.person_id for gathering in to_come for guest in gathering.guests.values())
    for gathering in to_come:
        shown = {
            person_id: _shown(gathering, number, last.get((gathering.row.id, person_id)), now=now)
            for number, person_id in _numbers(gathering).items()
            if person_id in wants
        }
        gone = {person_id for meeting_id, person_id in [*last, *waits] if meeting_id == gathering.row.id} - shown.keys()
        for person_id, digest in {**shown, **dict.fromkeys(gone, "")}.items():
            place = (gathering.row.id, person_id)
            _settle(gathering, person_id, _due(place, digest, last.get(place)), waits.get(place), now=now)


def part_for(notice: Notice, *, receiver: str, now: datetime) -> tuple[str, bytes] | None:
    """The method and the text of an invitation, as the meeting is at this moment; none where there is nothing to say any more."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    found = gathered(Meeting.objects.filter(id=_place(notice)[0]))
    if not found or not sender:
        return None
    (gathering,) = found
    numbers = {person_id: number for number, person_id in _numbers(gathering).items()}
    planned = _planned(gathering, numbers.get(notice.person_id, NOBODY), notice.person_id)
    language = notice.person.language
    was_invited = _was_invited(notice)
    if _is_shown(planned, was_invited=was_invited):
        text = itip.request(planned, sender=sender, receiver=receiver, language=language, now=now)
        if text:
            return "REQUEST", text
    if was_invited:
        return "CANCEL", itip.cancel(planned, sender=sender, receiver=receiver, language=language, now=now)
    return None


def _due(place: Place, digest: str, last: Said | None) -> Said | None:
    """What is to be sent, after what was sent last; nothing when that says the same."""
    method = REQUEST if digest else CANCEL
    if method == CANCEL and (last is None or last.method == CANCEL):
        return None
    said = Said(method, f"invitation:{place[0].hex}:{place[1].hex}:{method}:{digest}")
    return None if said == last else said


def _settle(gathering: Gathering, person_id: UUID, due: Said | None, waits: Notice | None, *, now: datetime) -> None:
    if waits is not None and (due is None or due.key != waits.dedupe_key):
        waiting.remove([waits.id])
    if due is None or (waits is not None and due.key == waits.dedupe_key):
        return
    meeting = gathering.row
    Notice.objects.create(
        person_id=person_id,
        kind=NoticeKind.INVITATION,
        detail=due.method,
        conversation_id=None if due.method == CANCEL else meeting.conversation_id,  # whoever left hears that it is off, too
        meeting_id=meeting.id,
        made_at=now,
        due_at=now + SETTLES if waits is None else waits.due_at,
        expires_at=now + LASTS,
        dedupe_key=due.key,
        collapse_key=meeting.id.hex,
    )


def _shown(gathering: Gathering, number: int, last: Said | None, *, now: datetime) -> str:
    """A digest of what somebody's calendar is to show; empty when that is nothing. The same all year, whatever did not change."""
    planned = _planned(gathering, number)
    if not _is_shown(planned, was_invited=last is not None and last.method == REQUEST):
        return ""
    a_day = datetime(now.year, 1, 1, tzinfo=UTC)
    plain = replace(planned, sequence=0, changed_at=a_day)
    text = itip.request(plain, sender="us", receiver="them", language="nl", now=a_day)
    return blake2b(text, digest_size=12).hexdigest() if text else ""


def _is_shown(planned: Planned, *, was_invited: bool) -> bool:
    """Whoever comes sees what is agreed; and whoever saw it sees where it went, until they say no or nobody is left to say yes."""
    meeting = planned.meeting
    if meeting.state == "agreed" and planned.number in meeting.yes:
        return True
    return was_invited and meeting.state in {"agreed", "proposed"} and planned.number not in {NOBODY, *meeting.no}


def _planned(gathering: Gathering, number: int, person_id: UUID | None = None) -> Planned:
    """As one reader has it; without a reader only what it shows counts, not how it is called."""
    row = gathering.row
    name = name_for(row.id, person_id) if person_id else ""
    return Planned(row.id, row.conversation_id, row.sequence, row.changed_at, gathering.plan, number, gathering.away, name)


def _was_invited(notice: Notice) -> bool:
    """Whether the last that they were sent about it was no cancellation."""
    before = Notice.objects.filter(kind=NoticeKind.INVITATION, meeting_id=notice.meeting_id, person_id=notice.person_id)
    last = before.filter(state=NoticeState.TOLD).exclude(id=notice.id).order_by("told_at").last()
    return last is not None and last.detail == REQUEST


def _wants_mail(person_ids: Iterable[UUID]) -> set[UUID]:
    mails = PushAddress.objects.alive().filter(kind=AddressKind.EMAIL, person_id__in=set(person_ids))
    return set(mails.filter(person__notice_choices__calendar_mail=True).values_list("person_id", flat=True))


def _numbers(gathering: Gathering) -> Mapping[int, UUID]:
    return {number: guest.person_id for number, guest in gathering.guests.items()}


def _place(notice: Notice) -> Place:
    assert notice.meeting_id is not None  # an invitation is to a meeting
    return notice.meeting_id, notice.person_id
