import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import chain
from audit.chain import BEFORE_THE_FIRST, Broken, Head, canonical, first_broken, hash_of_row

LENGTH = 1_000
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclasses.dataclass
class Row:
    n: int
    at: datetime
    actor_id: UUID | None
    action: str
    subject: str
    detail: Any
    salt: bytes
    prev_hash: bytes
    hash: bytes = b""


def chained(rows: list[Row]) -> list[Row]:
    """The same rows with honest hashes, as somebody who knows this code can make them."""
    done: list[Row] = []
    for row in rows:
        linked = dataclasses.replace(row, prev_hash=done[-1].hash if done else BEFORE_THE_FIRST)
        done.append(dataclasses.replace(linked, hash=hash_of_row(linked)))
    return done


def row(n: int) -> Row:
    return Row(
        n=n, at=START + timedelta(seconds=n), actor_id=UUID(int=n % 5) if n % 5 else None, action="person.suspended",
        subject=f"person:{UUID(int=n)}", detail={"device": str(UUID(int=n)), "count": n}, salt=bytes([n % 256]) * 16, prev_hash=b"",
    )  # fmt: skip


LOG = chained([row(n) for n in range(1, LENGTH + 1)])
HEAD = Head(LENGTH, LOG[-1].hash)
SIGNED = {50: LOG[49].hash, LENGTH: LOG[-1].hash}
CHANGES: dict[str, Callable[[Row], Any]] = {
    "at": lambda row: row.at + timedelta(microseconds=1),
    "actor_id": lambda row: UUID(int=99) if row.actor_id is None else None,
    "action": lambda row: "person.added",
    "subject": lambda row: f"{row.subject}0",
    "detail": lambda row: {**row.detail, "count": row.detail["count"] + 1},
    "salt": lambda row: bytes([row.salt[0] ^ 1]) + row.salt[1:],
    "prev_hash": lambda row: bytes([row.prev_hash[0] ^ 1]) + row.prev_hash[1:],
    "hash": lambda row: bytes([row.hash[0] ^ 1]) + row.hash[1:],
}


UNTOUCHED = {id(row): row.hash for row in LOG}


