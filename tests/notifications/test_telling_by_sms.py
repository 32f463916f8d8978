"""An SMS for who wants one: few, and only of what was not read."""

from datetime import timedelta
from itertools import pairwise

import pytest

from accounts.models import Device, Person
from chat.models import Conversation
from notifications.actions import addresses
from notifications.actions.choices import choose
from notifications.actions.telling import tell_due
from notifications.models import AddressKind, Delivery, PushAddress
from tests.chat.words import message, sent
from tests.conftest import Clock
from tests.meetings.acts import THURSDAY, WEDNESDAY, do
from tests.notifications.conftest import fates
from tests.notifications.outbox import deliveries, read

pytestmark = [pytest.mark.delivery, pytest.mark.usefixtures("quiet_start")]


class TestSms:
    def test_bounds_what_others_cause(self, device: Device, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        addresses.register(device=device, by=device.person, kind=AddressKind.SMS, now=clock())
        choose(person=device.person, by=device.person, now=clock(), every_minutes=0)
        do(annemie, conversation, "propose", times=[THURSDAY], now=clock())
        for number in range(100):
            sent(message(annemie, conversation), now=clock())
            do(annemie, conversation, "move", meeting=1, times=[(WEDNESDAY, THURSDAY)[number % 2]], now=clock())
            tell_due(now=clock.move(minutes=1))

        at = list(Delivery.objects.filter(kind="sms").order_by("made_at").values_list("made_at", flat=True))
        assert len(at) == 10
        assert all(later - earlier >= timedelta(minutes=10) for earlier, later in pairwise(at))


class TestEscalations:
    @pytest.fixture
    def by_sms(self, rings: PushAddress, device: Device, clock: Clock) -> Person:
        """Fatima, who wants an SMS of what she did not read in ten minutes."""
        addresses.register(device=device, by=rings.person, kind=AddressKind.SMS, now=clock())
        choose(person=rings.person, by=rings.person, now=clock(), sms_after=10)
        return rings.person

    def test_follows_by_sms_what_was_not_read(self, by_sms: Person, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        sent(message(annemie, conversation), now=clock())
        tell_due(now=clock())
        tell_due(now=clock.move(minutes=9))
        early = deliveries()

        tell_due(now=clock.move(minutes=1))

        assert early == [("entry", "fcm_token")]
        assert deliveries() == [("entry", "fcm_token"), ("escalation", "sms")]

    @pytest.mark.parametrize("comes_later", [False, True])
    def test_is_dropped_when_it_was_read(
        self, by_sms: Person, annemie: Person, conversation: Conversation, clock: Clock, comes_later: bool
    ) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())
        tell_due(now=clock())
        read(by_sms, conversation, seq)
        if comes_later:  # it has its own notice, and its own ten minutes
            sent(message(annemie, conversation), now=clock.move(minutes=8))

        tell_due(now=clock.move(minutes=10))

        assert fates(by_sms, "escalation")[0] == "nothing_new"
        assert ("escalation", "sms") not in deliveries()

    def test_of_a_meeting_is_dropped_when_it_was_answered(
        self, by_sms: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        tell_due(now=clock())

        do(by_sms, conversation, "accept", meeting=1, version=1, now=clock.move(minutes=5))
        tell_due(now=clock.move(minutes=5))

        assert fates(by_sms, "escalation") == ["answered"]

    def test_comes_once_however_much_is_written_until_somebody_looks(
        self, by_sms: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        for _ in range(6):
            sent(message(annemie, conversation), now=clock())
            tell_due(now=clock.move(minutes=6))
        tell_due(now=clock.move(minutes=30))

        assert deliveries().count(("escalation", "sms")) == 1

    def test_waits_only_where_a_push_went(self, device: Device, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        addresses.register(device=device, by=device.person, kind=AddressKind.SMS, now=clock())
        choose(person=device.person, by=device.person, now=clock(), sms_after=10)
        sent(message(annemie, conversation), now=clock())

        tell_due(now=clock())

        assert deliveries() == [("entry", "sms")]
        assert fates(device.person, "escalation") == []
