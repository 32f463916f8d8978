"""Notice a restored backup: a database that has forgotten a boot which the data folder remembers."""

from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import F

from core.ids import new_id
from core.models import Log


def note_boot(folder: Path) -> bool:
    """Count this start in the database and in the folder; says whether the log began a new epoch.

    Devices that know another epoch start afresh, so what a restore took away can never mix with what comes after.
    """
    memory = folder / "boots"
    with transaction.atomic():
        Log.objects.get_or_create(id=1)
        Log.objects.filter(id=1).update(boots=F("boots") + 1)
        log = Log.objects.select_for_update().get(id=1)
        was_restored = log.boots <= _remembered(memory, log.epoch)
        if was_restored:
            log.epoch = new_id()
            log.boots = _most(memory) + 1
            log.save(update_fields=["epoch", "boots"])
    memory.write_text(f"{log.boots} {log.epoch}\n", encoding="ascii")
    return was_restored


def begin_epoch() -> UUID:
    """Make every device start afresh, for an operator who restored a backup that nobody noticed."""
    with transaction.atomic():
        log, _ = Log.objects.select_for_update().get_or_create(id=1)
        log.epoch = new_id()
        log.save(update_fields=["epoch"])
    return log.epoch


def _remembered(memory: Path, epoch: UUID) -> int:
    """The boot that the folder knows of this same log; 0 for another database, which is no restore."""
    count, known = _read(memory)
    return count if known == str(epoch) else 0


def _most(memory: Path) -> int:
    return _read(memory)[0]


def _read(memory: Path) -> tuple[int, str]:
    try:
        count, epoch = memory.read_text(encoding="ascii").split()
        return int(count), epoch
    except (OSError, ValueError):
        return 0, ""
