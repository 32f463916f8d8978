"""Whatever anybody does to a case, in whatever order: no illegal step, no step without its row, no measure without its letter, and an end."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.moderation.machine import CaseMachine


@pytest.mark.delivery
@pytest.mark.django_db
@pytest.mark.timeout(900)  # where it fails, Hypothesis looks for the shortest story
def test_every_path_of_a_case_comes_to_an_end() -> None:
    usual = settings()
    run_state_machine_as_test(CaseMachine, settings=settings(usual, max_examples=usual.max_examples // 4, stateful_step_count=50))
