from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.actions import devices, invites, people
from accounts.errors import InviteInvalid, PersonAbsent
from accounts.models import Device, Invite, Person, Role
from audit.models import AuditRow
from core.errors import DomainError, Forbidden, TooManyAttempts
from tests.accounts.together import together
from tests.factories import make_person


def redeem(code: str, *, now: datetime, address: str = "1.2.3.4") -> tuple[Device, str]:
    return invites.redeem(code=code, address=address, label="my phone", in_browser=False, now=now)


class TestMake:
    def test_keeps_only_a_digest_of_the_code(self, fatima: Person, nele: Person, now: datetime) -> None:
        invite, code = invites.make(person=fatima, by=nele, now=now)

        stored = Invite.objects.filter(id=invite.id).values().get()
        assert code not in repr(stored)
        assert stored["expires_at"] == now + timedelta(days=7)

    def test_writes_who_let_whom_in_and_never_the_code(self, fatima: Person, nele: Person, now: datetime) -> None:
        _, code = invites.make(person=fatima, by=nele, now=now)

        row = AuditRow.objects.last()
        assert row is not None
        assert (row.action, row.actor_id, row.subject) == ("invite.made", nele.id, f"person:{fatima.id}")
        assert code not in repr(row.detail)

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR, Role.MODERATOR])
    def test_lets_no_coordinator_in_as_a_colleague(self, nele: Person, now: datetime, role: Role) -> None:
        with pytest.raises(Forbidden):
            invites.make(person=make_person(role=role, now=now), by=nele, now=now)

    def test_lets_no_buddy_invite(self, fatima: Person, annemie: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            invites.make(person=fatima, by=annemie, now=now)

    def test_makes_none_for_somebody_suspended(self, fatima: Person, nele: Person, now: datetime) -> None:
        people.suspend(person=fatima, by=nele, now=now)

        with pytest.raises(PersonAbsent):
            invites.make(person=fatima, by=nele, now=now)


class TestRedeem:
    def test_gives_a_device_whose_token_is_recognised(self, fatima: Person, nele: Person, now: datetime) -> None:
        _, code = invites.make(person=fatima, by=nele, now=now)

        device, token = redeem(code.lower(), now=now)

        assert device.person == fatima
        assert devices.authenticate(token, now=now) == device
        assert token not in repr(Device.objects.values().get())

    def test_leaves_the_devices_that_were_there(self, fatima: Person, now: datetime) -> None:
        tokens = [redeem(invites.make(person=fatima, by=None, now=now)[1], now=now)[1] for _ in range(2)]

        assert all(devices.authenticate(token, now=now) for token in tokens)

    def test_answers_alike_for_unknown_used_expired_revoked_and_suspended(self, fatima: Person, nele: Person, now: datetime) -> None:
        used, expired, revoked = (invites.make(person=fatima, by=nele, now=now) for _ in range(3))
        redeem(used[1], now=now)
        invites.revoke(invite=revoked[0], by=nele, now=now)
        suspended = make_person(now=now)
        lost = invites.make(person=suspended, by=nele, now=now)
        people.suspend(person=suspended, by=nele, now=now)
        late = now + timedelta(days=7)

        answers = []
        for code, at in [("ABCDEFGHJK", now), ("?", now), (used[1], now), (expired[1], late), (revoked[1], now), (lost[1], now)]:
            with pytest.raises(InviteInvalid) as refused:
                redeem(code, now=at)
            answers.append((refused.value.as_dict(), refused.value.status))

        assert all(answer == answers[0] for answer in answers)

    def test_asks_the_database_as_much_for_a_used_code_as_for_an_unknown_one(self, fatima: Person, now: datetime) -> None:
        _, used = invites.make(person=fatima, by=None, now=now)
        redeem(used, now=now)

        asked = []
        for code in (used, "ABCDEFGHJK", "?"):
            with CaptureQueriesContext(connection) as queries, pytest.raises(InviteInvalid):
                redeem(code, now=now)
            asked.append([query["sql"].split(" ")[0] for query in queries])

        assert asked[0] == asked[1] == asked[2]

    def test_counts_a_failed_try(self, fatima: Person, settings: Settings, now: datetime) -> None:
        settings.MAATJE_ATTEMPTS_PER_ADDRESS = 2
        _, code = invites.make(person=fatima, by=None, now=now)
        for guess in ("ABCDEFGHJK", "KJHGFEDCBA"):
            with pytest.raises(InviteInvalid):
                redeem(guess, now=now)

        with pytest.raises(TooManyAttempts):
            redeem(code, now=now)

    def test_over_the_limit_answers_alike_for_known_and_unknown_codes(self, fatima: Person, settings: Settings, now: datetime) -> None:
        settings.MAATJE_ATTEMPTS_PER_ADDRESS = 1
        _, code = invites.make(person=fatima, by=None, now=now)
        with pytest.raises(InviteInvalid):
            redeem("ABCDEFGHJK", now=now)

        answers = []
        for tried in (code, "KJHGFEDCBA"):
            with pytest.raises(TooManyAttempts) as refused:
                redeem(tried, now=now)
            answers.append(refused.value.as_dict())

        assert answers[0] == answers[1]

    def test_works_from_one_address_while_another_is_locked_out(self, fatima: Person, settings: Settings, now: datetime) -> None:
        settings.MAATJE_ATTEMPTS_PER_ADDRESS = 3
        _, code = invites.make(person=fatima, by=None, now=now)
        for _ in range(20):
            with pytest.raises(DomainError):
                redeem("ABCDEFGHJK", address="6.6.6.6", now=now)
        for _ in range(20):
            with pytest.raises(TooManyAttempts):
                redeem(code, address="6.6.6.6", now=now)

        device, _ = redeem(code, address="1.2.3.4", now=now)

        assert device.person == fatima

    @pytest.mark.django_db(transaction=True)
    def test_64_threads_with_one_code_get_one_device(self, fatima: Person, settings: Settings, now: datetime) -> None:
        settings.MAATJE_ATTEMPTS_PER_CODE = settings.MAATJE_ATTEMPTS_PER_ADDRESS = 1000
        _, code = invites.make(person=fatima, by=None, now=now)

        outcomes = together(lambda _: redeem(code, now=now), threads=64)

        assert Device.objects.count() == 1
        assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, InviteInvalid) for outcome in outcomes) == 63

    @pytest.mark.django_db(transaction=True)
    def test_64_threads_within_the_limits_get_one_device(self, fatima: Person, now: datetime) -> None:
        _, code = invites.make(person=fatima, by=None, now=now)

        outcomes = together(lambda _: redeem(code, now=now), threads=64)

        assert Device.objects.count() == 1
        assert sum(isinstance(outcome, tuple) for outcome in outcomes) == 1
        assert all(isinstance(outcome, (tuple, InviteInvalid, TooManyAttempts)) for outcome in outcomes)


class TestRevoke:
    def test_may_be_done_twice(self, fatima: Person, nele: Person, now: datetime) -> None:
        invite, _ = invites.make(person=fatima, by=nele, now=now)
        rows = AuditRow.objects.count()

        for _ in range(2):
            invites.revoke(invite=invite, by=nele, now=now)

        assert AuditRow.objects.count() == rows + 1

    def test_leaves_a_used_one_used(self, fatima: Person, nele: Person, now: datetime) -> None:
        invite, code = invites.make(person=fatima, by=nele, now=now)
        _, token = redeem(code, now=now)

        invites.revoke(invite=invite, by=nele, now=now)

        assert devices.authenticate(token, now=now)
