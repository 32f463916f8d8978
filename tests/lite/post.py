"""`POST /lite`: everything of a short visit in one exchange."""

import http.client
import json
import ssl
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from tests.lite.books import Book
from tests.lite.frames import Frame, pack
from tests.lite.hearing import Asked, Hearing
from tests.lite.meetings import asked as meet
from tests.lite.memory import Memory

CONTENT_TYPE = "application/x-maatje-lite"


class NotTaken(Exception):
    """The exchange itself was refused: an HTTP status, and what the JSON beside it says."""

    def __init__(self, status: int, said: dict[str, Any]) -> None:
        super().__init__(f"{status} {said}")
        self.status = status
        self.said = said


class Post:
    """A phone without a socket. `sent` and `got` are the bodies' bytes of the last exchange; `commands` wait for the next."""

    def __init__(
        self, url: str, token: str, *, books: Sequence[Book] = (), memory: Memory | None = None, page: str = "",
        tls: ssl.SSLContext | None = None, origin: str = "",
    ) -> None:  # fmt: skip
        self._url = urlsplit(url)
        self._headers = {"Content-Type": CONTENT_TYPE, "Authorization": f"Bearer {token}", **({"Origin": origin} if origin else {})}
        self._books, self._page, self._tls = list(books), page, tls
        self.memory = memory or Memory()
        self.sent = self.got = 0
        self._asked: dict[int, Asked] = {}
        self._commands: list[list[Any]] = []
        self._ref = 0

    def send(self, slot: int, text: str, *, draft: int | None = None) -> int:
        """Put a message into the next exchange; its `ref`."""
        self._ref += 1
        number = self.memory.next_draft() if draft is None else draft
        self._asked[self._ref] = Asked(slot, "message", text, draft=self.memory.draft(number))
        self._commands.append([slot, self._ref, number, Hearing(self.memory, self._books).said(text)])
        return self._ref

    def meet(self, slot: int, **said: Any) -> int:
        """Put something asked of a meeting, in the words of JSON, into the next exchange; its `ref`."""
        self._ref += 1
        number = self.memory.next_draft()
        self._asked[self._ref] = Asked(slot, "meeting", draft=self.memory.draft(number))
        self._commands.append(meet(slot, self._ref, number, said))
        return self._ref

    def add(self, *frame: Any) -> None:
        """Put any other command into the next exchange."""
        self._commands.append(list(frame))

    def exchange(self, *, wait: int | None = None) -> list[Frame]:
        """Post, and fold in the answer. :raises NotTaken: :raises OSError:"""
        names = [book.name for book in self._books]
        resume = [-10, self.memory.cursor(), wait, names or None, self._page or None]
        body = pack(resume, *self._commands)
        self._commands = []
        answer = self._fetch(body)
        self.sent, self.got = len(body), len(answer)
        hearing = Hearing(self.memory, self._books)
        hearing.asked, self._asked = self._asked, {}
        return hearing.hear(answer)

    def _fetch(self, body: bytes) -> bytes:
        assert self._url.hostname is not None  # our own servers' addresses
        kind = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        options: dict[str, Any] = {"context": self._tls} if self._tls else {}
        connection = kind(self._url.hostname, self._url.port, timeout=60, **options)
        try:
            connection.request("POST", "/lite", body, self._headers)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise NotTaken(answer.status, json.loads(said))
        return said
