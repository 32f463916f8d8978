"""The words of the screen, in the person's language."""

from phone.words.ar import AR
from phone.words.en import EN
from phone.words.fr import FR
from phone.words.nl import NL
from phone.words.tr import TR
from phone.words.words import Words

_BY_LANGUAGE = {"nl": NL, "fr": FR, "en": EN, "tr": TR, "ar": AR}


def words_for(language: str | None) -> Words:
    """English for a language we do not speak."""
    return _BY_LANGUAGE.get((language or "")[:2], EN)


__all__ = ["Words", "words_for"]
