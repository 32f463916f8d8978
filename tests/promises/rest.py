"""The same commands over plain HTTP, one connection a request."""

import asyncio
import http.client
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

_THREADS = ThreadPoolExecutor(80, thread_name_prefix="rest")


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str | None:
        return self.body.get("code") if isinstance(self.body, dict) else None


class Rest:
    """A person's way in without a socket."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self.port = port
        self.token = token

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, said: Any = None, **headers: str) -> Answer:
        return await self.ask("POST", path, said, **headers)

    async def put(self, path: str, said: Any = None, **headers: str) -> Answer:
        return await self.ask("PUT", path, said, **headers)

    async def delete(self, path: str, **headers: str) -> Answer:
        return await self.ask("DELETE", path, **headers)

    async def ask(self, method: str, path: str, said: Any = None, **headers: str) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_THREADS, self.ask_now, method, path, said, headers)

    def ask_now(self, method: str, path: str, said: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """`said` is sent as JSON, or as it is when it is bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = said if isinstance(said, bytes) or said is None else json.dumps(said).encode()
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None:
            given["Content-Type"] = "application/json"
        given.update({name.replace("_", "-"): value for name, value in (headers or {}).items()})
        try:
            connection.request(method, path if path.startswith("/") else f"/api/v1/{path}", body, given)
            response = connection.getresponse()
            return Answer(response.status, _read(response.read()), dict(response.getheaders()))
        finally:
            connection.close()


def _read(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode(errors="replace")
