"""What the console says, in the language of its staff."""

from console.words.happenings import happened
from console.words.meetings import meeting_in_words
from console.words.refusals import sentence_of

__all__ = ["happened", "meeting_in_words", "sentence_of"]
