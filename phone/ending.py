"""What becomes of a phone that may not come back."""

from phone.kept import Kept
from phone.store import Store
from phone.words import Words

SIGNED_OUT, _SUSPENDED, _TOO_MANY_SOCKETS = 4500, 4503, 4505


def say_goodbye(code: int, kept: Kept, store: Store, words: Words) -> str:
    """The sentence for the person. A phone that was signed out keeps nothing that others said."""
    if code == SIGNED_OUT:
        store.forget()
        kept.forget()
        return words.problem("signed_out")
    if code == _SUSPENDED:
        return words.problem("suspended")
    if code == _TOO_MANY_SOCKETS:
        return words.problem("too_many_sockets")
    return words.ended.format(code=code)
