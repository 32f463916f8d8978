"""Make a dictionary from phrases that were written for it (docs/adr/0010-lite-bodies.md). Same phrases, same bytes."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import brotli

MOST_SERVED = 950  # bytes of a dictionary as browsers fetch it: 3,000 would save 3 bytes a message, and the first load is a budget too
_STRINGS = 255  # as many as one byte can name, beside the escape
_LONGEST = 10  # characters of a string in the table, as UTF-16 counts them; web/page/squeeze.js looks no further
_ROUNDS = 4  # of dropping the least used third of the longer strings and finding better ones
_RARE = 4  # a character that is seldomer than this has no place of its own
_ALWAYS = "0123456789"  # times and telephone numbers are written everywhere
_SHARED = 6  # characters that two phrases must have in common for the text to be of use


def build(phrases: Iterable[str]) -> bytes:
    """The file of a dictionary: a table of strings, and as much text as `MOST_SERVED` allows, the most useful at its end."""
    unique = list(dict.fromkeys(phrases))
    head = "\n".join(_table(unique)) + "\n\n"
    chosen = list(_most_shared(unique))
    low, high = 0, len(chosen)
    while low < high:
        middle = (low + high + 1) // 2
        if len(brotli.compress(_file(head, chosen[:middle]), quality=11)) <= MOST_SERVED:
            low = middle
        else:
            high = middle - 1
    return _file(head, chosen[:low])


def phrases_of(text: str) -> list[str]:
    """The phrases of a list: a line each, without empty ones and those that tell about the list."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _file(head: str, chosen: list[str]) -> bytes:
    return (head + "".join(reversed(chosen))).encode()


def _table(phrases: list[str]) -> list[str]:
    """Strings that say the phrases in few pieces: characters, and what stands side by side most often; most used first."""
    seen = Counter("".join(phrases))
    strings = {*_ALWAYS, *(character for character, times in seen.items() if times >= _RARE)}
    for turn in range(_ROUNDS):
        while len(strings) < _STRINGS and (found := _side_by_side(phrases, strings)):
            strings.update(found[: max(1, (_STRINGS - len(strings)) // 16)])
        used = Counter(piece for phrase in phrases for piece in _pieces(phrase, strings))
        if turn < _ROUNDS - 1:
            longer = sorted((string for string in strings if len(string) > 1), key=lambda string: (used[string], string))
            strings.difference_update(longer[: len(longer) // 3])
    return sorted(strings, key=lambda string: (-used[string], string))


def _side_by_side(phrases: list[str], strings: set[str]) -> list[str]:
    """New strings, each made of two that follow each other, most frequent first."""
    pairs: Counter[str] = Counter()
    for phrase in phrases:
        pairs.update(
            one + other for one, other in pairwise(_pieces(phrase, strings)) if len((one + other).encode("utf-16-le")) <= 2 * _LONGEST
        )
    return sorted((pair for pair in pairs if pair not in strings), key=lambda pair: (-pairs[pair], pair))


def _pieces(phrase: str, strings: set[str]) -> Iterator[str]:
    """How a phrase is said with these strings: always the longest that fits, as in `dictionaries.Table`."""
    at = 0
    while at < len(phrase):
        length = next((length for length in range(_LONGEST, 1, -1) if phrase[at : at + length] in strings), 1)
        yield phrase[at : at + length]
        at += length


def _most_shared(phrases: list[str]) -> Iterator[str]:
    """Phrases in order of how much of them other phrases share and no earlier one has, for their length."""
    times = Counter(run for phrase in phrases for run in _runs(phrase))
    worth = {run: count - 1 for run, count in times.items() if count > 1}

    def score(phrase: str) -> float:
        return sum(worth.get(run, 0) for run in _runs(phrase)) / (len(phrase) + 3)

    waiting = [(-score(phrase), phrase) for phrase in phrases]
    heapq.heapify(waiting)
    while waiting:
        promised, phrase = heapq.heappop(waiting)
        now = -score(phrase)
        if now == promised < 0:
            yield phrase
            for run in _runs(phrase):
                worth.pop(run, None)
        elif now < 0:
            heapq.heappush(waiting, (now, phrase))


def _runs(phrase: str) -> set[str]:
    return {phrase[at : at + _SHARED] for at in range(len(phrase) - _SHARED + 1)}
