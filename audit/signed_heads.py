"""Signed heads: how far the log reached and its hash there, kept outside the database, one line each.

The signature needs our keys, so whoever can write the database alone cannot make the log anew unseen.
Copy the file to another machine: a copy there also holds against somebody who can write here.
"""

import hmac
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from audit.chain import Head
from audit.errors import BadSignedHeads

Signer = Callable[[str, str], bytes]  # (purpose, text) -> 32 bytes that only our keys can make


def default_path() -> Path:
    return Path(settings.MAATJE_DATA) / "audit-head"


def append(path: Path, head: Head, *, now: datetime) -> str:
    """Sign the head and add it to the file, on disk before this returns; gives the line."""
    claim = f"{head.n} {head.hash.hex()} {now.astimezone(UTC).isoformat(timespec='seconds')}"
    line = f"{claim} {_sign(claim)}"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
    return line


def read(path: Path) -> Mapping[int, bytes]:
    """The signed hashes by row number.

    :raises FileNotFoundError:
    :raises BadSignedHeads: when a line is not ours, or two of them differ about one row.
    """
    heads: dict[int, bytes] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        head = _parse(line)
        if head is None:
            raise BadSignedHeads(f"{path} line {number} was not signed with our keys.")
        if heads.setdefault(head.n, head.hash) != head.hash:
            raise BadSignedHeads(f"{path} line {number} and an earlier line differ about row {head.n}.")
    return heads


def _parse(line: str) -> Head | None:
    claim, _, signature = line.rpartition(" ")
    if not hmac.compare_digest(_sign(claim).encode(), signature.encode()):
        return None
    n, digest, _ = claim.split(" ")
    return Head(int(n), bytes.fromhex(digest))


def _sign(claim: str) -> str:
    signer: Signer = import_string(settings.AUDIT_SIGNER)  # a port, since `audit` and `privacy` stand side by side
    return signer("audit-head", claim).hex()
