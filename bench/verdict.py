"""What clients say they sent and saw, against what the log says. Pure."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec


class Memory(msgspec.Struct):
    """One device's memory at the end: drafts that were acked with their seq, the entries it holds in the order it got them."""

    conversation: str
    acked: dict[str, int] = {}  # draft_id → seq
    unanswered: list[str] = []
    refused: list[str] = []
    reacked: int = 0  # acks of one draft that named another seq
    seen: list[tuple[int, str]] = []  # seq, body
    repeated: list[tuple[int, str]] = []  # what it already had, and ignored
    jumps: int = 0  # entries that came before the ones in front of them


class Logged(msgspec.Struct):
    """One line of the server's log, opened."""

    seq: int
    body: str
    draft_id: str


class Verdict(msgspec.Struct, frozen=True):
    """How many of each fault there were."""

    acked: int
    lost: int
    duplicated: int
    out_of_order: int
    holes: int
    repeated: int


def judge(memories: Sequence[Memory], log: dict[str, list[Logged]]) -> Verdict:
    """Compare every device with the log of its conversation."""
    per_device = [_judge_one(memory, log.get(memory.conversation, [])) for memory in memories]
    drafts = Counter(line.draft_id for lines in log.values() for line in lines)
    return Verdict(
        acked=sum(len(memory.acked) for memory in memories),
        lost=sum(lost for lost, _, _, _ in per_device),
        duplicated=sum(drafts.values()) - len(drafts) + sum(twice for _, twice, _, _ in per_device),
        out_of_order=sum(wrong for _, _, wrong, _ in per_device),
        holes=sum(map(_holes, log.values())) + sum(holes for _, _, _, holes in per_device),
        repeated=sum(len(memory.repeated) for memory in memories),
    )


def _judge_one(said: Memory, lines: Sequence[Logged]) -> tuple[int, int, int, int]:
    """Lost, duplicated, out of order and holes of one device."""
    places = {line.draft_id: line.seq for line in lines}
    bodies = {line.seq: line.body for line in lines}
    lost = sum(places.get(draft_id) != seq for draft_id, seq in said.acked.items()) + len(said.unanswered) + len(said.refused)
    seqs = [seq for seq, _ in said.seen]
    twice = len(seqs) - len({body for _, body in said.seen}) + said.reacked
    backwards = sum(later < earlier for earlier, later in pairwise(seqs))
    altered = sum(bodies.get(seq, body) != body for seq, body in (*said.seen, *said.repeated))
    return lost, twice, backwards + altered, len(set(bodies) ^ set(seqs)) + said.jumps


def _holes(lines: Sequence[Logged]) -> int:
    """Numbers that are missing between 1 and the last."""
    seqs = {line.seq for line in lines}
    return max(seqs, default=0) - len(seqs)
