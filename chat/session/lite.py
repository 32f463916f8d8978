"""A device on the low-data wire: where it starts came with it, so nothing has to be asked and what it has is not told again."""

from django.conf import settings

from chat import frames, newest_page, reading
from chat.lite import Lite
from chat.session.commands import Session
from core import clock
from live.close_codes import CloseCode
from live.pool import read


class LiteSession(Session):
    """`start` instead of a `resume` command. Marks that say nothing new are not told."""

    codec: Lite

    def start(self) -> None:
        """Welcome the device and give it what changed."""
        self.stage = "resuming"
        self.in_background(self._open())

    async def _open(self) -> None:
        try:
            access, opened = await read(_access_and_opened, self)
        except Exception:  # there is nothing to answer yet: the device comes back
            self.withdraw(CloseCode.EXPIRED, retry_after=2)
            raise
        if opened is None or not self._is_let_through(access):
            self.withdraw(access.code or CloseCode.SIGNED_OUT)
            return
        self.codec.life, self.codec.starts_afresh = opened.life, opened.is_afresh
        for follow in opened.follows:
            self.take_up(follow)
        self.give(
            frames.Welcome(
                epoch=opened.epoch,
                person=self.person_id,
                device=self.device_id,
                now=clock.now(),
                heartbeat=settings.MAATJE_HEARTBEAT_SECONDS,
                window=self.feed.window,
            )
        )
        if self.codec.offer.page not in {"", newest_page.version()} and newest_page.version():
            self.give(frames.Upgrade(newest_page.version()))
        for card_id, marks in opened.known.items():
            self.codec.told(card_id, marks)
        for card in opened.cards:
            self.give(frames.Changed(card))
        for news in opened.marks:
            self.give(news, is_event=True)
        places = self.codec.offer.cursor.places if self.codec.offer.cursor and not opened.is_afresh else {}
        self.begin(opened.follows, stored={follow.conversation_id for follow in opened.follows if follow.slot in places})
        self.letters(access.unread)

    def _take(self, command: frames.Command) -> None:
        if isinstance(command, frames.Read) and (you := self.codec.number_in(command.conversation)) is not None:
            self.codec.told(command.conversation, [frames.Mark(you, 0, command.seq)])
        super()._take(command)

    def offer_marks(self, marks: frames.Marks) -> None:
        if marks.conversation not in self.feed.tracks:
            self.miss_marks(marks.conversation)
        elif news := [mark for mark in marks.marks if not self.codec.knows(marks.conversation, mark)]:
            super().offer_marks(frames.Marks(marks.conversation, news))


def _access_and_opened(session: LiteSession) -> tuple[reading.Access, reading.Opened | None]:
    """Access first: what was signed out since the socket opened gets nothing."""
    now = clock.now()
    access = reading.access(session.device_id, now=now)
    if access.code is not None:
        return access, None
    return access, reading.opened(session.person_id, session.device_id, session.codec.offer.cursor, now=now)
