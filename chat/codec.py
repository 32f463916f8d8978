"""From bytes to frames and back, for the subprotocol `maatje.v1.json`. No I/O."""

import msgspec

from chat import frames
from chat.errors import FrameTooBig, MalformedFrame, UnknownCommand, WrongKindOfFrame
from core import strict_json

_decoder = msgspec.json.Decoder(frames.Command)
_encoder = msgspec.json.Encoder()
_COMMANDS = frozenset(command.__struct_config__.tag for command in frames.Command.__args__)

encode = _encoder.encode


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
