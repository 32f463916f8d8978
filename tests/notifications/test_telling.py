from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.actions import blocks, people
from accounts.models import Block, Device, Person
from chat.actions import members
from chat.actions.marks import Progress, raise_marks
from chat.frames import AskedTime
from chat.models import Conversation
from core.ids import new_id
from meetings.models import Meeting
from notifications import presence
from notifications.actions import addresses, nudges
from notifications.actions.choices import choose
from notifications.actions.gatherings import gathered
from notifications.actions.telling import overtaken, tell_due
from notifications.models import AddressKind, Delivery, Notice, NoticeState, PushAddress
from tests.chat.words import message, retraction, sent
from tests.conftest import Clock
from tests.factories import make_circle, make_device, make_person
from tests.meetings.acts import THURSDAY, WEDNESDAY, do
from tests.notifications.conftest import fates, forget_introductions, ring

pytestmark = pytest.mark.delivery


@pytest.fixture(autouse=True)
def quiet_start(request: pytest.FixtureRequest) -> None:
    """Nothing waits but what the test makes."""
    if "conversation" in request.fixturenames or "group" in request.fixturenames:
        request.getfixturevalue("conversation" if "conversation" in request.fixturenames else "group")
        forget_introductions()


def read(person: Person, conversation: Conversation, seq: int) -> None:
    raise_marks(steps=[Progress(person.id, conversation.id, read=seq)])


def deliveries() -> list[tuple[str, str]]:
    """Kind of notice, kind of address."""
    return list(Delivery.objects.order_by("made_at", "id").values_list("notice__kind", "kind"))


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


