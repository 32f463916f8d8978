"""Compare what a phone shows with what the server's log holds."""

from collections.abc import Sequence
from typing import Any

from tests.promises.device import Device
from tests.promises.houses import House
from tests.promises.notebook import Frame

Line = tuple[Any, ...]


async def log_of(house: House, conversation: str) -> list[Frame]:
    lines: list[Frame] = await house.office.ask("log", conversation=conversation)
    return lines


def as_shown(lines: Sequence[Frame]) -> list[Line]:
    """What a person can see of each line; which body stands in an edit entry is nobody's promise."""
    return [
        (
            line["seq"],
            line["kind"],
            line["author"],
            line.get("body") if line["kind"] == "message" else None,
            line.get("edited_seq") or None,
            line.get("retracted_seq") or None,
            line.get("meeting"),
        )
        for line in lines
    ]


async def ensure_same_list(house: House, conversation: str, *phones: Device, first: int = 1, last: int | None = None) -> list[Frame]:
    """Wait until the phones have caught up, then hold their lists to the log, cut to what they may see."""
    log = await log_of(house, conversation)
    ensure_dense(log)
    window = [line for line in log if line["seq"] >= first and (last is None or line["seq"] <= last)]
    for phone in phones:
        await phone.has(conversation, window[-1]["seq"] if window else 0, seconds=20)
        assert not phone.holes, phone.holes[:3]
        assert as_shown(phone.lists[conversation]) == as_shown(window)
    return log


def ensure_dense(log: Sequence[Frame]) -> None:
    assert [line["seq"] for line in log] == list(range(1, len(log) + 1))


def ensure_kept(log: Sequence[Frame], *phones: Device) -> int:
    """Everything that was acked is in the log once, with the seq and the words it was acked with. Says how much that was."""
    by_draft = {line["draft_id"]: line for line in log if line["draft_id"]}
    assert len(by_draft) == sum(line["draft_id"] is not None for line in log), "a draft is there twice"
    count = 0
    for phone in phones:
        for draft_id, replies in phone.answers.items():
            for reply in replies:
                assert reply["type"] == "sent", reply
                assert by_draft[draft_id]["seq"] == reply["seq"], (draft_id, reply)
                count += 1
    return count
