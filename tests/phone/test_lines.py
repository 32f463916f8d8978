from phone.kept import Kept
from phone.lines import Fate, Line, Side, lines, state_of, title_of
from phone.planned import Ask
from phone.wire import Entry
from phone.words import words_for
from tests.phone.entries import HERE, NINE, card, edit, fatimas_phone, join, member, message, planned, retract

NL = words_for("nl")
FATIMA = member(1, "Fatima", role="participant")


def talking(*entries: Entry, **more: object) -> Kept:
    kept = fatimas_phone()
    here = kept.conversation(HERE)
    here.take_card(card(**more))
    here.take_entries(entries)
    return kept


def shown(kept: Kept) -> list[Line]:
    return lines(kept, kept.conversation(HERE), NL)


def fates(kept: Kept) -> list[Fate | None]:
    return [line.fate for line in shown(kept)]


class TestMessages:
    def test_say_who_and_what(self) -> None:
        kept = talking(message(1, "dag", author=1), message(2, "hoi"))

        assert [(line.side, line.name, line.text) for line in shown(kept)] == [
            (Side.MINE, "jij", "dag"),
            (Side.THEIRS, "Annemie", "hoi"),
        ]

    def test_stand_once_however_often_they_changed(self) -> None:
        kept = talking(message(1, "dga"), edit(2, 1, "dag"), message(3, "weg"), retract(4, 3))

        assert [(line.text, line.is_edited, line.is_gone) for line in shown(kept)] == [
            ("dag", True, False),
            ("bericht ingetrokken", False, True),
        ]

    def test_of_somebody_blocked_are_hidden(self) -> None:
        kept = talking(message(1, None, concealed=True))

        assert shown(kept)[0].text == "verborgen bericht"

    def test_do_not_steer_the_terminal(self) -> None:
        kept = talking(message(1, "a\x1b[2Jb"), members=[FATIMA, member(2, "An\x9bnemie")])

        assert (shown(kept)[0].text, shown(kept)[0].name) == ("a[2Jb", "Annemie")


class TestFates:
    def test_follow_the_marks_of_the_other(self) -> None:
        said = [message(seq, author=1) for seq in (1, 2, 3)]
        kept = talking(*said, members=[FATIMA, member(2, "Annemie", delivered_seq=2, read_seq=1)])

        assert fates(kept) == [Fate.READ, Fate.DELIVERED, Fate.SENT]

    def test_say_no_more_than_delivered_when_the_other_keeps_reading_private(self) -> None:
        kept = talking(message(1, author=1), members=[FATIMA, member(2, "Annemie", delivered_seq=1)])

        assert fates(kept) == [Fate.DELIVERED]

    def test_wait_in_a_group_for_everybody_who_is_there(self) -> None:
        group = [FATIMA, member(2, "Annemie", delivered_seq=1, read_seq=1), member(3, "Karel"), member(4, "Luc", left=True)]
        kept = talking(message(1, author=1), members=group)

        line = shown(kept)[0]

        assert (line.fate, line.readers, line.others) == (Fate.SENT, 1, 2)

    def test_waiting_and_refused_drafts_stand_last(self) -> None:
        kept = talking(message(1, "dag", author=1))
        kept.write(HERE, "straks", now=NINE)
        kept.write(HERE, "nooit", now=NINE).refused = "conversation_paused"

        assert [(line.text, line.fate) for line in shown(kept)[1:]] == [("straks", Fate.WAITS), ("nooit", Fate.REFUSED)]
        assert shown(kept)[-1].problem == "Dit gesprek staat op pauze."

    def test_a_draft_keeps_its_place_on_the_screen_when_it_becomes_a_line(self) -> None:
        kept = talking()
        draft = kept.write(HERE, "dag", now=NINE)
        before = shown(kept)[0].key

        kept.conversation(HERE).take_entries([message(1, "dag", author=1, draft_id=draft.draft_id)])
        kept.settle(kept.conversation(HERE))

        assert [line.key for line in shown(kept)] == [before]

    def test_a_change_that_waits_is_shown_at_what_it_changes(self) -> None:
        kept = talking(message(1, "dga", author=1), message(2, "weg", author=1))
        kept.edit(HERE, 1, "dag", now=NINE)
        kept.retract(HERE, 2, now=NINE)

        assert [(line.text, line.fate) for line in shown(kept)] == [("dag", Fate.WAITS), ("bericht ingetrokken", Fate.WAITS)]


class TestNotes:
    def test_say_who_came_and_went(self) -> None:
        gone = Entry(seq=2, kind="leave", author=3, at=NINE, member=3)
        closed = Entry(seq=3, kind="close", author=0, at=NINE)
        kept = talking(join(1, 3), gone, closed, members=[FATIMA, member(3, "Luc")])

        assert [line.text for line in shown(kept)] == ["Luc doet nu mee", "Luc is weggegaan", "Dit gesprek is afgesloten"]

    def test_kinds_of_a_newer_server_are_kept_and_not_shown(self) -> None:
        kept = talking(Entry(seq=1, kind="song", author=0, at=NINE), message(2))

        assert [line.seq for line in shown(kept)] == [2]


class TestPlans:
    def test_say_what_somebody_did_with_which_meeting(self) -> None:
        kept = talking(
            planned(1, "propose", place="De Krook", repeat="FREQ=WEEKLY"), planned(2, "accept", author=1, state="agreed", yes=[2, 1])
        )

        assert [(line.side, line.seq, line.text) for line in shown(kept)] == [
            (Side.NOTE, 1, "Annemie: voorstel, afspraak 1 · wo 25/11 14:00–15:30 · elke week · De Krook\n→ gevraagd · ja: Annemie"),
            (Side.NOTE, 2, "jij: ja, afspraak 1 · wo 25/11 14:00–15:30\n→ afgesproken · ja: Annemie, jij"),
        ]

    def test_wait_as_they_were_typed(self) -> None:
        kept = talking()
        kept.plan(HERE, Ask("cancel", 1), "/cancel 1", now=NINE)

        assert [(line.text, line.fate) for line in shown(kept)] == [("/cancel 1", Fate.WAITS)]

    def test_of_others_are_news(self) -> None:
        kept = talking(planned(1, "propose"), planned(2, "accept", author=1))

        assert kept.conversation(HERE).unread() == 1


class TestTitles:
    def test_name_the_others(self) -> None:
        kept = talking(members=[FATIMA, member(2, "Annemie"), member(3, "Luc", left=True)])

        assert title_of(kept.conversation(HERE), NL) == "Annemie"

    def test_say_why_one_cannot_write(self) -> None:
        def state(**more: object) -> str:
            return state_of(talking(**more).conversation(HERE), NL)

        assert state() == ""
        assert state(state="paused") == "Dit gesprek staat op pauze"
        assert state(state="closed") == "Dit gesprek is afgesloten"
        assert state(left=True) == "Je doet niet meer mee in dit gesprek."
