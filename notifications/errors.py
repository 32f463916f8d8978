"""Every refusal of a notice or of an address, on one page."""

from core.errors import DomainError


class EndpointRefused(DomainError):
    code = "endpoint_refused"
    sentence = "This server sends nothing to that push service. Its operator can allow one in MAATJE_PUSH_HOSTS."


class PushKeysInvalid(DomainError):
    code = "push_keys_invalid"
    sentence = "The keys of this subscription are not those of a browser. Subscribe again."


class TooManyAddresses(DomainError):
    code = "too_many_addresses"
    status = 409
    sentence = "You can be reached in many ways already. Take one away first."


class NoPhoneNumber(DomainError):
    code = "no_phone_number"
    status = 409
    sentence = "We do not have your phone number. Ask your coordinator to write it down."


class CodeWrong(DomainError):
    """Carries `tries_left`; at 0 only a new code helps."""

    code = "code_wrong"
    sentence = "This is not the code that we sent."


class CodeWornOut(DomainError):
    """It is too old, or too many others were tried."""

    code = "code_worn_out"
    status = 409
    sentence = "This code does not work any more. Ask for a new one."
