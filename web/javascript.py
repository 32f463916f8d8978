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

_TOKEN = re.compile(
    r"""(?P<blank>[ \t]+)|(?P<line>\n)|(?P<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|(?P<word>[A-Za-z_$][\w$]*)"""
    r"""|(?P<number>\.?\d[\w.]*)|(?P<template>`(?:\\.|[^`\\])*`)|(?P<mark>=>|\.\.\.|[=!]==?|[<>]=|\+\+|--|&&|\|\||\*\*|[-+*/%&|^]=|.)"""
)
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_INSIDE = re.compile(r"\$\{([^{}`]*)\}")


def tokens_of(text: str) -> Iterator[Token]:
    """All tokens with blanks and lines; of a template its pieces, and between them what stands in its `${}`."""
    at, before = 0, ""
    while at < len(text):
        found = (_REGEX.match(text, at) if text[at] == "/" and before in BEFORE_A_VALUE else None) or _TOKEN.match(text, at)
        assert found is not None  # the last group takes anything
        kind, word = found.lastgroup or "string", found[0]
        at = found.end()
        if kind == "template":
            yield from _template(word)
        else:
            yield kind, word
        before = before if kind in {"blank", "line"} else word


def _template(text: str) -> Iterator[Token]:
    *pieces, last = _INSIDE.split(text)
    end = ""
    for said, value in zip(pieces[::2], pieces[1::2], strict=True):
        yield "piece", f"{end}{said}${{"
        yield from tokens_of(value)
        end = "}"
    yield "piece", end + last


def text_of(tokens: Iterable[Token]) -> str:
    """The tokens with a blank or a line only where one is needed."""
    out: list[str] = []
    gap, before, before_kind = "", "", ""
    for kind, text in tokens:
        if kind in {"blank", "line"}:
            gap = "\n" if "\n" in (gap, text) else " "
            continue
        is_line = gap == "\n" and before not in _NO_LINE_AFTER and text not in _NO_LINE_BEFORE
        are_words = {kind, before_kind} <= {"word", "number"} or (before == text and text in {"+", "-"})
        if text == "}" and before == ";":
            out.pop()  # the last statement of a block needs none
        out.append("\n" if is_line else " " if gap and are_words else "")
        out.append(text)
        gap, before, before_kind = "", text, kind
    return "".join(out)
