"""Say a module in fewer bytes: no blanks, and short names for what only the module itself can see.

For the plain JavaScript that this house writes, with a semicolon behind every statement; what it does not read for sure it refuses
(`NotOurStyle`). Property names stay as they are; every variable keeps its scope.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import count, product
from string import ascii_uppercase

from web.javascript import KEYWORDS, NotOurStyle, Token, ensure_our_style, text_of, tokens_of

MODULE = -1
_LETTERS = "eatsrnoidlcuhmpfgywbvkxjqz" + ascii_uppercase  # as often as words have them: that packs better

_Name = tuple[int | None, str]  # the scope that declares it (None: the window), and itself
_OPENED_BY = {")": "(", "]": "[", "}": "{"}
_OPENS_A_BLOCK = frozenset([")", "=>", "else", "try", "finally", "do", ";", "{", "}", ""])


def shorten(text: str, imported: Mapping[str, str] | None = None) -> tuple[str, dict[str, str]]:
    """The module with short names, and what each of its own is called now; what it imports bears the name that is given here.

    :raises NotOurStyle:
    """
    given = imported or {}
    tokens = list(tokens_of(text))
    ensure_our_style(tokens)
    places = _Places(tokens, frozenset(given))
    short = _Names(places, given)
    for place in places.variables:
        at, _, word = places.tokens[place]
        said = short.of(word, place)
        tokens[at] = ("word", f"{word}:{said}" if place in places.shorthand and said != word else said)
    return text_of(tokens), {name: short.of_module(name) for name in sorted(places.bound[MODULE])}


def declared(text: str) -> frozenset[str]:
    """The names that a module declares for all of itself."""
    return frozenset(_Places(list(tokens_of(text))).bound[MODULE])


def _short_names() -> Iterator[str]:
    for size in count(1):
        yield from map("".join, product(_LETTERS, repeat=size))


class _Names:
    """A short name for each of the module's own, and inside a scope the shortest that nothing said there has already."""

    def __init__(self, places: "_Places", given: Mapping[str, str]) -> None:
        self._places = places
        said: Counter[_Name] = Counter()  # in the order of their first appearance
        heard: dict[int, set[_Name]] = defaultdict(set)  # what is said inside each scope, of its own or not
        for place in places.variables:
            name = (places.home(place), places.tokens[place][2])
            said[name] += 1
            for scope in places.scopes_around(place):
                heard[scope].add(name)
        own = [name for name, _ in said.most_common() if name[0] == MODULE and name[1] not in given]
        self._short = {name: name[1] for name in said if name[0] is None}
        self._short |= {(MODULE, name): called for name, called in given.items()}
        kept = {*self._short.values(), *KEYWORDS}
        self._short |= dict(zip(own, (short for short in _short_names() if short not in kept), strict=False))
        for scope in sorted(heard):
            bound = [name for name in said if name[0] == scope]
            taken = {self._short[name] for name in heard[scope] if name in self._short} | KEYWORDS
            free = (short for short in _short_names() if short not in taken)
            self._short |= dict(zip(bound, free, strict=False))

    def of(self, name: str, place: int) -> str:
        return self._short[self._places.home(place), name]

    def of_module(self, name: str) -> str:
        return self._short.get((MODULE, name), name)


