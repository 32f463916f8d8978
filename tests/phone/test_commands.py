import pytest

from phone.client import Client
from phone.commands import Desk, Quit
from phone.kept import Kept
from phone.planned import Ask, AskedTime
from phone.words import words_for
from tests.phone.entries import HERE, card, fatimas_phone, message, planned

NL = words_for("nl")


class Memory:
    """Keeps what it was told last."""

    saved: Kept | None = None

    def save(self, kept: Kept) -> None:
        self.saved = kept


@pytest.fixture
async def desk() -> Desk:
    kept = fatimas_phone()
    kept.conversation(HERE).take_card(card())
    client = Client(kept, keeps=Memory(), listen=lambda happening: None)
    return Desk(client, NL, HERE)


def drafts(desk: Desk) -> list[tuple[str, int | None, str | None]]:
    return [(draft.kind, draft.target, draft.body) for draft in desk.client.kept.outbox.drafts]


class TestTake:
    async def test_words_become_a_draft(self, desk: Desk) -> None:
        assert desk.take("dag Annemie\n") == ""
        assert drafts(desk) == [("message", None, "dag Annemie")]

    async def test_two_slashes_say_one(self, desk: Desk) -> None:
        desk.take("//help is een commando")

        assert drafts(desk) == [("message", None, "/help is een commando")]

    async def test_an_unknown_command_is_never_said(self, desk: Desk) -> None:
        assert desk.take("/leave") == NL.no_such
        assert drafts(desk) == []

    async def test_help_names_every_command(self, desk: Desk) -> None:
        for command, _ in (*NL.help, ("/help meet", "")):
            assert command in desk.take("/help")
        for command, _ in NL.meetings.help:
            assert command in desk.take("/help meet")

    async def test_edits_and_retracts_the_last_own_message(self, desk: Desk) -> None:
        desk.client.kept.conversation(HERE).take_entries([message(1, "dga", author=1), message(2, "hoi")])

        desk.take("/edit dag")
        desk.take("/retract")

        assert drafts(desk) == [("edit", 1, "dag"), ("retract", 1, None)]

    async def test_does_not_edit_an_older_message_while_the_newest_waits(self, desk: Desk) -> None:
        desk.client.kept.conversation(HERE).take_entries([message(1, "oud", author=1)])
        desk.take("nieuw")

        assert desk.take("/edit nieuwer") == NL.not_sent_yet

    async def test_says_when_there_is_nothing_to_change(self, desk: Desk) -> None:
        assert desk.take("/retract") == NL.nothing_to_change

    async def test_says_when_one_cannot_write(self, desk: Desk) -> None:
        desk.client.kept.conversation(HERE).take_card(card(state="closed"))

        assert desk.take("dag") == NL.cannot_write
        assert drafts(desk) == []

    async def test_tries_again_and_throws_away_what_was_refused(self, desk: Desk) -> None:
        desk.take("dag")
        draft = desk.client.kept.outbox.drafts[0]
        draft.refused = "conversation_paused"

        desk.take("/again")
        assert draft.waits

        draft.refused = "conversation_paused"
        desk.take("/drop")
        assert drafts(desk) == []

    async def test_plans_and_answers_what_is_known(self, desk: Desk) -> None:
        desk.take("/meet 2026-11-25 14:00 90 weekly De Krook")
        desk.client.kept.conversation(HERE).take_entries([planned(1, "propose", version=3)])
        desk.take("/yes 1")

        first, second = desk.client.kept.outbox.drafts
        assert first.ask == Ask("propose", times=[AskedTime("2026-11-25T14:00", 90)], place="De Krook", repeat="FREQ=WEEKLY")
        assert second.ask == Ask("accept", 1, 3)

    async def test_says_how_to_plan_and_asks_for_nothing_that_cannot_be_read(self, desk: Desk) -> None:
        assert desk.take("/meet morgen") == NL.problem("how_to_plan")
        assert desk.take("/yes 7") == NL.problem("meeting_not_found")
        assert drafts(desk) == []

    async def test_plans_nothing_where_one_cannot_write(self, desk: Desk) -> None:
        desk.client.kept.conversation(HERE).take_card(card(state="paused"))

        assert desk.take("/meet 2026-11-25 14:00") == NL.cannot_write
        assert drafts(desk) == []

    async def test_quits(self, desk: Desk) -> None:
        with pytest.raises(Quit):
            desk.take("/quit")

    async def test_goes_to_another_conversation(self, desk: Desk) -> None:
        assert desk.take("/to 1") == ""
        assert desk.take("/to 7") == desk.take("/to") == NL.no_such


class TestStoring:
    async def test_what_is_written_is_stored_before_anything_else(self, desk: Desk) -> None:
        class Full:
            def save(self, kept: Kept) -> None:
                raise OSError(28, "No space left on device")

        desk.client._keeps = Full()

        assert desk.take("dag") == NL.problem("not_stored")
        assert drafts(desk) == []
