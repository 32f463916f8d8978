"""What may stand where a name or a label stands. Pure."""

import unicodedata

from core.errors import Invalid

LONGEST_NAME = 80
LONGEST_LABEL = 40

# Overrides of direction make one name look like another (Unicode TR 36 §2.1).
_DISGUISES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_name(name: str) -> str:
    """The name, composed (NFC) and trimmed. :raises Invalid:"""
    cleaned = _composed(name)
    if not 1 <= len(cleaned) <= LONGEST_NAME:
        raise Invalid(problems={"name": [f"Give between 1 and {LONGEST_NAME} characters."]})
    if not is_plain(cleaned):
        raise Invalid(problems={"name": ["Use letters, not control characters."]})
    return cleaned


def clean_label(label: str) -> str:
    """The label of a device, composed (NFC) and trimmed; it may be empty. :raises Invalid:"""
    cleaned = _composed(label)
    if len(cleaned) > LONGEST_LABEL or not is_plain(cleaned):
        raise Invalid(problems={"label": [f"Give at most {LONGEST_LABEL} ordinary characters."]})
    return cleaned


def is_plain(text: str) -> bool:
    """Whether no character controls, disguises or breaks what is around it."""
    return is_undisguised(text) and not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text)


def is_undisguised(text: str) -> bool:
    """Whether no character turns what is around it into something else; lines may break."""
    return _DISGUISES.isdisjoint(text)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
