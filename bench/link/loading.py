"""The first load over a slow link: one connection, as a browser's HTTP/2 does it, in the three waves in which the page learns of its files."""

import asyncio
import ssl
import time
from dataclasses import dataclass

from bench import chrome
from bench.bytes.app import SHELL, WORKER, Fetched, decode, named_in, version_of
from bench.link.counts import Counts
from bench.link.namespaces import SERVER
from bench.link.sockets import open_socket

PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Load:
    seconds: float  # until the last file is there
    shown_after: float  # until the shell, the style and the script are there
    wire: int  # bytes at IP level, both ways
    version: str  # of the page


async def load_app(*, phone: int, tls: ssl.SSLContext, counts: Counts, language: str, dictionary: str) -> Load:
    """:raises OSError: :raises TimeoutError:"""
    before, began = counts.of(phone), time.monotonic()
    async with asyncio.timeout(PATIENCE):
        raw = await open_socket(phone, seconds=PATIENCE)
        reader, writer = await asyncio.open_connection(sock=raw, ssl=tls, server_hostname=SERVER, ssl_handshake_timeout=PATIENCE)
        shell = (await _fetch(reader, writer, SHELL))[0]
        await _fetch(reader, writer, *named_in(decode(shell)))
        shown_after = time.monotonic() - began
        await _fetch(reader, writer, WORKER, f"/w/words/{language}.js", dictionary)
    seconds = time.monotonic() - began
    await asyncio.sleep(1.0)
    wire = counts.of(phone).since(before).both
    writer.close()
    return Load(seconds, shown_after, wire, version_of(decode(shell)))


async def _fetch(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *paths: str) -> list[Fetched]:
    """Ask for all at once; they come one after the other."""
    said = "".join(f"{name}: {value}\r\n" for name, value in {"Host": SERVER, "User-Agent": chrome.USER_AGENT, **chrome.HEADERS}.items())
    writer.write("".join(f"GET {path} HTTP/1.1\r\n{said}\r\n" for path in paths).encode())
    return [await _read(reader, path) for path in paths]


async def _read(reader: asyncio.StreamReader, path: str) -> Fetched:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, *lines = head.strip().split("\r\n")
    if " 200 " not in f"{status} ":
        raise SystemExit(f"{path}: {status}")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers["content-length"]))
    return Fetched(body, headers.get("content-encoding", ""), 0, len(head))
