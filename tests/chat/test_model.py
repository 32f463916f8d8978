"""The signature test: whatever happens, in whatever order, every phone ends up with the log, and never shows a hole on the way."""

import pytest
from django.db import connection
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import Settings

from tests.chat.machine.backups import Backups
from tests.chat.machine.comings import Comings
from tests.chat.machine.hidings import Hidings
from tests.chat.machine.scene import FIRST, clock
from tests.chat.machine.speech import Speech
from tests.chat.machine.truths import Truths


class ConversationMachine(Speech, Hidings, Comings, Backups, Truths):
    """People with phones in a pair and in a group, a server process, other processes, an operator with a backup."""


@pytest.mark.delivery
@pytest.mark.django_db(transaction=True)
class TestConversations:
    @pytest.mark.timeout(900)  # where it fails, Hypothesis looks for the shortest story
    def test_are_what_a_simple_list_says(self, unhurried: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("core.clock.now", clock)
        monkeypatch.setattr(clock, "at", FIRST)
        settings.MAATJE_COMMANDS_BURST = 100_000
        settings.MAATJE_ACK_WINDOW = 5

        run_state_machine_as_test(ConversationMachine)
        connection.close()
