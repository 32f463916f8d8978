"""What somebody was told lately, and how much of it by SMS: what the bounds of `policy` are counted from."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from notifications.models import AddressKind, Delivery, Notice, NoticeKind, NoticeState, PushAddress
from notifications.policy import MOVES, OWN

LONGEST_WINDOW = timedelta(days=1)  # `every_minutes` is at most that; a nudge a day
Matter = tuple[UUID, str, str]


class Recently:
    """What these people were told of what these notices are about, before them and by them."""

    def __init__(self, notices: Sequence[Notice], addresses: Collection[PushAddress], *, now: datetime) -> None:
        self._told: dict[Matter, tuple[datetime, str]] = {}
        self._pressing: dict[Matter, int] = defaultdict(int)
        self._sms: dict[tuple[UUID, bool], list[datetime]] = defaultdict(list)
        told = Notice.objects.filter(
            person_id__in={notice.person_id for notice in notices}, state=NoticeState.TOLD, told_at__gt=now - LONGEST_WINDOW
        )
        about = told.filter(Q(collapse_key__in={notice.collapse_key for notice in notices}) | Q(kind=NoticeKind.NUDGE))
        for notice in about.only("person_id", "kind", "detail", "collapse_key", "told_at", "at").order_by("told_at"):
            self._count(notice)
        by_sms = Delivery.objects.filter(
            kind=AddressKind.SMS,
            notice__person_id__in={address.person_id for address in addresses if address.kind == AddressKind.SMS},
            notice__told_at__gt=now - LONGEST_WINDOW,
        )
        for person_id, kind, at in by_sms.order_by("notice__told_at").values_list("notice__person_id", "notice__kind", "notice__told_at"):
            if at:
                self._sms[person_id, kind in OWN].append(at)

    def told_at(self, notice: Notice) -> datetime | None:
        """When the last one was told of the same matter; nudges are one matter, whatever they are about."""
        return self._told.get(_matter(notice), (None, ""))[0]

    def told_what(self, notice: Notice) -> str:
        return self._told.get(_matter(notice), (None, ""))[1]

    def pressing(self, notice: Notice) -> int:
        """How often a meeting there that was about to begin was told to move or be off."""
        return self._pressing[_matter(notice)]

    def sms_at(self, notice: Notice) -> Sequence[datetime]:
        return self._sms[notice.person_id, notice.kind in OWN]

    def remember(self, notice: Notice, *, by_sms: bool) -> None:
        """This one was told just now; the next ones must know."""
        self._count(notice)
        if by_sms and notice.told_at:
            self._sms[notice.person_id, notice.kind in OWN].append(notice.told_at)

    def _count(self, notice: Notice) -> None:
        if notice.told_at:
            self._told[_matter(notice)] = (notice.told_at, notice.detail)
        if notice.kind == NoticeKind.MEETING and notice.detail in MOVES and notice.at:
            self._pressing[_matter(notice)] += 1


def _matter(notice: Notice) -> Matter:
    return notice.person_id, notice.kind, "" if notice.kind == NoticeKind.NUDGE else notice.collapse_key
