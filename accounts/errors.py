"""Every way in which people, invites, devices and blocks say no."""

from core.errors import DomainError


class InviteInvalid(DomainError):
    """Answers alike for a code that is unknown, used, expired or revoked."""

    code = "invite_invalid"
    status = 404
    sentence = "This code does not work. Ask your coordinator for a new one."


class OriginRefused(DomainError):
    code = "origin_refused"
    status = 403
    sentence = "This page may not act for you."


class Suspended(DomainError):
    """Told to somebody who holds a good token; the device stays, and works again when the suspension is lifted."""

    code = "suspended"
    status = 403
    sentence = "You cannot use the service now. Your coordinator can tell you why."


class PersonAbsent(DomainError):
    code = "person_absent"
    status = 409
    sentence = "This person is suspended or gone, and cannot be let in."


class PhoneTaken(DomainError):
    code = "phone_taken"
    status = 409
    sentence = "Somebody else is registered with this phone number."


class UsernameTaken(DomainError):
    code = "username_taken"
    status = 409
    sentence = "Somebody else signs in with this name."


class CannotBlockYourself(DomainError):
    code = "cannot_block_yourself"
    status = 409
    sentence = "You cannot block yourself."


class DataBudgetLow(DomainError):
    """Photos and voice wait when 80 per cent of a month's bytes are used."""

    code = "data_budget_low"
    status = 409
    sentence = (
        "Most of your data for this month is used, so photos and voice wait. Text still works. You can raise the limit in your settings."
    )
