"""Write the audit log: in the same transaction as what it records, so that neither exists without the other."""

import os
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audit import chain
from audit.errors import NotInTransaction
from audit.models import AuditHead, AuditRow

SALT_BYTES = 16


def write(*, action: str, by: UUID | None, subject: str, detail: dict[str, Any], now: datetime) -> AuditRow:
    """Append one row to the chain; `subject` reads like "person:<uuid>", `detail` holds identifiers and codes only.

    The end of the chain stays locked until the commit: write last, after the locks of your own rows.

    :raises NotInTransaction: outside `transaction.atomic`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction("Write the audit row inside transaction.atomic, with what it records.")
    head, _ = AuditHead.objects.select_for_update().get_or_create(id=1)
    row = AuditRow(
        n=head.n + 1, at=now, actor_id=by, action=action, subject=subject, detail=detail,
        salt=os.urandom(SALT_BYTES), prev_hash=bytes(head.hash),
    )  # fmt: skip
    row.hash = chain.hash_of_row(row)
    row.save(force_insert=True)
    AuditHead.objects.filter(id=1).update(n=row.n, hash=row.hash)
    return row
