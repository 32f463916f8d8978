"""From bytes to frames and back, for the subprotocol `maatje.v1.json`. No I/O."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec

from chat import frames
from chat.errors import FrameTooBig, MalformedFrame, UnknownCommand, WrongKindOfFrame
from core import strict_json
from core.errors import DomainError

_decoder = msgspec.json.Decoder(frames.Command)
_encoder = msgspec.json.Encoder()
_COMMANDS = frozenset(command.__struct_config__.tag for command in frames.Command.__args__)

encode = _encoder.encode


class HeldBack(NamedTuple):
    """A command that came too fast: it was not looked into."""

    seconds: int
    ref: int | None


class Codec(Protocol):
    """One socket's way of saying frames. `join` makes one message of what `encode` gave, where several may travel together."""

    low_data: bool
    carries_several: bool
    longest_silence: float  # seconds between heartbeats
    patience: float  # how many times MAATJE_ACK_TIMEOUT it may take to ack

    def decode(self, data: bytes | str | None, *, wait: Callable[[], int]) -> Iterable[frames.Command | DomainError | HeldBack]:
        """Each command of a message. All but acks are charged for: `wait` says how many seconds one has to, 0 to go on."""

    def encode(self, frame: frames.Reply | frames.Event) -> list[bytes]: ...

    def entry(self, delivery: Any, person_id: UUID, *, conceals: bool) -> list[bytes]: ...

    def join(self, pieces: Sequence[bytes]) -> bytes: ...

    def learn(self, conversation_id: UUID, *, slot: int, you: int, stamp: int, first_seq: int) -> None: ...


class Json:
    """The readable wire: a frame is a message, and nothing is remembered between them."""

    carries_several: bool = False
    patience: float = 1.0

    def __init__(self, *, longest_silence: float) -> None:
        self.longest_silence = longest_silence
        self.low_data = False

    def decode(self, data: bytes | str | None, *, wait: Callable[[], int]) -> Iterable[frames.Command | DomainError | HeldBack]:
        try:
            command = decode(data if isinstance(data, str) else None)
        except DomainError as problem:
            return (problem,)
        if not isinstance(command, frames.Ack) and (seconds := wait()):
            return (HeldBack(seconds, command.ref),)
        return (command,)

    def encode(self, frame: frames.Reply | frames.Event) -> list[bytes]:
        return [encode(frame)]

    def entry(self, delivery: Any, person_id: UUID, *, conceals: bool) -> list[bytes]:
        if self.low_data:
            entry = delivery.seen_by(person_id, conceals=conceals, spares_data=True)
            return self.encode(frames.Entries(delivery.conversation_id, [entry]))
        return [delivery.encoded_for(person_id, conceals=conceals)]

    @staticmethod
    def join(pieces: Sequence[bytes]) -> bytes:
        (alone,) = pieces
        return alone

    def learn(self, conversation_id: UUID, *, slot: int, you: int, stamp: int, first_seq: int) -> None:
        """JSON calls everything by its whole name."""


def decode(text: str | None) -> frames.Command:
    """Read one command.

    :raises MalformedFrame: not JSON, or not the shape of its type; `ref` is given back when it could be read.
    :raises UnknownCommand: well formed, but of a type that this server does not know.
    """
    if text is None:
        raise WrongKindOfFrame
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > frames.MAX_FRAME:
        raise FrameTooBig
    try:
        strict_json.check(data)
        command: frames.Command = _decoder.decode(data)
    except (msgspec.DecodeError, ValueError, RecursionError) as problem:
        raise _explain(data, problem) from None
    return command


def _explain(data: bytes, problem: Exception) -> MalformedFrame | UnknownCommand:
    try:
        loose = strict_json.loads(data)
    except strict_json.NotJSON:
        return MalformedFrame(problem="not JSON, or a key that is there twice")
    if not isinstance(loose, dict):
        return MalformedFrame(problem="not an object")
    ref = loose.get("ref")
    known = {"ref": ref} if isinstance(ref, int) and not isinstance(ref, bool) and 0 <= ref < 2**31 else {}
    if isinstance(kind := loose.get("type"), str) and kind not in _COMMANDS:
        return UnknownCommand(**known)
    return MalformedFrame(problem=str(problem)[:200], **known)


def refusal(problem: Exception, *, reply_to: int | None) -> frames.Error:
    """Turn a refusal into its frame; the twin of `core.api`."""
    facts = getattr(problem, "facts", {})
    ref = reply_to if reply_to is not None else facts.get("ref")
    return frames.Error(
        code=getattr(problem, "code", "refused"),
        message=" ".join(filter(None, [getattr(problem, "sentence", ""), facts.get("problem")])),
        reply_to=msgspec.UNSET if ref is None else ref,
        retry_after=facts.get("retry_after", msgspec.UNSET),
    )
