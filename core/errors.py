"""Every refusal is a DomainError: a stable code, an HTTP status and a sentence a person can act on."""

from typing import Any, ClassVar


class DomainError(Exception):
    """Something a person asked for cannot be done, and they can be told why."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = "This cannot be done."

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.sentence, **self.facts}


class Invalid(DomainError):
    code = "invalid"
    sentence = "Something in the request is not right; see `problems`."


class BodyTooBig(DomainError):
    """Carries `limit`, in bytes."""

    code = "body_too_big"
    status = 413
    sentence = "The body is too big. Send less at once."


class HostRefused(DomainError):
    code = "host_refused"
    sentence = "This server does not answer under that name; its operator names its hosts in MAATJE_HOSTS."


class Unauthenticated(DomainError):
    code = "unauthenticated"
    status = 401
    sentence = "Sign in first."


class Forbidden(DomainError):
    code = "forbidden"
    status = 403
    sentence = "You may not do this."


class NotFound(DomainError):
    """Answers alike for what does not exist and for what is somebody else's."""

    code = "not_found"
    status = 404
    sentence = "There is nothing here."


class UnsupportedMediaType(DomainError):
    code = "unsupported_media_type"
    status = 415
    sentence = "Send the body as what this address takes: application/json, or for POST /lite application/x-maatje-lite; texts in UTF-8."


class TooManyAttempts(DomainError):
    """Carries `retry_after`, in whole seconds."""

    code = "too_many_attempts"
    status = 429
    sentence = "Too many attempts. Wait a while and try again."


class TryAgain(DomainError):
    """The server could not do it now; nothing is known to be changed. Carries `retry_after`, in whole seconds."""

    code = "try_again"
    status = 503
    sentence = "The server is busy. Try again."
