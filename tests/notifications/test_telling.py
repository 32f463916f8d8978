from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from accounts.actions import blocks, people
from accounts.models import Device, Person
from chat.actions import members
from chat.models import Conversation
from meetings.models import Meeting
from notifications import presence
from notifications.actions import addresses
from notifications.actions.choices import choose
from notifications.actions.telling import overtaken, tell_due
from notifications.models import AddressKind, Delivery, Notice, PushAddress
from tests.chat.words import message, retraction, sent
from tests.conftest import Clock
from tests.factories import make_device
from tests.meetings.acts import WEDNESDAY, do
from tests.notifications.conftest import fates, ring
from tests.notifications.outbox import deliveries, read, waits

pytestmark = [pytest.mark.delivery, pytest.mark.usefixtures("quiet_start")]


class TestMessages:
    def test_goes_at_once_to_every_phone_of_somebody_who_is_not_there(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        other = ring(make_device(person=rings.person, now=clock())[0], now=clock())
        sent(message(annemie, conversation), now=clock())

        assert tell_due(now=clock()) == 1

        assert {delivery.address for delivery in Delivery.objects.all()} == {rings, other}
        assert fates(rings.person) == ["told"]
        assert tell_due(now=clock()) == 0

    def test_a_delivery_says_nothing_of_who_and_where(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        ring(make_device(person=annemie, now=clock())[0], now=clock())
        sent(message(annemie, conversation), message(rings.person, conversation), now=clock())

        tell_due(now=clock())

        hers, his = Delivery.objects.values_list("collapse_key", flat=True)
        assert hers != his
        assert len(hers) == len(his) == 32
        assert conversation.id.hex not in {hers, his}

    @pytest.mark.parametrize("where", ["this process", "another process"])
    def test_waits_a_minute_while_the_app_is_open(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock, where: str
    ) -> None:
        here: Sequence[UUID] = [rings.person_id] if where == "this process" else []
        sent(message(annemie, conversation), now=clock())
        if where == "another process":
            presence.tell([rings.person_id], now=clock())

        tell_due(now=clock.move(seconds=1), here=here)
        early = fates(rings.person)
        tell_due(now=clock.move(seconds=59), here=here)

        assert (early, fates(rings.person)) == (["waiting"], ["told"])

    def test_presence_of_another_process_ends(self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        presence.tell([rings.person_id], now=clock())
        sent(message(annemie, conversation), now=clock.move(seconds=75))

        tell_due(now=clock())

        assert fates(rings.person) == ["told"]

    def test_what_was_read_meanwhile_is_dropped(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())
        read(rings.person, conversation, seq)

        tell_due(now=clock())

        assert fates(rings.person) == ["nothing_new"]
        assert deliveries() == []

    def test_what_was_taken_back_meanwhile_is_dropped(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())
        sent(retraction(annemie, conversation, seq), now=clock())

        tell_due(now=clock())

        assert fates(rings.person) == ["nothing_new"]

    def test_an_unread_one_before_it_still_counts(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        _, second = sent(message(annemie, conversation), message(annemie, conversation), now=clock())
        sent(retraction(annemie, conversation, second), now=clock())

        tell_due(now=clock())

        assert fates(rings.person) == ["told"]

    def test_what_was_said_before_somebody_came_is_not_unseen(
        self, group: Conversation, chantal: Person, dirk: Person, rings: PushAddress, clock: Clock
    ) -> None:
        sent(message(chantal, group), message(dirk, group), now=clock())
        members.join(conversation_id=group.id, person_id=rings.person_id, role="peer", now=clock())
        [seq] = sent(message(chantal, group), now=clock())
        sent(retraction(chantal, group, seq), now=clock())

        tell_due(now=clock())

        assert fates(rings.person) == ["nothing_new"]

    def test_a_window_ends_with_one_trailing_notice(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        sent(message(annemie, conversation), now=clock())
        tell_due(now=clock())
        for _ in range(4):
            sent(message(annemie, conversation), now=clock.move(minutes=1))
            tell_due(now=clock())
        within = fates(rings.person)

        tell_due(now=clock.move(minutes=1))

        assert (within, fates(rings.person)) == (["told", "waiting"], ["told", "told"])

    @pytest.mark.parametrize("what", ["mutes", "leaves", "is suspended", "wants no more", "has no address any more"])
    def test_is_dropped_when_things_changed(
        self, what: str, rings: PushAddress, annemie: Person, nele: Person, conversation: Conversation, clock: Clock
    ) -> None:
        fatima = rings.person
        sent(message(annemie, conversation), now=clock())
        match what:
            case "mutes":
                members.mute(by_id=fatima.id, conversation_id=conversation.id, until=clock() + timedelta(hours=1), now=clock())
            case "leaves":
                members.leave(by_id=fatima.id, conversation_id=conversation.id, now=clock())
            case "is suspended":
                people.suspend(person=fatima, by=nele, now=clock())
            case "wants no more":
                choose(person=fatima, by=fatima, now=clock(), messages=False)
            case _:
                addresses.remove(address_id=rings.id, by=fatima)

        tell_due(now=clock())

        why = {"mutes": "muted", "leaves": "left", "is suspended": "not_let_in", "wants no more": "not_wanted"}
        assert fates(fatima) == [why.get(what, "no_address")]
        assert deliveries() == []

    def test_who_is_blocked_in_a_group_rings_nobody(
        self, group: Conversation, chantal: Person, dirk: Person, amina: Person, clock: Clock
    ) -> None:
        for person in (dirk, amina):
            ring(make_device(person=person, now=clock())[0], now=clock())
        blocks.add(blocker=dirk, blocked=chantal, now=clock())
        sent(message(chantal, group), now=clock())

        tell_due(now=clock())

        assert (fates(dirk), fates(amina)) == (["nothing_new"], ["told"])

    def test_with_a_console_somebody_without_address_is_told_there(
        self, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock, settings: Settings
    ) -> None:
        settings.MAATJE_NOTICES_CONSOLE = True
        sent(message(annemie, conversation), now=clock())

        tell_due(now=clock())

        assert deliveries() == [("entry", "console")]

    def test_a_zone_that_nobody_knows_any_more_stops_nobody(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        Person.objects.filter(id=rings.person_id).update(zone="Europe/Atlantis")
        sent(message(annemie, conversation), now=clock())

        tell_due(now=clock())

        assert fates(rings.person) == ["told"]


class TestOneThatBreaks:
    def test_holds_up_none_of_the_others(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        for place, kind in enumerate(("circle", "reminder", "circle")):
            waits(rings.person, kind, clock() + timedelta(seconds=place), detail="hours")
        at_infinity = datetime.max.replace(tzinfo=UTC)  # the end of whose moment is in no calendar
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        Notice.objects.filter(kind="reminder", detail="hours").update(meeting_id=Meeting.objects.get().id, at=at_infinity)

        tell_due(now=clock.move(seconds=5))

        assert fates(rings.person, "circle") == ["told", "told"]
        assert fates(rings.person, "reminder") == ["waiting"]
        assert "notice_broken" in caplog.text

        tell_due(now=clock.move(days=2))
        assert fates(rings.person, "reminder") == ["broken"]


class TestCodes:
    def test_goes_to_the_address_that_it_proves_and_nowhere_else(self, rings: PushAddress, device: Device, clock: Clock) -> None:
        mail = addresses.register(device=device, by=rings.person, kind=AddressKind.EMAIL, value="fatima@example.org", now=clock())

        tell_due(now=clock(), here=[rings.person_id])

        assert [delivery.address for delivery in Delivery.objects.all()] == [mail]


class TestOvertaken:
    def test_what_was_read_after_it_was_told_need_not_go(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())
        tell_due(now=clock())
        made = list(Delivery.objects.select_related("notice"))
        before = overtaken(made, now=clock())

        read(rings.person, conversation, seq)

        assert (before, overtaken(made, now=clock())) == (set(), {made[0].id})

    @pytest.mark.parametrize("kind", ["nudge", "circle"])
    def test_a_notice_does_not_overtake_itself(self, rings: PushAddress, clock: Clock, kind: str) -> None:
        waits(rings.person, kind, clock())
        tell_due(now=clock())

        assert overtaken(Delivery.objects.select_related("notice"), now=clock()) == set()


class TestNudges:
    def test_comes_once_a_day_also_when_two_are_due_together(self, rings: PushAddress, clock: Clock) -> None:
        waits(rings.person, "nudge", clock())
        waits(rings.person, "nudge", clock())
        tell_due(now=clock())
        waits(rings.person, "nudge", clock.move(hours=1))
        tell_due(now=clock())
        waits(rings.person, "nudge", clock.move(days=1))
        tell_due(now=clock())

        first, second, later, tomorrow = fates(rings.person, "nudge")
        assert ({first, second}, later, tomorrow) == ({"told", "nudged_today"}, "nudged_today", "told")