class TestMeetings:
    def test_is_dropped_once_the_entry_was_read(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        seq = do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock()).seq
        read(rings.person, conversation, seq)

        tell_due(now=clock())

        assert fates(rings.person, "meeting") == ["nothing_new"]

    def test_is_told_while_only_messages_were_read(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        read(rings.person, conversation, seq)

        tell_due(now=clock())

        assert (fates(rings.person), fates(rings.person, "meeting")) == (["nothing_new"], ["told"])

    def test_however_often_it_moves_it_rings_once_and_once_more(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        tell_due(now=clock())
        for number in range(16):
            do(annemie, conversation, "move", meeting=1, times=[(THURSDAY, WEDNESDAY)[number % 2]], now=clock.move(seconds=1))
            tell_due(now=clock())
        meanwhile = fates(rings.person, "meeting")

        tell_due(now=clock.move(minutes=5))

        assert (meanwhile, fates(rings.person, "meeting")) == (["told", "waiting"], ["told", "told"])
        assert Notice.objects.get(person=rings.person, kind="meeting", version=17).detail == "move"

    def test_many_meetings_ring_as_one(self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock) -> None:
        for _ in range(5):
            do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock.move(seconds=1))
            tell_due(now=clock())

        tell_due(now=clock.move(minutes=5))

        assert sorted(fates(rings.person, "meeting")) == ["told", "told", "told_before", "told_before", "told_before"]
        assert len(set(Delivery.objects.values_list("collapse_key", flat=True))) == 1  # on the phone, too

    def test_that_what_is_about_to_begin_is_off_goes_at_once_three_times_a_day(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        at_noon = AskedTime("2026-03-02T12:00")
        for number in range(1, 5):
            do(annemie, conversation, "propose", times=[at_noon], now=clock.move(seconds=1))
            tell_due(now=clock())
            do(annemie, conversation, "cancel", meeting=number, now=clock.move(seconds=1))
            tell_due(now=clock())

        told = Notice.objects.filter(person=rings.person, kind="meeting", state=NoticeState.TOLD)
        assert list(told.order_by("told_at").values_list("detail", flat=True)) == ["propose", "cancel", "cancel", "cancel"]

    def test_that_it_moves_away_from_what_was_about_to_begin_goes_at_once(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        do(annemie, conversation, "propose", times=[AskedTime("2026-03-02T12:00")], now=clock())
        do(rings.person, conversation, "accept", meeting=1, version=1, now=clock())
        clock.move(minutes=1)  # 10:31 there
        tell_due(now=clock())
        do(annemie, conversation, "propose", times=[WEDNESDAY], now=clock())
        tell_due(now=clock())

        do(annemie, conversation, "move", meeting=1, times=[WEDNESDAY], now=clock.move(seconds=10))
        tell_due(now=clock())

        assert fates(rings.person, "meeting") == ["answered", "told", "told"]


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


class TestWhomSomebodyBlocked:
    @pytest.fixture
    def chantals(self, chantal: Person, clock: Clock) -> PushAddress:
        return ring(make_device(person=chantal, now=clock())[0], now=clock())

    def test_asks_and_nobody_hears_of_it_who_blocked_them(
        self, group: Conversation, chantals: PushAddress, dirk: Person, amina: Person, clock: Clock
    ) -> None:
        blocks.add(blocker=chantals.person, blocked=dirk, now=clock())

        do(dirk, group, "propose", times=[WEDNESDAY], now=clock())
        do(amina, group, "accept", meeting=1, version=1, now=clock())
        do(dirk, group, "move", meeting=1, times=[THURSDAY], now=clock())
        do(dirk, group, "cancel", meeting=1, now=clock())

        assert fates(chantals.person, "meeting") == []

    def test_does_not_answer_whoever_blocked_them(self, group: Conversation, chantals: PushAddress, dirk: Person, clock: Clock) -> None:
        blocks.add(blocker=chantals.person, blocked=dirk, now=clock())
        do(chantals.person, group, "propose", times=[WEDNESDAY], now=clock())

        do(dirk, group, "decline", meeting=1, version=1, now=clock())

        assert fates(chantals.person, "meeting") == []

    def test_nudges_nobody_who_blocked_them(self, group: Conversation, chantals: PushAddress, dirk: Person, clock: Clock) -> None:
        do(dirk, group, "propose", times=[THURSDAY], now=clock())
        nudges.follow(gathered(Meeting.objects.all()), now=clock())
        blocks.add(blocker=chantals.person, blocked=dirk, now=clock())

        tell_due(now=clock.move(hours=25))

        assert fates(chantals.person, "nudge") == ["blocked"]

    @pytest.mark.parametrize("act", ["move", "cancel"])
    def test_takes_back_what_somebody_said_yes_to_and_they_hear_of_it(
        self, group: Conversation, chantals: PushAddress, dirk: Person, clock: Clock, act: str
    ) -> None:
        do(dirk, group, "propose", times=[WEDNESDAY], now=clock())
        do(chantals.person, group, "accept", meeting=1, version=1, now=clock())
        blocks.add(blocker=chantals.person, blocked=dirk, now=clock())
        Notice.objects.filter(kind="meeting").delete()

        do(dirk, group, act, meeting=1, times=[THURSDAY] if act == "move" else [], now=clock())

        assert fates(chantals.person, "meeting") == ["waiting"]

    def test_rings_nobody_who_met_them_after_the_block(self, group: Conversation, rings: PushAddress, dirk: Person, clock: Clock) -> None:
        Block.objects.create(blocker=rings.person, blocked=dirk, at=clock())  # they knew each other from elsewhere
        members.join(conversation_id=group.id, person_id=rings.person_id, role="peer", now=clock())
        sent(message(dirk, group), now=clock())

        tell_due(now=clock())

        assert fates(rings.person) == ["nothing_new"]


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


class TestWorkers:
    @pytest.mark.django_db(transaction=True)
    def test_several_at_once_tell_everything_once(self, clock: Clock) -> None:
        for _ in range(40):
            person = make_person(now=clock(), is_alone=True)
            ring(make_device(person=person, now=clock())[0], now=clock())
            waits(person, "circle", clock())
        looked: list[int] = []
        together = Barrier(3)

        def work() -> None:
            together.wait()
            looked.append(tell_due(now=clock(), limit=1000))

        for thread in [in_a_thread(work) for _ in range(3)]:
            thread.join()

        assert sum(looked) == Delivery.objects.count() == Notice.objects.filter(state=NoticeState.TOLD).count() == 40

    @pytest.mark.django_db(transaction=True)
    def test_a_message_that_is_being_sent_keeps_its_notice_from_being_dropped(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        """Its transaction holds the notice that waits already; a worker comes before, or after, and never in between."""
        [seq] = sent(message(annemie, conversation), now=clock())
        read(rings.person, conversation, seq)  # so that a worker that does not see the next message would drop the notice

        with transaction.atomic():
            sent(message(annemie, conversation), now=clock())
            worker = in_a_thread(lambda: tell_due(now=clock()))
            if connection.vendor == "postgresql":
                worker.join()  # it skips what is locked; SQLite's waits for us
        worker.join()
        tell_due(now=clock())

        assert fates(rings.person) == ["told"]

    @pytest.mark.django_db(transaction=True)
    def test_a_notice_that_is_being_dropped_keeps_no_message_from_being_told(
        self, rings: PushAddress, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        [seq] = sent(message(annemie, conversation), now=clock())
        read(rings.person, conversation, seq)

        with transaction.atomic():
            tell_due(now=clock())
            sender = in_a_thread(lambda: sent(message(annemie, conversation), now=clock()))
            while connection.vendor == "postgresql" and not somebody_waits_for_a_lock():
                pass
        sender.join()
        tell_due(now=clock())

        assert fates(rings.person) == ["nothing_new", "told"]

    def test_one_that_dies_leaves_everything_as_it_was(self, rings: PushAddress, clock: Clock) -> None:
        waits(rings.person, "circle", clock())

        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            tell_due(now=clock())
            raise KeyboardInterrupt

        assert (fates(rings.person, "circle"), deliveries()) == (["waiting"], [])

    def test_many_take_as_many_queries_as_one(self, annemie: Person, nele: Person, bram: Person, clock: Clock) -> None:
        def counted(pairs: int) -> int:
            for _ in range(pairs):
                person = make_person(now=clock())
                ring(make_device(person=person, now=clock())[0], now=clock())
                room = make_circle(people=[person, annemie], coordinator=nele, deputy=bram, now=clock()).conversation
                forget_introductions()
                sent(message(annemie, room), now=clock())
            with CaptureQueriesContext(connection) as queries:
                assert tell_due(now=clock(), limit=pairs) == pairs
            return len(queries)

        assert counted(1) == counted(9)

    def test_looks_at_no_more_than_asked(self, rings: PushAddress, clock: Clock) -> None:
        for _ in range(5):
            waits(rings.person, "circle", clock())

        assert [tell_due(now=clock(), limit=3), tell_due(now=clock(), limit=3), tell_due(now=clock(), limit=3)] == [3, 2, 0]


def in_a_thread(work: Callable[[], object]) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def waits(person: Person, kind: str, now: datetime, **also: Any) -> Notice:
    """A notice as another helper of ours would write it."""
    key = new_id().hex
    return Notice.objects.create(
        person=person, kind=kind, made_at=now, due_at=now, expires_at=now + timedelta(hours=24), dedupe_key=key, collapse_key=key, **also
    )
