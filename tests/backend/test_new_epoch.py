from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from audit.models import AuditRow
from core import boots
from core.models import Log

pytestmark = pytest.mark.django_db


def new_epoch() -> str:
    said = StringIO()
    call_command("new_epoch", stdout=said)
    return said.getvalue()


class TestNewEpoch:
    def test_gives_the_log_another_name(self, tmp_path: Path) -> None:
        boots.note_boot(tmp_path)
        before = Log.objects.get()

        said = new_epoch()

        assert Log.objects.get().epoch != before.epoch
        assert str(Log.objects.get().epoch) in said

    def test_is_written_in_the_audit_log(self) -> None:
        new_epoch()

        row = AuditRow.objects.get()
        assert row.action == "log.epoch_begun"
        assert row.detail == {"epoch": str(Log.objects.get().epoch)}

    def test_is_no_restore_to_the_next_start(self, tmp_path: Path) -> None:
        boots.note_boot(tmp_path)
        new_epoch()
        epoch = Log.objects.get().epoch

        assert not boots.note_boot(tmp_path)
        assert Log.objects.get().epoch == epoch
