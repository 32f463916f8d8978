"""Notice a restored backup: a database that has forgotten a boot which the data folder remembers."""

import logging
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import F

from core.ids import new_id
from core.models import Log

log = logging.getLogger(__name__)


def note_boot(folder: Path) -> bool:
    """Count this start in the database and in the folder; says whether the log began a new epoch.

    Devices that know another epoch start afresh, so what a restore took away can never mix with what comes after.
    """
    known = _remembered(folder)
    with transaction.atomic():
        Log.objects.get_or_create(id=1)
        Log.objects.filter(id=1).update(boots=F("boots") + 1)
        log = Log.objects.select_for_update().get(id=1)
        was_restored = log.boots <= known.get(str(log.epoch), 0)
        if was_restored:
            log.epoch = new_id()
            log.boots = max(known.values()) + 1
            log.save(update_fields=["epoch", "boots"])
    _remember(folder, {**known, str(log.epoch): log.boots})
    return was_restored


def begin_epoch() -> UUID:
    """Make every device start afresh, for an operator who restored a backup that nobody noticed."""
    with transaction.atomic():
        log, _ = Log.objects.select_for_update().get_or_create(id=1)
        log.epoch = new_id()
        log.save(update_fields=["epoch"])
    return log.epoch


def _remembered(folder: Path) -> dict[str, int]:
    """The last boot the folder knows of each epoch; an epoch it does not know is another database, which is no restore."""
    try:
        lines = (folder / "boots").read_text(encoding="ascii").splitlines()
        return {epoch: int(count) for count, epoch in map(str.split, lines)}
    except FileNotFoundError:  # the first boot with this folder
        return {}
    except (OSError, ValueError) as problem:
        log.warning("boots_unreadable problem=%s; a restore would go unnoticed", type(problem).__name__)
        return {}


def _remember(folder: Path, boots: dict[str, int]) -> None:
    fresh = folder / f".boots.{new_id()}"  # replaced in one step, so that no other process reads half of it
    fresh.write_text("".join(f"{count} {epoch}\n" for epoch, count in boots.items()), encoding="ascii")
    fresh.replace(folder / "boots")
