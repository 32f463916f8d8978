"""Print the whole log, opened, as one JSON object: conversation → lines in seq order."""

import os
import sys
from collections import defaultdict

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django

django.setup()

import msgspec

from bench.verdict import Logged
from chat import bodies
from chat.models import Conversation, Entry


def ledger() -> dict[str, list[Logged]]:
    """Every line of every conversation, with its text."""
    keys = {row.id: row.data_key.unwrap() for row in Conversation.objects.select_related("data_key") if row.data_key is not None}
    lines: dict[str, list[Logged]] = defaultdict(list)
    for entry in Entry.objects.order_by("conversation_id", "seq").iterator():
        assert entry.sender_id is not None and entry.body_sealed is not None  # the witnesses only send messages
        body = bodies.open_body(
            bytes(entry.body_sealed),
            key=keys[entry.conversation_id],
            conversation_id=entry.conversation_id,
            entry_id=entry.id,
            sender_id=entry.sender_id,
        )
        lines[str(entry.conversation_id)].append(Logged(entry.seq, body, str(entry.draft_id)))
    return lines


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(ledger()))
