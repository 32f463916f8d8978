"""A browser that runs no script, without the browser: it keeps cookies, and says where a form comes from."""

import html
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.test import Client

from accounts.actions import invites
from accounts.authentication import COOKIE, WHOSE
from accounts.models import Person
from chat.actions.entries import append_drafts
from chat.drafts import Draft
from chat.models import Conversation
from core import clock
from tests.factories import make_device

HERE = "http://testserver"


class Sheet:
    """A page as it came."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status = response.status_code
        is_readable = response.get("Content-Type", "").startswith("text/") and not response.get("Content-Encoding")
        self.html = response.content.decode() if is_readable else ""
        self.to = response.get("Location", "")

    @property
    def text(self) -> str:
        """What somebody reads."""
        return html.unescape(re.sub(r"[ \t\r\n]+", " ", re.sub(r"<[^>]+>", " ", self.html)))

    @property
    def typed(self) -> str:
        """What stands in the box."""
        found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", self.html, re.DOTALL)
        return html.unescape(found.group(1)) if found else ""

    def value(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        assert found, f"no {name} on this page: {self.html}"
        return html.unescape(found.group(1))

    @property
    def code(self) -> str:
        found = re.search(r'role="alert">.*?<small>(\w+)</small>', self.html)
        return found.group(1) if found else ""

    @property
    def links(self) -> list[str]:
        return re.findall(r'href="(/[^"]*)"', self.html)


class Browser:
    def __init__(self) -> None:
        self.client = Client()

    @classmethod
    def of(cls, person: Person) -> "Browser":
        browser = cls()
        device, browser.client.cookies[COOKIE] = make_device(person=person, in_browser=True, now=clock.now())
        browser.client.cookies[WHOSE] = device.id.hex[-8:]
        return browser

    def open(self, path: str, **headers: str) -> Sheet:
        return Sheet(self.client.get(path, headers=headers))

    def press(self, path: str, *, headers: dict[str, str] | None = None, **fields: Any) -> Sheet:
        return Sheet(self.post(path, fields, {"Origin": HERE} if headers is None else headers))

    def post(self, path: str, fields: dict[str, Any], headers: dict[str, str]) -> Any:
        return self.client.post(path, urlencode(fields), content_type="application/x-www-form-urlencoded", headers=headers)

    def send(self, text: str, *, slot: int = 1, form: str = "", **how: Any) -> Sheet:
        """Open the conversation, type, press."""
        return self.press(f"/t/{slot}", body=text, draft_id=form or self.open(f"/t/{slot}").value("draft_id"), **how)


def code_for(person: Person) -> str:
    return invites.make(person=person, by=None, now=clock.now())[1]


def say(texts: Sequence[str], *, by: Sequence[Person], conversation: Conversation) -> None:
    """Have these people say these things in turn."""
    drafts = [Draft(by[place % len(by)].id, conversation.id, uuid4(), body=text) for place, text in enumerate(texts)]
    append_drafts(drafts=drafts, now=clock.now())
