from uuid import uuid4

import pytest

from chat import bodies
from chat.errors import BodyEmpty, BodyInvalid, BodyTooLong
from privacy.errors import CannotOpen

KEY, OTHER_KEY = bytes(32), bytes(31) + b"\x01"


class TestEnsureBody:
    @pytest.mark.parametrize(
        "body",
        ["a", "Dag Fatima!", "مرحبا", "👩‍👩‍👧", "one\ntwo\tthree\r\n", " a ", "x" * 2_000, "😀" * 2_000, "\ufeffdag", "a\u0301"],
    )
    def test_takes_what_people_write(self, body: str) -> None:
        bodies.ensure_body(body)

    def test_counts_code_points_not_bytes(self) -> None:
        with pytest.raises(BodyTooLong):
            bodies.ensure_body("😀" * 2_001)

    @pytest.mark.parametrize("body", ["", " ", "\n\t\r", "\u00a0\u2003", "\u200b", "\u200d\u2060", "\ufeff"])
    def test_refuses_what_nobody_can_see(self, body: str) -> None:
        with pytest.raises(BodyEmpty):
            bodies.ensure_body(body)

    @pytest.mark.parametrize("bad", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\ud800"])
    def test_refuses_what_cannot_be_stored(self, bad: str) -> None:
        with pytest.raises(BodyInvalid):
            bodies.ensure_body(f"dag{bad}")


class TestSealBody:
    def test_opens_in_its_own_place(self) -> None:
        place = {"conversation_id": uuid4(), "entry_id": uuid4(), "sender_id": uuid4()}

        sealed = bodies.seal_body("Dag 😀", key=KEY, **place)

        assert bodies.open_body(sealed, key=KEY, **place) == "Dag 😀"
        assert b"Dag" not in sealed

    @pytest.mark.parametrize("moved", ["conversation_id", "entry_id", "sender_id"])
    def test_opens_nowhere_else(self, moved: str) -> None:
        place = {"conversation_id": uuid4(), "entry_id": uuid4(), "sender_id": uuid4()}
        sealed = bodies.seal_body("Dag", key=KEY, **place)

        with pytest.raises(CannotOpen):
            bodies.open_body(sealed, key=KEY, **{**place, moved: uuid4()})

    def test_opens_with_no_other_key(self) -> None:
        place = {"conversation_id": uuid4(), "entry_id": uuid4(), "sender_id": uuid4()}
        sealed = bodies.seal_body("Dag", key=KEY, **place)

        with pytest.raises(CannotOpen):
            bodies.open_body(sealed, key=OTHER_KEY, **place)


class TestDigest:
    def test_knows_the_same_draft_again(self) -> None:
        here = uuid4()

        assert bodies.digest("message", None, "Dag", key=KEY, conversation_id=here) == bodies.digest(
            "message", None, "Dag", key=KEY, conversation_id=here
        )

    def test_tells_apart_kind_target_body_conversation_and_key(self) -> None:
        here, there = uuid4(), uuid4()

        digests = {
            bodies.digest("message", None, "Dag", key=KEY, conversation_id=here),
            bodies.digest("message", None, "Dag ", key=KEY, conversation_id=here),
            bodies.digest("edit", 1, "Dag", key=KEY, conversation_id=here),
            bodies.digest("edit", 2, "Dag", key=KEY, conversation_id=here),
            bodies.digest("retract", 2, None, key=KEY, conversation_id=here),
            bodies.digest("message", None, "Dag", key=KEY, conversation_id=there),
            bodies.digest("message", None, "Dag", key=OTHER_KEY, conversation_id=here),
        }

        assert len(digests) == 7
