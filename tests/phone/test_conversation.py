from phone.conversation import MOST_KEPT, Conversation
from phone.wire import Mark
from tests.phone.entries import HERE, card, join, member, message


def conversation(**more: object) -> Conversation:
    found = Conversation(HERE)
    found.take_card(card(**more))
    return found


class TestCards:
    def test_an_empty_log_begins_at_its_beginning(self) -> None:
        here = conversation()

        here.take_entries([message(1)])

        assert here.log.cursor == 1

    def test_a_log_that_is_not_empty_begins_where_the_server_begins(self) -> None:
        here = conversation(last_seq=30)

        here.take_entries([message(11)])

        assert here.log.cursor == 11

    def test_somebody_who_came_back_starts_at_their_return(self) -> None:
        here = conversation()
        here.take_entries([message(1), message(2)])

        here.take_card(card(you=3, first_seq=7, last_seq=9))
        here.take_entries([join(7, 3), message(8), message(9)])

        assert [entry.seq for entry in here.log.entries] == [7, 8, 9]

    def test_says_whether_one_can_write(self) -> None:
        assert conversation().can_write
        assert not conversation(state="paused").can_write
        assert not conversation(state="closed").can_write
        assert not conversation(left=True).can_write


class TestMarks:
    def test_only_rise(self) -> None:
        here = conversation(members=[member(1, "Fatima"), member(2, "Annemie", delivered_seq=5, read_seq=4)])

        here.take_marks([Mark(2, delivered_seq=3, read_seq=1)])
        here.take_card(card(members=[member(1, "Fatima"), member(2, "Annemie", delivered_seq=2, read_seq=2)]))

        assert (here.members[2].delivered_seq, here.members[2].read_seq) == (5, 4)

    def test_a_read_mark_that_is_kept_back_from_now_on_is_gone(self) -> None:
        here = conversation(members=[member(1, "Fatima"), member(2, "Annemie", read_seq=4)])

        here.take_card(card(members=[member(1, "Fatima"), member(2, "Annemie", delivered_seq=6)]))

        assert here.members[2].read_seq is None

    def test_what_another_phone_of_ours_read_is_read_here(self) -> None:
        here = conversation()
        here.take_entries([message(1), message(2)])

        here.take_marks([Mark(1, delivered_seq=2, read_seq=2)])

        assert here.unread() == 0


class TestUnread:
    def test_counts_what_others_said_since_and_did_not_take_back(self) -> None:
        here = conversation(read_seq=1)

        here.take_entries([message(1), message(2), message(3, author=1), message(4, None, retracted_seq=6), message(5)])

        assert here.unread() == 2


class TestTakeEntries:
    def test_keeps_the_newest_only(self) -> None:
        here = conversation()

        here.take_entries(message(seq) for seq in range(1, MOST_KEPT + 51))

        assert len(here.log.entries) == MOST_KEPT
        assert here.log.first_seq == 51
        assert here.may_have_older()
