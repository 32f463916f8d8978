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
