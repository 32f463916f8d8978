"""Every clause of the policy, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from accounts.errors import Suspended
from accounts.models import Person
from chat import policy
from chat.errors import (
    AlreadyRetracted,
    ConversationClosed,
    ConversationErased,
    ConversationNotFound,
    ConversationPaused,
    EntryNotFound,
    NotReachable,
    NotYours,
    TooLateToEdit,
)
from chat.models import Conversation, ConversationMember, Entry, EntryKind

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def a_conversation(**but: Any) -> Conversation:
    return Conversation(**{"data_key_id": uuid4(), "is_pair": True, "made_at": NOW, **but})


def a_member(**but: Any) -> ConversationMember:
    return ConversationMember(**{"number": 1, "joined_seq": 1, "person": Person(), **but})


def a_message(**but: Any) -> Entry:
    return Entry(**{"seq": 5, "kind": EntryKind.MESSAGE, "author_number": 1, "at": NOW, **but})


def ensure_may_write(
    conversation: Conversation | None, member: ConversationMember | None, *, is_blocked: bool = False, now: datetime = NOW
) -> None:
    policy.ensure_may_write(conversation, member, is_blocked=is_blocked, now=now)


class TestWhoMayWriteInAConversation:
    def test_a_present_member_of_an_open_one(self) -> None:
        ensure_may_write(a_conversation(), a_member())

    def test_nobody_where_there_is_none(self) -> None:
        with pytest.raises(ConversationNotFound):
            ensure_may_write(None, a_member())

    def test_nobody_who_never_was_in_it(self) -> None:
        with pytest.raises(ConversationNotFound):
            ensure_may_write(a_conversation(), None)

    def test_nobody_in_one_whose_key_is_gone(self) -> None:
        with pytest.raises(ConversationErased):
            ensure_may_write(a_conversation(data_key_id=None), a_member())

    def test_nobody_in_a_closed_one(self) -> None:
        with pytest.raises(ConversationClosed):
            ensure_may_write(a_conversation(closes_at=NOW, closed_at=NOW), a_member())

    def test_members_in_their_grace_until_its_last_second(self) -> None:
        in_grace = a_conversation(closes_at=NOW)

        ensure_may_write(in_grace, a_member(), now=NOW - SECOND)
        with pytest.raises(ConversationClosed):
            ensure_may_write(in_grace, a_member(), now=NOW)

    def test_nobody_in_a_paused_one(self) -> None:
        with pytest.raises(ConversationPaused):
            ensure_may_write(a_conversation(paused_at=NOW), a_member())

    def test_neither_of_a_pair_of_which_one_blocked_the_other(self) -> None:
        with pytest.raises(NotReachable):
            ensure_may_write(a_conversation(), a_member(), is_blocked=True)

    def test_somebody_blocked_in_a_group_where_the_blocker_alone_does_not_see_it(self) -> None:
        ensure_may_write(a_conversation(is_pair=False), a_member(), is_blocked=True)

    def test_nobody_who_is_suspended(self) -> None:
        member = a_member()
        member.person.suspended_at = NOW

        with pytest.raises(Suspended):
            ensure_may_write(a_conversation(), member)

    def test_who_is_not_in_it_is_told_nothing_of_its_state(self) -> None:
        with pytest.raises(ConversationNotFound):
            ensure_may_write(a_conversation(closes_at=NOW, closed_at=NOW, data_key_id=None), None)


class TestWhoMayChangeAMessage:
    def test_its_author(self) -> None:
        policy.ensure_may_change(a_message(), a_member())

    def test_not_when_there_is_none(self) -> None:
        with pytest.raises(EntryNotFound):
            policy.ensure_may_change(None, a_member())

    def test_not_what_was_said_before_they_came(self) -> None:
        with pytest.raises(EntryNotFound):
            policy.ensure_may_change(a_message(seq=5), a_member(joined_seq=6))

    @pytest.mark.parametrize("kind", [kind for kind in EntryKind if kind is not EntryKind.MESSAGE])
    def test_not_what_is_no_message(self, kind: EntryKind) -> None:
        with pytest.raises(EntryNotFound):
            policy.ensure_may_change(a_message(kind=kind), a_member())

    def test_not_another_author(self) -> None:
        with pytest.raises(NotYours):
            policy.ensure_may_change(a_message(author_number=2), a_member())

    def test_not_what_was_taken_back(self) -> None:
        with pytest.raises(AlreadyRetracted):
            policy.ensure_may_change(a_message(retracted_seq=6), a_member())


class TestTheEditWindow:
    def test_is_open_for_fifteen_minutes(self) -> None:
        policy.ensure_still_editable(a_message(), now=NOW + timedelta(minutes=15))

    def test_is_closed_after_that(self) -> None:
        with pytest.raises(TooLateToEdit):
            policy.ensure_still_editable(a_message(), now=NOW + timedelta(minutes=15) + SECOND)


class TestWhoSeesReadMarks:
    @pytest.mark.parametrize(
        ("shows", "is_self", "sees"), [(True, False, True), (True, True, True), (False, True, True), (False, False, False)]
    )
    def test_others_only_when_the_person_shows_them(self, *, shows: bool, is_self: bool, sees: bool) -> None:
        assert policy.may_see_read_marks_of(shows=shows, is_self=is_self) is sees


class TestTheStateOnACard:
    def test_open(self) -> None:
        assert policy.state_of(a_conversation(), now=NOW) == "open"

    def test_open_in_grace(self) -> None:
        assert policy.state_of(a_conversation(closes_at=NOW + SECOND), now=NOW) == "open"

    def test_paused(self) -> None:
        assert policy.state_of(a_conversation(paused_at=NOW), now=NOW) == "paused"

    def test_closed_when_its_grace_is_over_though_nobody_wrote_so_yet(self) -> None:
        assert policy.state_of(a_conversation(closes_at=NOW), now=NOW) == "closed"

    def test_closed_even_when_paused(self) -> None:
        assert policy.state_of(a_conversation(closes_at=NOW, closed_at=NOW, paused_at=NOW), now=NOW) == "closed"
