"""From deliveries to letters: the last look at each before it goes, its address opened, and its words."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from notifications.actions import addresses, invitations, telling
from notifications.actions.claiming import CONSOLE
from notifications.models import Delivery, NoticeChoices, NoticeKind, Shows
from notifications.policy import zone_of
from notifications.sending import Letter
from notifications.words import code_text, text_of

DAYS = {0: "hours", 1: "day"}  # "today", "tomorrow"; of another day there is nothing to say
CAN_WAIT = frozenset({NoticeKind.NUDGE, NoticeKind.CIRCLE})  # for the phone to wake up by itself


def written(deliveries: Sequence[Delivery], *, now: datetime) -> dict[UUID, Letter]:
    """The letter of each delivery that is still worth sending; one that was overtaken, or leads nowhere any more, has none."""
    overtaken = telling.overtaken(deliveries, now=now)
    values = addresses.values([one.address for one in deliveries if one.address is not None])
    people = {one.notice.person_id for one in deliveries}
    talkative = set(NoticeChoices.objects.filter(person_id__in=people, shows=Shows.KIND).values_list("person_id", flat=True))
    letters = {}
    for delivery in deliveries:
        value = "" if delivery.kind == CONSOLE else values.get(delivery.address_id) if delivery.address_id else None
        if delivery.id not in overtaken and value is not None and delivery.expires_at > now:
            shows = Shows.KIND if delivery.notice.person_id in talkative else Shows.NOTHING
            if letter := _letter(delivery, value, shows, now):
                letters[delivery.id] = letter
    return letters


def _letter(delivery: Delivery, value: str, shows: Shows, now: datetime) -> Letter | None:
    language, method, calendar = delivery.notice.person.language, "", b""
    if delivery.notice.kind == NoticeKind.INVITATION:
        part = invitations.part_for(delivery.notice, receiver=value, now=now)
        if part is None:
            return None
        method, calendar = part
    return Letter(
        id=delivery.id,
        kind=delivery.kind,
        address=value,
        text=_text(delivery, shows, language, now),
        language=language,
        topic=delivery.collapse_key,
        ttl=max(1, int((delivery.expires_at - now).total_seconds())),
        is_urgent=delivery.notice.kind not in CAN_WAIT,
        calendar=calendar,
        method=method,
        whose=delivery.notice.person_id,
    )


def _text(delivery: Delivery, shows: Shows, language: str, now: datetime) -> str:
    notice = delivery.notice
    if notice.kind == NoticeKind.CODE and delivery.address is not None:
        return code_text(delivery.address.code(), language=language)
    detail, time, zone = notice.detail, "", zone_of(notice.person.zone)
    if notice.at:
        begins = notice.at.astimezone(zone)
        time = begins.strftime("%H:%M")
        if notice.kind == NoticeKind.REMINDER:  # its words are those of the day on which it goes, whatever held it up
            days = (begins.date() - now.astimezone(zone).date()).days
            detail = DAYS.get(days, "")
    return text_of(notice.kind, detail, shows=shows, language=language, time=time)