@pytest.fixture(autouse=True)
def hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row of a thousand, in every way, is millions of rows that nobody touched: what they hash to was worked out above."""
    monkeypatch.setattr(chain, "hash_of_row", lambda row: UNTOUCHED.get(id(row)) or hash_of_row(row))


def found(log: list[Row], *, head: Head = HEAD, signed: dict[int, bytes] | None = None) -> Broken | None:
    return first_broken(log, head=head, signed=signed or {})


def number_of(broken: Broken | None) -> int | None:
    return broken.n if broken else None


class TestFirstBroken:
    def test_finds_nothing_in_an_honest_log(self) -> None:
        assert found(LOG, signed=SIGNED) is None

    def test_finds_nothing_in_an_empty_log(self) -> None:
        assert found([], head=Head(0, BEFORE_THE_FIRST)) is None

    @pytest.mark.parametrize("field", CHANGES)
    def test_names_a_row_of_which_one_field_was_changed_wherever_it_is(self, field: str) -> None:
        """Each field at the ends and in every eighth row, so that all of them together change every row."""
        for place in {0, LENGTH - 1, *range(list(CHANGES).index(field), LENGTH, len(CHANGES))}:
            change: dict[str, Any] = {field: CHANGES[field](LOG[place])}
            changed = dataclasses.replace(LOG[place], **change)

            broken = found([*LOG[:place], changed, *LOG[place + 1 :]])

            assert number_of(broken) == place + 1

    def test_names_a_row_that_was_deleted_wherever_it_is(self) -> None:
        for place in range(LENGTH):
            assert number_of(found([*LOG[:place], *LOG[place + 1 :]])) == place + 1

    def test_names_the_place_where_a_row_was_slipped_in_wherever_it_is(self) -> None:
        for place in range(LENGTH):
            shifted = [dataclasses.replace(row, n=row.n + 1) for row in LOG[place:]]

            broken = found([*LOG[:place], row(place + 1), *shifted], head=Head(LENGTH + 1, HEAD.hash))

            assert number_of(broken) == place + 1

    def test_names_the_first_of_two_rows_that_were_swapped_wherever_they_are(self) -> None:
        for place in range(LENGTH):
            other = (place + 7) % LENGTH
            log = list(LOG)
            log[place], log[other] = dataclasses.replace(LOG[other], n=place + 1), dataclasses.replace(LOG[place], n=other + 1)

            assert number_of(found(log)) == min(place, other) + 1

    def test_sees_an_end_that_was_cut_off_anywhere_by_the_head(self) -> None:
        for place in range(LENGTH):
            assert found(LOG[:place]) == Broken(place + 1, f"is missing; the log once reached row {LENGTH}")

    def test_sees_an_end_that_was_cut_off_anywhere_by_a_signed_head_when_the_head_was_set_back_too(self) -> None:
        for place in range(LENGTH):
            end = Head(place, LOG[place - 1].hash if place else BEFORE_THE_FIRST)

            assert found(LOG[:place], head=end) is None, "the chain alone cannot see it"
            assert number_of(found(LOG[:place], head=end, signed=SIGNED)) == place + 1

    @pytest.mark.parametrize("place", range(0, LENGTH, 90))
    def test_sees_a_log_made_anew_from_a_row_on_by_a_signed_head(self, place: int) -> None:
        forged = chained([*LOG[:place], dataclasses.replace(LOG[place], action="person.added"), *LOG[place + 1 :]])
        head = Head(LENGTH, forged[-1].hash)

        broken = found(forged, head=head, signed=SIGNED)

        assert found(forged, head=head) is None, "the chain alone cannot see it"
        assert number_of(broken) == (50 if place < 50 else LENGTH)

    def test_names_the_row_that_no_longer_follows_when_only_one_was_made_anew(self) -> None:
        forged = dataclasses.replace(LOG[9], action="person.added")
        forged.hash = hash_of_row(forged)

        assert found([*LOG[:9], forged, *LOG[10:]]) == Broken(11, "does not follow the row before it")

    def test_sees_a_last_row_made_anew_without_the_head(self) -> None:
        forged = chained([*LOG[:-1], dataclasses.replace(LOG[-1], action="person.added")])

        assert found(forged) == Broken(LENGTH, "differs from the head of the log")

    def test_names_a_row_whose_detail_no_writer_can_have_made(self) -> None:
        broken = found([dataclasses.replace(LOG[0], detail={"count": 1.5}), *LOG[1:]])

        assert number_of(broken) == 1


class TestHashOfRow:
    def test_is_the_same_in_every_time_zone(self) -> None:
        in_brussels = dataclasses.replace(LOG[3], at=LOG[3].at.astimezone(timezone(timedelta(hours=1))))

        assert hash_of_row(in_brussels) == LOG[3].hash

    def test_differs_between_rows_that_say_the_same(self) -> None:
        assert hash_of_row(dataclasses.replace(LOG[3], salt=bytes(16))) != hash_of_row(dataclasses.replace(LOG[3], salt=bytes([1] * 16)))


class TestCanonical:
    def test_has_one_spelling(self) -> None:
        assert canonical({"b": [1, None, True], "a": "é\n\u0007"}) == '{"a":"é\\n\\u0007","b":[1,null,true]}'.encode()

    @given(st.dictionaries(st.text(st.characters(max_codepoint=127, exclude_characters="\0")), st.integers(-(2**53) + 1, 2**53 - 1)))
    def test_does_not_depend_on_the_order_in_which_things_were_said(self, detail: dict[str, int]) -> None:
        assert canonical(dict(reversed(detail.items()))) == canonical(detail)

    @pytest.mark.parametrize("value", [1.5, float("nan"), b"bytes", START, UUID(int=1), (1, 2), {1: "a"}, {"é": 1}, {"a": [{"b": 1.0}]}])
    def test_refuses_what_has_more_than_one_spelling(self, value: object) -> None:
        with pytest.raises(TypeError):
            canonical(value)

    @pytest.mark.parametrize("value", [2**53, -(2**53), "a\0b", "\ud800"])
    def test_refuses_what_another_database_or_language_cannot_hold(self, value: object) -> None:
        with pytest.raises(ValueError, match=r"2\^53|NUL|surrogates"):
            canonical(value)
