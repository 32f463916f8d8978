"""Every refusal of a conversation, on one page."""

from core.errors import DomainError, Invalid, NotFound


class ConversationNotFound(NotFound):
    code = "conversation_not_found"
    sentence = "There is no such conversation here."


class EntryNotFound(NotFound):
    code = "entry_not_found"
    sentence = "There is no such entry here."


class ConversationClosed(DomainError):
    code = "conversation_closed"
    status = 409
    sentence = "This conversation is closed; it can be read, not written."


class ConversationPaused(DomainError):
    code = "conversation_paused"
    status = 409
    sentence = "This conversation is paused."


class ConversationErased(DomainError):
    code = "conversation_erased"
    status = 410
    sentence = "This conversation has been erased."


class NotReachable(DomainError):
    """One of the two blocked the other; neither side is told which."""

    code = "not_reachable"
    status = 409
    sentence = "Messages cannot be exchanged here now. The coordinator can help."


class DraftReused(DomainError):
    code = "draft_reused"
    status = 409
    sentence = "This draft_id was already used for something else."


class NotLetThrough(DomainError):
    """A moderator decided against a message that waited; the letter about it says why."""

    code = "not_let_through"
    status = 409
    sentence = "This message was not passed on. There is a letter about it."


class BodyEmpty(Invalid):
    code = "body_empty"
    sentence = "A message needs at least one visible character."


class BodyTooLong(Invalid):
    code = "body_too_long"
    sentence = "A message has at most 2,000 characters."


class BodyInvalid(Invalid):
    code = "body_invalid"
    sentence = "The text holds characters that cannot be stored: controls other than tab and new line, or lone surrogates."


class NotYours(DomainError):
    code = "not_yours"
    status = 403
    sentence = "Only its author may change a message."


class TooLateToEdit(DomainError):
    code = "too_late_to_edit"
    status = 409
    sentence = "A message can be edited for 15 minutes."


class AlreadyRetracted(DomainError):
    code = "already_retracted"
    status = 409
    sentence = "This message was taken back."


class EntryHidden(DomainError):
    """A moderator hid it: it can be taken back, not edited."""

    code = "entry_hidden"
    status = 409
    sentence = "This message was hidden and cannot be changed. You can take it back."


class BadRange(Invalid):
    code = "bad_range"
    sentence = "That range cannot be; see `problem`."


class MalformedFrame(Invalid):
    code = "malformed"
    sentence = "This is not a frame of the protocol."


class UnknownCommand(Invalid):
    code = "unknown_command"
    sentence = "This server does not know that command."


class WrongKindOfFrame(Invalid):
    code = "wrong_kind_of_frame"
    sentence = "This subprotocol speaks text frames."


class FrameTooBig(Invalid):
    code = "frame_too_big"
    status = 413
    sentence = "A frame has at most 16,384 bytes."


class NotResumed(DomainError):
    code = "not_resumed"
    status = 409
    sentence = "Send `resume` first, once."


class TooFast(DomainError):
    code = "too_fast"
    status = 429
    sentence = "Too many commands. Wait `retry_after` seconds."
