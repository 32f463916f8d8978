"""What the console says, in the language of its staff."""

from console.words.happenings import happened
from console.words.meetings import meeting_in_words
from console.words.refusals import sentence_of
from console.words.signals import seen

__all__ = ["happened", "meeting_in_words", "seen", "sentence_of"]