class _Places:
    """Where variables stand, which of them are written as `{short}`, and in which scope each name is declared."""

    def __init__(self, tokens: list[Token], imported: frozenset[str] = frozenset()) -> None:
        self.tokens = [(at, *token) for at, token in enumerate(tokens) if token[0] not in {"blank", "line"}]
        self.variables: list[int] = []
        self.shorthand: set[int] = set()
        self.bound: dict[int, set[str]] = {MODULE: {*imported}}  # a scope is known by the place where it begins
        self._partner: dict[int, int] = {}
        self._is_object: dict[int, bool] = {}
        self._around: list[int] = []  # for each token the bracket it stands in, MODULE for none
        self._pair()
        ends = {start: self._end(start) for start in range(len(self.tokens)) if self._begins_scope(start)}
        self._scopes: list[int] = []  # for each token the scope it stands in
        self._outer: dict[int, int] = {}
        self._nest(ends)
        self.bound |= {scope: set() for scope in ends}
        for place in range(len(self.tokens)):
            self._sort(place)
            self._bind(place)

    def home(self, place: int) -> int | None:
        """The scope that declares the name which stands here; None: nobody here does, so it is the window's."""
        scope, name = self._scopes[place], self.tokens[place][2]
        while scope != MODULE and name not in self.bound[scope]:
            scope = self._outer[scope]
        return scope if name in self.bound[scope] else None

    def scopes_around(self, place: int) -> Iterator[int]:
        scope = self._scopes[place]
        while scope != MODULE:
            yield scope
            scope = self._outer[scope]

    def _text(self, place: int) -> str:
        return self.tokens[place][2] if 0 <= place < len(self.tokens) else ""

    def _pair(self) -> None:
        open_: list[int] = []
        for place, (_, kind, text) in enumerate(self.tokens):
            if kind == "mark" and text in _OPENED_BY:
                if not open_ or self._text(open_[-1]) != _OPENED_BY[text]:
                    raise NotOurStyle(f"{text} closes nothing, near {self._text(place - 2)} {self._text(place - 1)}")
                self._partner[open_[-1]] = place
                self._partner[place] = open_.pop()
            self._around.append(open_[-1] if open_ else MODULE)
            if kind == "mark" and text in _OPENED_BY.values():
                open_.append(place)
                self._is_object[place] = text == "{" and self._text(place - 1) not in _OPENS_A_BLOCK
        if open_:
            raise NotOurStyle(f"{self._text(open_[-1])} is never closed, near {self._text(open_[-1] + 1)}")

    def _begins_scope(self, place: int) -> bool:
        """A block; the parameters of a function, with its body, which may not declare their names again; the brackets of a `for`, with what it repeats."""
        _, kind, text = self.tokens[place]
        if kind == "word":
            return self._text(place + 1) == "=>"
        is_block = text == "{" and not self._is_object[place] and not self._is_body(place)
        return kind == "mark" and (is_block or (text == "(" and (self._takes_parameters(place) or self._text(place - 1) == "for")))

    def _takes_parameters(self, place: int) -> bool:
        after = self._text(self._partner[place] + 1)
        return after == "=>" or (after == "{" and self._text(place - 1) not in {"if", "for", "while", "switch", "await"})

    def _is_body(self, place: int) -> bool:
        before = self._text(place - 1)
        return before == "=>" or (before == ")" and self._takes_parameters(self._partner[place - 1]))

    def _end(self, place: int) -> int:
        if self._text(place) == "{":
            return self._partner[place]
        place = self._partner.get(place, place) + 1
        place += self._text(place) == "=>"
        while self._text(place) not in {"{", ",", ";", ")", "]", "}", ""} or self._is_object.get(place):
            place = self._partner[place] + 1 if self._partner.get(place, MODULE) > place else place + 1
        return self._partner[place] if self._text(place) == "{" else place

    def _nest(self, ends: dict[int, int]) -> None:
        open_: list[int] = []
        for place in range(len(self.tokens)):
            while open_ and ends[open_[-1]] < place:
                open_.pop()
            if place in ends:
                self._outer[place] = open_[-1] if open_ else MODULE
                open_.append(place)
            self._scopes.append(open_[-1] if open_ else MODULE)

    def _sort(self, place: int) -> None:
        _, kind, text = self.tokens[place]
        before, after = self._text(place - 1), self._text(place + 1)
        if kind != "word" or text in KEYWORDS or before == ".":
            return
        is_key = self._is_object.get(self._around[place], False) and before in {"{", ",", "async", "get", "set"}
        if is_key and after in {":", "("}:
            return
        self.variables.append(place)
        if is_key:
            self.shorthand.add(place)

    def _bind(self, place: int) -> None:
        _, kind, text = self.tokens[place]
        if kind == "word" and text in {"const", "let"}:
            self._bind_list(place + 1)
        elif kind == "word" and text == "function" and self.tokens[place + 1][1] == "word":
            self._declare(place + 1)
        elif text == "=>" and self._text(place - 1) != ")":
            self._declare(place - 1)
        elif kind == "mark" and text == "(" and self._takes_parameters(place):
            self._bind_inside(place)

    def _bind_list(self, place: int) -> None:
        """The names of `const a = …, {b, c: d} = …;`."""
        while True:
            if self._text(place) in {"{", "["}:
                self._bind_inside(place, self._scopes[place - 1])
                place = self._partner[place]
            else:
                self._declare(place)
            place += 1
            while self._text(place) not in {",", ";", "of", ")", "}", ""}:
                place = self._partner[place] + 1 if self._partner.get(place, MODULE) > place else place + 1
            if self._text(place) != ",":
                return
            place += 1

    def _bind_inside(self, start: int, scope: int | None = None) -> None:
        """The names of a pattern or of parameters; not what they are by default."""
        for place in range(start + 1, self._partner[start]):
            is_name = self.tokens[place][1] == "word" and self._text(place + 1) not in {":", "("}
            if is_name and self._text(place - 1) in {"(", "{", "[", ",", "...", ":"}:
                self._declare(place, start if scope is None else scope)

    def _declare(self, place: int, scope: int | None = None) -> None:
        self.bound[self._scopes[place] if scope is None else scope].add(self._text(place))
