"""What the console says, in the language of its staff."""

from console.words.happenings import happened
from console.words.refusals import sentence_of

__all__ = ["happened", "sentence_of"]
