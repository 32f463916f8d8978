"""Get a phone that works: the one that came in with this code before, or a new one."""

import locale
from pathlib import Path

from phone import enrolment
from phone.addresses import is_same_house, tidy
from phone.enrolment import NotLetIn
from phone.kept import Kept
from phone.printable import on_one_line
from phone.store import Store, StoreError
from phone.words import Words, words_for

DEFAULT_SERVER = "http://127.0.0.1:8000"


class Sorry(Exception):
    """The phone cannot start; the message is a sentence for the person."""


def start(folder: Path, code: str, *, server: str | None) -> tuple[Store, Kept]:
    """The phone of this code, with its file open. A code is used once; after that it names the phone on this machine.

    :raises Sorry:
    """
    words = spoken_here()
    try:
        wanted = tidy(server or DEFAULT_SERVER)
    except ValueError:
        raise Sorry(words.problem("no_answer", server=on_one_line(server or DEFAULT_SERVER))) from None
    try:
        store = Store.of_code(folder, code).open()
        kept = store.load()
    except StoreError as problem:
        raise Sorry(str(problem)) from None
    if kept is None:
        kept = _enrol(wanted, code, words)
        store.save(kept)
    elif server is not None and kept.server != wanted:
        _move(kept, wanted)
        store.save(kept)
    return store, kept


def _enrol(server: str, code: str, words: Words) -> Kept:
    try:
        return enrolment.enrol(server, code, label=enrolment.own_label())
    except NotLetIn as problem:
        raise Sorry(words.problem(problem.code, server=server)) from None


def _move(kept: Kept, server: str) -> None:
    """:raises Sorry: the token of one house is not shown to another."""
    if not is_same_house(kept.server, server):
        raise Sorry(f"This phone belongs to {kept.server}. A phone for {server} needs a code from there.")
    kept.server = server


def spoken_here() -> Words:
    """What this machine speaks, for as long as nobody knows whose phone it is."""
    return words_for(locale.getlocale()[0])
