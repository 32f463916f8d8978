"""Following conversations: what is offered live, what is caught up with from the log, and whether access still holds."""

from collections.abc import Collection, Iterable
from typing import Any, Literal
from uuid import UUID

from django.conf import settings

from accounts import policy
from chat import frames, reading
from chat.actions.marks import Progress
from chat.delivery import EntryDelivery
from chat.feed import Track
from chat.session.giving import Giving
from core import clock
from live.close_codes import CloseCode
from live.pool import read

BATCH = 50
RESUME_WITHIN = 30  # seconds
SILENT_HEARTBEATS = 2.5  # a device that misses this many is gone, whatever its network says


class Following(Giving):
    """An Outlet of the hub. Nothing is followed before the device has resumed (`stage` is then `live`)."""

    stage: Literal["new", "resuming", "live"] = "new"
    _missed_news = False
    _missed_marks: frozenset[UUID] = frozenset()
    _marks_being_read: frozenset[UUID] = frozenset()
    _told_letters = 0
    _is_refreshing = False
    _is_rechecking = False

    def offer_entry(self, delivery: EntryDelivery, *, conceals: bool) -> None:
        if self.feed.is_next(delivery.conversation_id, delivery.seq):
            said = self.codec.entry(delivery, self.person_id, conceals=conceals)
            self.give(said, is_event=True, delivers=(delivery.conversation_id, delivery.seq))
        elif delivery.conversation_id in self.feed.tracks:
            self.pump()
        else:
            self.refresh()

    def offer_marks(self, marks: frames.Marks) -> None:
        is_followed = self.stage == "live" and marks.conversation in self.feed.tracks
        if is_followed and self.feed.has_room and marks.conversation not in self._marks_being_read:
            self.give_marks(marks)
        else:
            self.miss_marks(marks.conversation)

    def miss_marks(self, conversation_id: UUID) -> None:
        if self.stage == "resuming" or conversation_id in self.feed.tracks:  # of any other the card is still to come
            self._missed_marks |= {conversation_id}

    def is_reading_more(self) -> bool:
        return any(track.is_loading for track in self.feed.tracks.values())

    def begin(self, follows: Iterable[reading.Follow], *, stored: Collection[Any]) -> None:
        """Follow everything; what the device said it stored (by conversation) is delivered."""
        for follow in follows:
            self.take_up(follow)
            self.feed.tracks[follow.conversation_id].stamp = follow.stamp
            if follow.conversation_id in stored and follow.given > follow.delivered:
                self.backstage.mark(Progress(self.person_id, follow.conversation_id, delivered=follow.given), lambda _: None)
        self.stage = "live"
        self.pump()
        if self._missed_news:
            self.refresh()

    def pump(self) -> None:
        """Give what lags behind while there is room; without room, tell how much there is."""
        if self.is_gone:
            return
        if not self.feed.has_room:
            for conversation_id, seq in self.feed.untold_heads():
                self.give(frames.Head(conversation_id, seq))
            return
        for conversation_id, track in list(self.feed.behind()):
            track.is_loading = True
            self.in_background(self._catch_up(conversation_id, track))
        if self._missed_marks and not self._marks_being_read:
            self._marks_being_read, self._missed_marks = self._missed_marks, frozenset()
            self.in_background(self._tell_marks(self._marks_being_read))

    async def _tell_marks(self, wanted: frozenset[UUID]) -> None:
        """Those that rise meanwhile are looked up once more, so that none is told lower than before."""
        try:
            found = await read(reading.cards, self.person_id, now=clock.now(), only=wanted)
        except BaseException:
            self._missed_marks |= wanted
            raise
        finally:
            self._marks_being_read = frozenset()
        for card in found:
            marks = [frames.Mark(member.number, member.delivered_seq, member.read_seq) for member in card.members]
            self.offer_marks(frames.Marks(card.id, marks))
        self.pump()

    async def _catch_up(self, conversation_id: UUID, track: Track) -> None:
        try:
            while track.given < track.head and self.feed.has_room and not self.is_gone:
                known = track.head
                entries, head = await read(
                    reading.missed, self.person_id, conversation_id, after=track.given, limit=BATCH, version=self.access_version
                )
                fresh = [entry for entry in entries if entry.seq > track.given]  # a `sent` reply may have been faster
                if fresh:
                    place = (conversation_id, fresh[-1].seq)
                    self.give(frames.Entries(conversation_id, fresh), is_event=True, delivers=place)
                offered = track.head if track.head > known else 0  # committed while we read
                track.head = max(track.given, offered, head if entries else 0)
        finally:
            track.is_loading = False
        self.hurry()
        if track.given < track.head:
            self.pump()

    def recheck(self) -> None:
        """Something about this person's access changed."""
        if not self._is_rechecking and not self.is_gone:
            self._is_rechecking = True
            self.in_background(self._recheck())

    async def _recheck(self) -> None:
        try:
            access = await read(reading.access, self.device_id, now=clock.now())
        finally:
            self._is_rechecking = False
        if access.code is not None:
            self.withdraw(access.code)
            return
        self.access_version = access.version
        self.codec.low_data = access.low_data
        self.letters(access.unread)
        self.refresh()

    def letters(self, unread: int) -> None:
        """Told when it is another number than this device was told before."""
        if self.stage == "live" and unread != self._told_letters:
            self._told_letters = unread
            self.give(frames.Statements(unread))

    def refresh(self) -> None:
        """Compare with the database: something may have been missed. However often it is asked, one look runs at a time."""
        self._missed_news = True
        if self.stage == "live" and not self._is_refreshing and not self.is_gone:
            self._is_refreshing = True
            self.in_background(self._refresh())

    async def _refresh(self) -> None:
        try:
            while self._missed_news:
                self._missed_news = False
                self.compare(await read(reading.follows, self.person_id))
        finally:
            self._is_refreshing = False

    def compare(self, follows: list[reading.Follow]) -> None:
        """Take over what the database says about how far each log goes and what each card shows."""
        if self.stage != "live":
            return
        news = [f for f in follows if f.conversation_id not in self.feed.tracks or self.feed.tracks[f.conversation_id].stamp != f.stamp]
        for follow in follows:
            self.take_up(follow)
        for follow in news:
            track = self.feed.tracks[follow.conversation_id]
            track.stamp, track.is_loading = follow.stamp, True  # the card comes before the entries
        if news:
            self.in_background(self._tell_cards(news))
        self.pump()

    def take_up(self, follow: reading.Follow) -> None:
        """Follow a conversation from where the device is."""
        if follow.conversation_id not in self.feed.tracks:
            self.backstage.hub.follow(self, follow.conversation_id)
        self.feed.open(follow.conversation_id, given=follow.given, head=follow.head)
        self.codec.learn(follow.conversation_id, slot=follow.slot, you=follow.number, stamp=follow.stamp, first_seq=follow.first_seq)

    async def _tell_cards(self, news: list[reading.Follow]) -> None:
        try:
            for card in await read(reading.cards, self.person_id, now=clock.now(), only=[f.conversation_id for f in news]):
                self.give(frames.Changed(card))
        finally:
            for follow in news:
                track = self.feed.tracks[follow.conversation_id]
                track.is_loading = False
                track.given = max(track.given, follow.first_seq - 1)  # somebody who was brought back starts there
            self.pump()

    def budget(self, step: int, used: int, budget: int) -> None:
        """At the end of it the socket goes: what remains is POST /lite, where nothing is sent that was not asked for."""
        self.give(frames.Budget(step, used, budget))
        if policy.leaves_no_room_for_a_socket(step):
            self.withdraw(CloseCode.BUDGET)

    def leave_hub(self) -> None:
        self.backstage.hub.remove(self)

    def conversation_ids(self) -> Iterable[UUID]:
        return self.feed.tracks

    def tick(self, at: float) -> None:
        """Let go of a device that is too slow, has fallen silent, or has been here so long that its turn to return has come."""
        oldest = self.feed.oldest_event_at()
        has_not_acked = oldest is not None and at - oldest > settings.MAATJE_ACK_TIMEOUT * self.codec.patience
        has_not_resumed = self.stage != "live" and at - self.born_at > RESUME_WITHIN
        if has_not_acked or has_not_resumed:
            self.withdraw(CloseCode.SLOW, retry_after=1)
        elif at > self.lasts_until or at - self.heard_at > SILENT_HEARTBEATS * self.codec.longest_silence:
            self.withdraw(CloseCode.EXPIRED, retry_after=1)
