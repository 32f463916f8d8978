"""Move every data key from old key-encryption keys to the current one, a batch at a time; killing it harms nothing."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from privacy import key_file
from privacy.errors import KeyringError
from privacy.keyring import FileKeys, keyring
from privacy.models import DataKey

ROWS_AT_A_TIME = 500
OPEN_TRANSACTIONS_END_WITHIN = 60.0  # seconds; the database ends them sooner (statement and idle timeouts in the settings)


@contextmanager
def alone(source: FileKeys) -> Iterator[None]:
    """Hold the lock of the one rotation; a killed process lets it go. :raises KeyringError: when another runs."""
    descriptor = os.open(source.path.with_name(f"{source.path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        keyring().refresh()
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise KeyringError("Another rotation is running. Wait until it is done.") from None


def add_key(source: FileKeys) -> str:
    """Put a new current key in the file; its id. Running processes see it the next time they wrap, or meet it."""
    key_file.replace(source.path, keyring().material.with_new_key())
    keyring().refresh()
    return keyring().material.current


def behind() -> int:
    """How many data keys are not under the current key. :raises KeyringError: when some are under a key we do not hold."""
    ring = keyring().material
    if lost := DataKey.objects.exclude(kek_id__in=ring.keys).values_list("kek_id", flat=True).order_by().distinct():
        raise KeyringError(f"Data keys are wrapped by {', '.join(lost)}, which the keyring does not hold. Put them back from their backup.")
    return DataKey.objects.exclude(kek_id=ring.current).count()


def rewrap() -> Iterator[int]:
    """Wrap all data keys under the current key; yields how many each committed batch moved."""
    while moved := _rewrap_batch():
        yield moved


def _rewrap_batch() -> int:
    with transaction.atomic():
        old = DataKey.objects.select_for_update().exclude(kek_id=keyring().material.current)
        rows = list(old.order_by("id")[:ROWS_AT_A_TIME])
        for row in rows:
            row.wrap(row.unwrap())
        DataKey.objects.bulk_update(rows, ["kek_id", "wrapped"])
    return len(rows)


def retire(source: FileKeys) -> list[str]:
    """Drop from the file every key that wraps nothing; their ids.

    :raises KeyringError: while an old key still wraps something, or might: a transaction opened before the rotation
    may yet commit a row under the old key.
    """
    material = keyring().material
    waiting = OPEN_TRANSACTIONS_END_WITHIN - (time.time() - source.path.stat().st_mtime)
    if waiting > 0:
        raise KeyringError(f"The keys changed just now. Try again in {int(waiting) + 1} seconds: an open transaction may use the old ones.")
    if left := behind():
        raise KeyringError(f"Old keys still wrap {left} data keys. Run manage.py rotate_keys first.")
    retired = sorted(material.keys.keys() - {material.current})
    if retired:
        key_file.replace(source.path, material.only_current())
        keyring().refresh()
    return retired
