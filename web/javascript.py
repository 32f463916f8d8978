"""JavaScript as a row of tokens, and those as text again with no blank too many. For the plain style of this house, see `shortening`."""

import re
from collections.abc import Iterable, Iterator

Token = tuple[str, str]  # its sort, its text


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEYWORDS = _set(
    "async await break case catch const continue default delete do else export false finally for from function get if import in instanceof let"
    " new null of return set static super switch this throw true try typeof undefined var void while yield arguments as"
)
BEFORE_A_VALUE = _set("( [ { , ; : ? = == === != !== => && || ! + - * / % & | ^ < > <= >= += -= *= /= ... ** return typeof case in of")
_NO_LINE_AFTER = _set("; { ( [ , = => ? : && || + - * / . ! < > == != === !== += -= ...")
_NO_LINE_BEFORE = _set("} ) ] , ; . ? : && || = => + * / < > == != ===")

_MARKS = _set("( ) [ ] { } , ; : ? . = ! + - * / % & | ^ ~ < > => ... ++ -- && || ** == === != !== <= >= += -= *= /= %= &= |= ^=")
_TOKEN = re.compile(
    r"""(?P<blank>[ \t]+)|(?P<line>\n)|(?P<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|(?P<word>[A-Za-z_$][\w$]*)"""
    r"""|(?P<number>\.?\d[\w.]*)|(?P<template>`(?:\\.|[^`\\])*`)|(?P<mark>=>|\.\.\.|[=!]==?|[<>]=|\+\+|--|&&|\|\||\*\*|[-+*/%&|^]=|.)"""
)
_REGEX = re.compile(r"/(?![*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_INSIDE = re.compile(r"\$\{([^{}`]*)\}")
_TOO_NEW = re.compile(r"\?\?|\?\.(?!\d)|(?:&&|\|\||\*\*)=|//|/[*]")  # for the oldest browsers of the page; and remarks behind code
_NOT_TAKEN = _set("class var with eval yield arguments")
_LOOPS = _set("for while do")


class NotOurStyle(Exception):
    """Something that is read here in no sure way. Say it differently, or teach this module first."""


class _Heads:
    """Which closing bracket ends the head of an `if` or a loop: behind it a statement begins, and no value ended."""

    def __init__(self) -> None:
        self._open: list[bool] = []

    def ends_with(self, text: str, before: str) -> bool:
        if text == "(":
            self._open.append(before in {"if", "for", "while"})
        return text == ")" and bool(self._open) and self._open.pop()


def tokens_of(text: str) -> Iterator[Token]:
    """All tokens with blanks and lines; of a template its pieces, and between them what stands in its `${}`.

    :raises NotOurStyle:
    """
    at, before, heads, begins_a_value = 0, "", _Heads(), True
    while at < len(text):
        found = (_REGEX.match(text, at) if text[at] == "/" and begins_a_value else None) or _TOKEN.match(text, at)
        assert found is not None  # the last group takes anything
        kind, word = found.lastgroup or "string", found[0]
        if kind == "mark" and (word not in _MARKS or _TOO_NEW.match(text, at) or (word == "/" and before == "}")):
            raise NotOurStyle(_line(text, at))
        at = found.end()
        if kind == "template":
            if "${" in _INSIDE.sub("", word):
                raise NotOurStyle(_line(text, found.start()))  # a brace or another template inside of `${}`
            yield from _template(word)
        else:
            yield kind, word
        if kind not in {"blank", "line"}:
            begins_a_value = heads.ends_with(word, before) or (word in BEFORE_A_VALUE and before != ".")
            before = word


def _line(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}: {text[at : at + 60].splitlines()[0]}"


def ensure_our_style(tokens: Iterable[Token]) -> None:
    """That nothing is said whose names would be looked for in the wrong scope.

    :raises NotOurStyle:
    """
    said = [text for kind, text in tokens if kind not in {"blank", "line"}]
    for before, text, after, then in zip(["", *said], said, [*said[1:], ""], [*said[2:], "", ""], strict=False):
        is_key = before == "." or after == ":"
        is_label = after == ":" and (then in _LOOPS or before in {"", ";", "}"}) and _is_name(text) and text != "default"
        if is_label or (text in _NOT_TAKEN and not is_key) or (text == "function" and after == "*"):
            raise NotOurStyle(f"{before} {text} {after} {then}")


def _is_name(text: str) -> bool:
    return text.isidentifier() and text not in BEFORE_A_VALUE


def _template(text: str) -> Iterator[Token]:
    *pieces, last = _INSIDE.split(text)
    end = ""
    for said, value in zip(pieces[::2], pieces[1::2], strict=True):
        yield "piece", f"{end}{said}${{"
        yield from tokens_of(value)
        end = "}"
    yield "piece", end + last


class _Statements:
    """What the statement begins with that goes on here, in whatever brackets."""

    def __init__(self) -> None:
        self._first = [""]

    def goes_on(self, before: str, text: str) -> bool:
        """Whether `const` behind a `const` says nothing new: one list of names does as well. Asked before `take`."""
        return before == ";" and text in {"const", "let"} and text == self._first[-1]

    def take(self, kind: str, before: str, text: str, *, is_line: bool) -> None:
        if kind == "mark" and text in {")", "]", "}"} and len(self._first) > 1:
            self._first.pop()
        elif is_line or before == ";" or not self._first[-1]:
            self._first[-1] = text
        if kind == "mark" and text in {"(", "[", "{"}:
            self._first.append("")


def text_of(tokens: Iterable[Token]) -> str:
    """The tokens with a blank or a line only where one is needed, and without a comma or a `const` that is not."""
    out: list[str] = []
    heads, statements = _Heads(), _Statements()
    gap, before, before_kind, was_head, is_needed = "", "", "", False, False
    for kind, text in tokens:
        if kind in {"blank", "line"}:
            gap = "\n" if "\n" in (gap, text) else " "
            continue
        is_line = gap == "\n" and before not in _NO_LINE_AFTER and text not in _NO_LINE_BEFORE
        if statements.goes_on(before, text):
            out[-1], before, before_kind, gap = ",", ",", "mark", ""
            continue
        if before == "," and text in {")", "]", "}"} and out[-3] not in {",", "["}:
            out.pop()  # behind the last of a list; elsewhere a comma means a hole
        statements.take(kind, before, text, is_line=is_line)
        if text == "}" and before == ";" and not is_needed:
            out.pop()  # the last statement of a block needs none, unless it is nothing else
        out.append("\n" if is_line else " " if _run_together(before_kind, before, kind, text) else "")
        out.append(text)
        if text == ";":
            is_needed = before == "else" or was_head
        was_head = heads.ends_with(text, before) if kind == "mark" else False
        gap, before, before_kind = "", text, kind
    return "".join(out)


def _run_together(before_kind: str, before: str, kind: str, text: str) -> bool:
    """Without a blank they would be something else: one word, `++` or `--`, a remark, the flags of an expression, a fraction."""
    if kind in {"word", "number"} and (before_kind in {"word", "number"} or before[:1] == "/" != before):
        return True
    is_fraction = before_kind == "number" and text[:1] == "."
    return is_fraction or (
        kind != "piece" and before[-1:] == text[:1] and text[:1] in {"+", "-", "/"} and before_kind in {"mark", "string"}
    )
