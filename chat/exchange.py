"""POST /lite: a whole visit in one exchange. The frames of the lite socket, sent, received and acked at once.

For short visits, for networks where sockets do not live, and for devices whose data budget is used up. A socket's session
does the work; only its way out is a list.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from accounts.authentication import IN_SCOPE
from accounts.models import Device
from accounts.pace import pace
from chat import frames
from chat.engine import engine
from chat.errors import NotResumed, TooFast
from chat.lite import Lite, Offer, read_post
from chat.polling import MOST_WAITING, Receive, Scope, Send, body_of, let_in, respond, respond_with
from chat.session import LiteSession
from core import clock
from core.errors import DomainError, TryAgain, UnsupportedMediaType

log = logging.getLogger(__name__)

CONTENT_TYPE = b"application/x-maatje-lite"
HEADERS = [(b"content-type", CONTENT_TYPE), (b"cache-control", b"no-store")]  # no more: every byte of them is paid for
PATIENCE = 20.0  # seconds until an answer goes out with what there is: what is not answered is asked again


class Gathering(Lite):
    """Lite, but for that everything is joined once, at the end."""

    def __init__(self, *, device_id: UUID, offer: Offer, now: datetime) -> None:
        super().__init__(device_id=device_id, offer=offer, now=now)
        self.gathered: list[bytes] = []
        self.said = 0

    def encode(self, frame: frames.Reply | frames.Event) -> list[bytes]:
        self.said += not isinstance(frame, frames.Welcome | frames.Upgrade | frames.Budget | frames.Statements)  # nobody waits for these
        return super().encode(frame)

    def join(self, arrays: Sequence[bytes]) -> bytes:  # type: ignore[override]  # a method here: it remembers
        self.gathered += arrays
        return b""


class Visit(LiteSession):
    """One exchange. It hears what happens meanwhile, as every outlet of the hub does."""

    codec: Gathering

    def __init__(self, device: Device, offer: Offer) -> None:
        codec = Gathering(device_id=device.id, offer=offer, now=clock.now())
        self._stirred = asyncio.Event()
        self._told_step = 0
        super().__init__(device, codec=codec, backstage=engine(), push=_nowhere, close=_nowhere)

    def receive(self, data: bytes | str | None) -> None:
        """Who must start afresh has other slots than it says: its words could go to somebody else."""
        if not self.codec.starts_afresh:
            super().receive(data)
            return
        for heard in self.codec.decode(data, wait=self._wait):
            self.refuse(heard if isinstance(heard, DomainError) else NotResumed(), getattr(heard, "ref", None))

    def stir(self) -> None:
        self._stirred.set()

    async def settle(self, end: float) -> None:
        """Until everything is answered and given, the device is sent away, or the time is over."""
        await self._until(lambda: self.is_gone or self.is_settled, end=end)

    async def wait_for_news(self, receive: Receive, *, end: float) -> None:
        """Until something is said, the device has hung up, or the time is over."""
        said, hung_up = self.codec.said, asyncio.ensure_future(receive())
        hung_up.add_done_callback(lambda _: self.stir())
        try:
            await self._until(lambda: self.codec.said > said or self.is_gone or hung_up.done(), end=end)
        finally:
            hung_up.cancel()

    async def _until(self, is_so: Callable[[], bool], *, end: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(end):
                while not is_so():
                    self._stirred.clear()
                    await self._stirred.wait()

    def budget(self, step: int, used: int, budget: int) -> None:
        """Told once a visit, and no reason to end one; a POST is what remains when the budget is used up."""
        if step > self._told_step:
            self._told_step = step
            self.give(frames.Budget(step, used, budget))


def _nowhere(_: object) -> None:
    """What goes out is gathered by the codec."""


async def exchange(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application behind POST /lite."""
    try:
        await respond(send, 200, await _answer(scope, receive), headers=HEADERS)
    except DomainError as problem:
        await respond_with(send, problem)
    except Exception as problem:
        log.exception("exchange_failed problem=%s", type(problem).__name__)
        await respond_with(send, TryAgain(retry_after=2))


async def _answer(scope: Scope, receive: Receive) -> bytes:
    headers = dict(scope["headers"])
    device = await let_in(headers)
    scope[IN_SCOPE] = (device.person_id, device.id)  # whose data this is: backend/metering.py counts
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != CONTENT_TYPE:
        raise UnsupportedMediaType
    if wait := pace().take(str(device.id)):
        raise TooFast(retry_after=wait)
    offer, commands = read_post(await body_of(receive))
    hub = engine().hub
    if hub.is_draining:
        raise TryAgain(retry_after=2)
    if sum(isinstance(outlet, Visit) for outlet in hub.of(device.person_id)) >= MOST_WAITING:
        raise TooFast(retry_after=5)
    visit = Visit(device, offer)
    hub.add(visit)
    try:
        end = asyncio.get_running_loop().time() + PATIENCE
        visit.start()
        await visit.settle(end)
        if commands is not None:
            visit.receive(commands)
            await visit.settle(end)
        if offer.wait and not visit.codec.said and not visit.is_gone:
            end += offer.wait
            await visit.wait_for_news(receive, end=end - PATIENCE)
            await visit.settle(end)
        visit.flush()
        if not visit.codec.gathered:  # not even welcomed in time: what was asked is asked again
            raise TryAgain(retry_after=5)
        answer = Lite.join(visit.codec.gathered)
    finally:
        visit.end()
    await let_in(headers)  # what was read while access still held was committed before it ended
    return answer
