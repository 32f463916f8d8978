"""Phone numbers in one spelling, E.164, so that the blind index finds them however they were typed. Pure."""

import phonenumbers

from core.errors import Invalid

HOME_REGION = "BE"


def clean_phone(typed: str, *, region: str = HOME_REGION) -> str:
    """The number in E.164, such as +32470123456; without a country it is taken to be `region`'s. :raises Invalid:"""
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid(problems={"phone": ["Give a phone number, such as 0470 12 34 56 or +32 470 12 34 56."]})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def hint_of(phone: str | None) -> str | None:
    """Enough of a number to recognise one you know, too little to call one you do not."""
    return f"… {phone[-4:-2]} {phone[-2:]}" if phone else None
