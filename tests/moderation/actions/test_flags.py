"""Flagging: what can be flagged, by whom, how often; and that a retry is the same flag."""

from datetime import datetime, timedelta

import pytest

from accounts.actions import blocks
from accounts.models import Person
from audit.models import AuditRow
from chat.actions import conversations, members
from chat.errors import ConversationNotFound, EntryNotFound
from chat.models import Conversation
from core.ids import new_id
from moderation.errors import FlagReused, NothingToFlag, TooManyFlags
from moderation.models import Case, Flag
from moderation.words import CaseState, FlagReason, Priority
from tests.chat.words import edit, retraction, sent
from tests.moderation.casework import audited, erase, raise_flag, say

pytestmark = [pytest.mark.django_db, pytest.mark.delivery]


class TestAFlagOnALine:
    def test_opens_a_case_about_its_author(self, fatima: Person, annemie: Person, talk: Conversation, now: datetime) -> None:
        flag = raise_flag(fatima, talk, 10, reason=FlagReason.MONEY, words=" ze vroeg geld ", now=now)

        case = flag.case
        assert (case.target_seq, case.subject, case.state, case.version) == (10, annemie, CaseState.NEW, 1)
        assert (case.priority, case.due_at) == (Priority.SAFEGUARDING, now + timedelta(hours=4))
        assert case.organisation == talk.circle.programme.organisation
        assert Flag.objects.get().words == "ze vroeg geld"

    def test_is_written_down_without_who_flagged(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        case = raise_flag(fatima, talk, 10, words="geheim", now=now).case

        row = AuditRow.objects.get(subject=f"case:{case.id}")
        assert (row.action, row.actor_id) == ("case.opened", None)
        assert row.detail["lines"] == 11 and row.detail["reason"] == "harassment"
        assert str(fatima.id) not in str(row.detail) and "geheim" not in str(row.detail)

    def test_changes_nothing_in_the_conversation(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        before = Conversation.objects.values().get(id=talk.id)

        raise_flag(fatima, talk, 10, now=now)

        assert Conversation.objects.values().get(id=talk.id) == before

    def test_on_an_edit_is_on_what_was_edited(self, fatima: Person, annemie: Person, talk: Conversation, now: datetime) -> None:
        sent(edit(annemie, talk, 20), now=now)
        flag_id = new_id()

        flag = raise_flag(fatima, talk, 21, flag_id=flag_id, now=now)

        assert flag.target_seq == 20
        assert raise_flag(fatima, talk, 21, flag_id=flag_id, now=now) == flag

    def test_that_was_taken_back_is_kept_with_what_there_is(
        self, fatima: Person, annemie: Person, talk: Conversation, now: datetime
    ) -> None:
        sent(retraction(annemie, talk, 20), now=now)

        case = raise_flag(fatima, talk, 20, now=now).case

        assert {line.seq: line.body for line in case.evidence.all()}[20] == ""
        assert raise_flag(fatima, talk, 21, now=now).case == case  # the line that says so stands for it

    @pytest.mark.parametrize("how", ["paused", "closed", "erased"])
    def test_is_kept_wherever_it_can_still_be_read(self, how: str, fatima: Person, talk: Conversation, now: datetime) -> None:
        if how == "paused":
            conversations.pause(conversation_id=talk.id, now=now)
        elif how == "closed":
            conversations.close_at(conversation_id=talk.id, closes_at=now, now=now)
        else:
            erase(talk)

        case = raise_flag(fatima, talk, 10, words="lelijk", now=now).case

        assert case.evidence.exists() == (how != "erased")
        assert case.flags.get().words == "lelijk"


class TestWhatCannotBeFlagged:
    def test_is_ones_own_line(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        with pytest.raises(NothingToFlag):
            raise_flag(fatima, talk, 9, now=now)

    @pytest.mark.parametrize(("target", "member"), [(None, None), (10, 2), (None, 1), (None, 9)])
    def test_is_nothing_or_two_things_or_oneself_or_nobody(
        self, target: int | None, member: int | None, fatima: Person, talk: Conversation, now: datetime
    ) -> None:
        with pytest.raises(NothingToFlag):
            raise_flag(fatima, talk, target, member=member, now=now)

    def test_is_that_somebody_left_or_the_conversation_closed(self, group: Conversation, now: datetime) -> None:
        chantal, dirk, _ = people_of(group)
        members.leave(by_id=dirk.id, conversation_id=group.id, now=now)

        with pytest.raises(NothingToFlag):
            raise_flag(chantal, group, 1, now=now)

    def test_is_a_line_that_is_not_there(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        with pytest.raises(EntryNotFound):
            raise_flag(fatima, talk, 21, now=now)

    def test_is_a_line_of_before_one_came_or_after_one_left(self, group: Conversation, fatima: Person, now: datetime) -> None:
        chantal, _, amina = people_of(group)
        say(group, (chantal, "voor"), now=now)
        members.join(conversation_id=group.id, person_id=fatima.id, role="peer", now=now)
        members.leave(by_id=amina.id, conversation_id=group.id, now=now)
        say(group, (chantal, "na"), now=now)

        for person, target in ((fatima, 1), (amina, 4)):
            with pytest.raises(EntryNotFound):
                raise_flag(person, group, target, now=now)
        assert raise_flag(amina, group, 1, now=now).case.target_seq == 1  # what they can still read, they can still flag

    def test_is_what_came_into_a_line_after_one_left(self, group: Conversation, now: datetime) -> None:
        """The line itself can be: what it says by then is none of theirs, and is not kept."""
        chantal, dirk, _ = people_of(group)
        say(group, (dirk, "lelijk"), (chantal, "oei"), now=now)
        members.leave(by_id=chantal.id, conversation_id=group.id, now=now)
        sent(edit(dirk, group, 1, "iets voor de anderen"), now=now)

        case = raise_flag(chantal, group, 1, now=now).case

        assert [(line.seq, line.body) for line in case.evidence.all()] == [(1, ""), (2, "oei")]

    def test_answers_alike_for_a_conversation_of_others_and_for_none(
        self, group: Conversation, fatima: Person, talk: Conversation, now: datetime
    ) -> None:
        say(group, (people_of(group)[0], "van ons"), now=now)

        with pytest.raises(ConversationNotFound):
            raise_flag(fatima, group, 1, now=now)
        with pytest.raises(ConversationNotFound):
            raise_flag(fatima, Conversation(id=new_id()), 1, now=now)


class TestAFlagOnAPerson:
    def test_opens_a_case_with_what_they_last_said(self, fatima: Person, annemie: Person, talk: Conversation, now: datetime) -> None:
        case = raise_flag(fatima, talk, member=2, now=now).case

        assert (case.target_seq, case.subject) == (None, annemie)
        assert [line.seq for line in case.evidence.all()] == list(range(15, 21))

    def test_who_said_nothing_is_kept_without_lines(self, fatima: Person, conversation: Conversation, now: datetime) -> None:
        assert not raise_flag(fatima, conversation, member=2, now=now).case.evidence.exists()

    def test_is_another_case_than_one_on_a_line_of_theirs(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        on_person, on_line = raise_flag(fatima, talk, member=2, now=now), raise_flag(fatima, talk, 10, now=now)

        assert on_person.case != on_line.case
        assert raise_flag(fatima, talk, member=2, now=now).case == on_person.case

    def test_whom_one_blocked_goes_as_before(self, fatima: Person, annemie: Person, talk: Conversation, now: datetime) -> None:
        blocks.add(blocker=fatima, blocked=annemie, now=now)

        assert raise_flag(fatima, talk, member=2, now=now).case.subject == annemie


class TestTheSameFlagAgain:
    def test_is_the_same_flag(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        flag_id = new_id()

        first, second = (raise_flag(fatima, talk, 10, words="au", flag_id=flag_id, now=at) for at in (now, now + timedelta(days=2)))

        assert first == second and second.at == now
        assert Flag.objects.count() == 1 and audited(first.case) == ["opened"]

    @pytest.mark.parametrize("other", [{"target": 8}, {"target": None, "member": 2}, {"words": "oei"}, {"reason": FlagReason.HATE}])
    def test_with_other_content_is_refused(self, other: dict[str, object], fatima: Person, talk: Conversation, now: datetime) -> None:
        flag_id = new_id()
        raise_flag(fatima, talk, 10, words="au", flag_id=flag_id, now=now)

        with pytest.raises(FlagReused):
            raise_flag(fatima, talk, **({"target": 10, "words": "au"} | other), flag_id=flag_id, now=now)  # type: ignore[arg-type]  # other words, another line: as the table says

    def test_of_somebody_else_is_another(self, group: Conversation, now: datetime) -> None:
        chantal, dirk, amina = people_of(group)
        say(group, (dirk, "bah"), now=now)
        flag_id = new_id()

        flags = [raise_flag(person, group, 1, flag_id=flag_id, now=now) for person in (chantal, amina)]

        assert flags[0] != flags[1] and flags[0].case == flags[1].case

    def test_is_answered_after_one_left(self, group: Conversation, now: datetime) -> None:
        chantal, dirk, _ = people_of(group)
        say(group, (dirk, "bah"), now=now)
        flag_id = new_id()
        flag = raise_flag(chantal, group, 1, flag_id=flag_id, now=now)
        members.leave(by_id=chantal.id, conversation_id=group.id, now=now)

        assert raise_flag(chantal, group, 1, flag_id=flag_id, now=now) == flag


class TestTooMany:
    def test_in_an_hour_are_refused_and_lose_nothing(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        for second in range(30):
            raise_flag(fatima, talk, 10, now=now + timedelta(seconds=second))

        with pytest.raises(TooManyFlags) as refused:
            raise_flag(fatima, talk, 10, now=now + timedelta(minutes=10))

        assert refused.value.facts == {"retry_after": 3_000}
        assert raise_flag(fatima, talk, 10, now=now + timedelta(hours=1)).case == Case.objects.get()

    def test_of_one_person_are_one_case_that_nobody_need_look_at_anew(self, fatima: Person, talk: Conversation, now: datetime) -> None:
        for hour in range(12):
            raise_flag(fatima, talk, 10, now=now + timedelta(hours=hour))

        case = Case.objects.get()
        assert case.version == 1 and case.flags.count() == 12

    def test_cost_as_much_as_the_second(
        self, fatima: Person, talk: Conversation, now: datetime, django_assert_max_num_queries: object
    ) -> None:
        """Ten thousand earlier ones of one person make none slower: the number of queries is fixed, and so is what each reads."""
        case = raise_flag(fatima, talk, 10, now=now).case
        Flag.objects.bulk_create(
            Flag(flag_id=new_id(), by=fatima, case=case, conversation=talk, target_seq=10, reason="worry", at=now) for _ in range(10_000)
        )

        with django_assert_max_num_queries(40):  # type: ignore[operator]  # a fixture of pytest-django
            raise_flag(fatima, talk, 10, now=now + timedelta(days=1))


def people_of(conversation: Conversation) -> list[Person]:
    return [member.person for member in conversation.members.order_by("number")]
