"""What only these pages refuse."""

from core.errors import DomainError, Invalid


class CookiesOff(DomainError):
    """Told before the code is used up: without a cookie it would be lost."""

    code = "cookies_off"
    status = 409
    sentence = "This browser keeps no cookies for us, so it cannot stay signed in."


class AlreadySent(DomainError):
    """The same words from the same page, too much later to be one press of the button. Carries a new `form`."""

    code = "already_sent"
    status = 409
    sentence = "This was sent before. Send it again if you mean it."


class AlreadyDone(DomainError):
    """The same about a meeting. Carries a new `form`."""

    code = "already_done"
    status = 409
    sentence = "This was done before. Do it again if you mean it."


class StaleForm(Invalid):
    """Carries a new `form`."""

    code = "stale_form"
    sentence = "This form is not complete. Send it again."


class Broken(DomainError):
    code = "broken"
    status = 500
    sentence = "Something went wrong on our side."


class BadMail(Invalid):
    code = "bad_mail"
    sentence = "This is no e-mail address."
