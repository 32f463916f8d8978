"""The forms of a page, as a browser would send them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.web.plain.browser import Browser, Sheet

_TICKS = {"checkbox", "radio"}


@dataclass
class Form:
    """What is in it before anybody types, and its buttons: word, name and value."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    radios: dict[str, list[str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._word: list[str] | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(said.get("action", "")))
        elif self.forms:
            self._take(tag, said, self.forms[-1])

    def _take(self, tag: str, said: dict[str, str], form: Form) -> None:
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "button":
            self._word = []
            form.buttons.append(("", name, value))
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in form.fields or "selected" in said):
            form.fields[self._select] = value
        elif tag == "textarea":
            self._area = name
            form.fields[name] = ""
        elif tag == "input" and name:
            if said.get("type") == "radio":
                form.radios.setdefault(name, []).append(value)
            if said.get("type") not in _TICKS or "checked" in said:
                form.fields[name] = value or ("on" if said.get("type") == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        if self._word is not None:
            self._word.append(data)
        elif self._area:
            self.forms[-1].fields[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._word is not None:
            _, name, value = self.forms[-1].buttons[-1]
            self.forms[-1].buttons[-1] = ("".join(self._word), name, value)
            self._word = None
        elif tag == "textarea":
            self._area = ""


def forms_of(page: Sheet) -> list[Form]:
    parser = _Forms()
    parser.feed(page.html)
    return parser.forms


def buttons_of(page: Sheet) -> list[str]:
    return [word for form in forms_of(page) for word, _, _ in form.buttons]


def tap(
    browser: Browser,
    path: str,
    button: str,
    typed: Mapping[str, str] | None = None,
    *,
    nth: int = 0,
    page: Sheet | None = None,
    **more: str,
) -> Sheet:
    """Open a page, type, and press the button that begins with a word; of several such buttons the `nth` one.

    With `page`: press it on that page, as it was.
    """
    seen = page or browser.open(path)
    found = [(form, name, value) for form in forms_of(seen) for word, name, value in form.buttons if word.startswith(button)]
    assert len(found) > nth, f"no button {button} on {path}: {buttons_of(seen)}"
    form, name, value = found[nth]
    fields: dict[str, Any] = {**form.fields, **(typed or {}), **more, **({name: value} if name else {})}
    return browser.press(form.action or path, **fields)
