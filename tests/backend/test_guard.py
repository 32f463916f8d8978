"""No body is read further than its address takes."""

from typing import Any
from uuid import uuid4

import pytest

from backend.guard import Guard

UPLOAD = f"/api/v1/conversations/{uuid4()}/media/{uuid4()}"
KB = 1024


async def answer_to(method: str, path: str, size: int, *, announced: bool) -> int:
    """Send a body in pieces to an application that reads it all; the status that comes back."""
    pieces = [b"x" * (16 * KB)] * (size // (16 * KB)) + [b"x" * (size % (16 * KB))]
    said: list[dict[str, Any]] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        await send({"type": "http.response.start", "status": 200})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    headers = [(b"host", b"localhost")] + ([(b"content-length", str(size).encode())] if announced else [])
    await Guard(application)({"type": "http", "method": method, "path": path, "headers": headers}, receive, send)
    return int(said[0]["status"])


@pytest.mark.parametrize("announced", [True, False])
class TestBodies:
    async def test_of_uploads_have_256_kilobytes(self, announced: bool) -> None:
        assert await answer_to("PUT", UPLOAD, 256 * KB, announced=announced) == 200
        assert await answer_to("PUT", UPLOAD, 256 * KB + 1, announced=announced) == 413

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", UPLOAD),
            ("PUT", UPLOAD + "/"),
            ("PUT", "/api/v1/poll"),
            ("POST", "/api/v1/poll"),
            ("PUT", UPLOAD + "\n"),
            ("PUT", "/x" + UPLOAD),
        ],
    )
    async def test_of_all_else_have_64(self, method: str, path: str, announced: bool) -> None:
        assert await answer_to(method, path, 64 * KB, announced=announced) == 200
        assert await answer_to(method, path, 64 * KB + 1, announced=announced) == 413


class TestCharsets:
    """Django decodes a form with the codec that its sender names; of some of Python's, 64 kB take a second."""

    @pytest.mark.parametrize("said", ["punycode", "zip", "utf-16", "utf-8; charset=hex", ""])
    async def test_other_than_utf8_are_refused(self, said: str) -> None:
        assert await self._status(f"application/x-www-form-urlencoded; charset={said}") == 415

    @pytest.mark.parametrize(
        "said", ["application/json", "text/plain; charset=utf-8", 'application/json; Charset="UTF-8"', "a/b;charset=utf8;x=1"]
    )
    async def test_of_utf8_pass(self, said: str) -> None:
        assert await self._status(said) == 200

    async def _status(self, content_type: str) -> int:
        statuses: list[int] = []

        async def application(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200})

        async def send(message: dict[str, Any]) -> None:
            statuses.append(message.get("status", 0))

        headers = [(b"host", b"localhost"), (b"content-type", content_type.encode())]
        await Guard(application)({"type": "http", "method": "POST", "path": "/t", "headers": headers}, None, send)  # type: ignore[arg-type]  # nothing is read
        return statuses[0]
