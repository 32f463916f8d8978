from datetime import datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from accounts.attempts import ensure_may_try
from accounts.models import AttemptCount
from core.errors import TooManyAttempts
from tests.accounts.together import together

pytestmark = pytest.mark.django_db
CODE, OTHER_CODE = b"c" * 32, b"d" * 32


def attempt(*, address: str = "1.2.3.4", code: bytes = CODE, now: datetime) -> None:
    ensure_may_try(code_digest=code, address=address, now=now)


class TestEnsureMayTry:
    def test_allows_so_many_tries_on_a_code_whoever_makes_them(self, settings: Settings, now: datetime) -> None:
        settings.MAATJE_ATTEMPTS_PER_CODE = 3
        for last in range(3):
            attempt(address=f"1.2.3.{last}", now=now)

        with pytest.raises(TooManyAttempts):
            attempt(address="9.9.9.9", now=now)

    def test_allows_so_many_tries_from_an_address_whatever_the_code(self, settings: Settings, now: datetime) -> None:
        settings.MAATJE_ATTEMPTS_PER_ADDRESS = 2
        attempt(now=now)
        attempt(code=OTHER_CODE, now=now)

        with pytest.raises(TooManyAttempts):
            attempt(code=b"e" * 32, now=now)

    def test_a_locked_out_address_uses_up_nobody_elses_tries(self, settings: Settings, now: datetime) -> None:
        settings.MAATJE_ATTEMPTS_PER_ADDRESS, settings.MAATJE_ATTEMPTS_PER_CODE = 1, 2
        attempt(address="6.6.6.6", code=OTHER_CODE, now=now)
        for _ in range(10):
            with pytest.raises(TooManyAttempts):
                attempt(address="6.6.6.6", now=now)

        attempt(address="1.2.3.4", now=now)

    def test_says_how_long_to_wait_and_lets_in_again_after_that(self, settings: Settings, now: datetime) -> None:
        settings.MAATJE_ATTEMPTS_PER_CODE = 1
        attempt(now=now)
        with pytest.raises(TooManyAttempts) as refused:
            attempt(now=now)

        assert refused.value.facts == {"retry_after": 1800}
        attempt(now=now + timedelta(seconds=1800))

    def test_keeps_no_address(self, now: datetime) -> None:
        attempt(address="1.2.3.4", now=now)

        assert not any(b"1.2.3.4" in bytes(row.subject) for row in AttemptCount.objects.all())

    @pytest.mark.django_db(transaction=True)
    def test_refuses_to_be_undone_by_a_transaction_around_it(self, now: datetime) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            attempt(now=now)

    @pytest.mark.django_db(transaction=True)
    def test_no_two_threads_get_the_same_try(self, settings: Settings, now: datetime) -> None:
        settings.MAATJE_ATTEMPTS_PER_CODE, settings.MAATJE_ATTEMPTS_PER_ADDRESS = 7, 1000

        outcomes = together(lambda _: attempt(now=now), threads=24)

        assert sum(outcome is None for outcome in outcomes) == 7
        assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 17
