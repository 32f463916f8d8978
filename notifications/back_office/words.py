"""Why a phone stays silent and what helps, in the language of the staff."""

from collections.abc import Collection

from notifications.models import AddressKind

_REMOVED = "De app is van het toestel gehaald, of heel lang niet geopend."
_WITHDRAWN = "De browser neemt geen meldingen meer aan: de toestemming is weg, of de gegevens van de browser zijn gewist."
_TAKEN = "Iemand anders kwam binnen op hetzelfde toestel; de meldingen daarop zijn nu voor die persoon."
_UNKNOWN = "De dienst die meldingen brengt, kent dit toestel niet."
_NO_ANSWER = "De dienst die meldingen brengt, antwoordt niet. Duurt dat, zeg het dan aan je beheerder."
_NOT_TAKEN = "De dienst die meldingen brengt, neemt die van ons niet aan. Geldt dat voor meer mensen, zeg het dan aan je beheerder."
_OURS = "Er is iets mis aan onze kant, niet aan het toestel. Zeg het aan je beheerder."
_NOBODY_KNOWS = "We weten niet waarom."
_WHY = {
    "": _NOBODY_KNOWS,
    "unregistered": _REMOVED,
    "http_404": _WITHDRAWN,
    "http_410": _WITHDRAWN,
    "taken": _TAKEN,
    "invalid_address": _UNKNOWN,
    "http_401": _NOT_TAKEN,
    "http_403": _NOT_TAKEN,
    "http_400": _NOT_TAKEN,
    **dict.fromkeys(("timeout", "unreachable", "unavailable", "internal", "aborted", "quota_exceeded", "resource_exhausted"), _NO_ANSWER),
}
_THEY_CAN = "Vraag om Maatje daar één keer te openen en te kijken of meldingen aan staan: Instellingen, Meldingen."
_WHERE_NOW = "Vraag op welk toestel ze Maatje nu openen, en of meldingen daar aan staan: Instellingen, Meldingen."
_OTHERWISE = {AddressKind.SMS: "Er is ook een sms ingesteld.", AddressKind.EMAIL: "Er is ook een e-mail ingesteld."}
_OFFER_SMS = "Stel anders een sms voor: die zet je daar ook aan."
_NO_NUMBER = "Een sms kan ook, zodra hier een telefoonnummer staat."


def why(code: str) -> str:
    """What a channel's code means to somebody who is no technician; what is not about a phone is ours to mend."""
    return _WHY.get(code, _NO_ANSWER if code.startswith("http_5") else _OURS)


def what_helps(code: str, *, by: Collection[str], has_number: bool) -> str:
    """What a coordinator can do; `by` are the other ways in which this person is told."""
    otherwise = " ".join(sentence for kind, sentence in _OTHERWISE.items() if kind in by)
    if AddressKind.SMS not in by:
        otherwise = f"{otherwise} {_OFFER_SMS if has_number else _NO_NUMBER}".strip()
    if why(code) in {_NO_ANSWER, _OURS}:
        return otherwise
    return f"{_WHERE_NOW if why(code) == _TAKEN else _THEY_CAN} {otherwise}"
