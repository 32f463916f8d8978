"""Two people plan to meet, change their minds, and hear what they need to hear: each story ends with what reached their phones.

Fatima has a telephone that gets SMS, and reads Dutch; Annemie has a browser, and reads French. The clock stands still but when the story
says so; the worker runs whenever something is due, and sends over real connections.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from accounts.models import Language, Person, Role
from chat import frames
from chat.models import Conversation
from meetings.models import Meeting
from notifications.actions.waiting import JITTER_SECONDS
from notifications.channels.sms_http import SmsGateway as SmsChannel
from notifications.channels.sms_http import SmsSettings
from notifications.channels.webpush import WebPush
from notifications.models import AddressKind, Delivery, Notice, NoticeState, PeriodicRun
from notifications.outfit import Way
from notifications.worker import Worker
from privacy.push_keys import push_key
from programmes.actions import circles
from programmes.models import Circle, EndReason
from tests.conftest import Clock
from tests.doubles.push_service import FakePushService
from tests.doubles.sms_gateway import SmsGateway
from tests.factories import make_circle, make_person
from tests.meetings.acts import do
from tests.notifications.post import make_address

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.delivery]

BRUSSELS = ZoneInfo("Europe/Brussels")
FATIMAS, ANNEMIES = "Je hebt een bericht.", "Tu as un message."


class Rang(NamedTuple):
    """When something reached a phone, on the clock there to five minutes, and why it was sent."""

    when: str
    who: str
    why: str


class Story:
    """The two, their phones, and everything that reached them."""

    def __init__(self, clock: Clock, gateway: SmsGateway, push: FakePushService) -> None:
        self.clock = clock
        self.gateway = gateway
        self.push = push
        self.fatima = make_person(name="Fatima", phone="0470 12 34 56", language=Language.NL, now=clock())
        self.annemie = make_person(role=Role.BUDDY, name="Annemie", language=Language.FR, now=clock())
        self.circle: Circle = make_circle(people=[self.fatima, self.annemie], now=clock())
        self.conversation: Conversation = self.circle.conversation
        self.phone = push.subscribe()
        make_address(self.fatima, kind=AddressKind.SMS, value="+32470123456", now=clock())
        make_address(self.annemie, kind=AddressKind.WEBPUSH, value=self.phone.address, now=clock())
        Notice.objects.all().delete()  # that they were introduced is another story
        self.rang: list[Rang] = []

    def meet(self, who: Person, act: str, *starts: str, meeting: int = 1, **asked: Any) -> None:
        times = [frames.AskedTime(start) for start in starts]
        if act in {"accept", "decline", "counter"}:
            asked.setdefault("version", Meeting.objects.get(conversation=self.conversation, number=meeting).version)
        number = None if act == "propose" else meeting
        do(who, self.conversation, act, meeting=number, times=times, now=self.clock(), **asked)
        self.work()

    def agreed(self, *starts: str, **asked: Any) -> None:
        """Annemie asks, Fatima says yes, and of that they have heard."""
        self.meet(self.annemie, "propose", *starts, **asked)
        self.meet(self.fatima, "accept")
        self.forget()

    def forget(self) -> None:
        self.rang.clear()

    def until(self, when: str) -> None:
        """Let time pass until the clock in Brussels shows this, and the worker run whenever something is due."""
        end = datetime.fromisoformat(when).replace(tzinfo=BRUSSELS).astimezone(UTC)
        while (due := self._next()) is not None and due <= end:
            self.clock.at = max(due, self.clock.at)
            self.work()
        self.clock.at = end
        self.work()

    def _next(self) -> datetime | None:
        waits = Notice.objects.filter(state=NoticeState.WAITING).order_by("due_at").values_list("due_at", flat=True)
        return waits.first()

    def work(self) -> None:
        """One round of a worker."""
        sms = SmsChannel(SmsSettings(self.gateway.url))
        web = WebPush(push_key(), subject="https://maatje.example", **self.push.reach)
        before = len(self.gateway.asked), len(self.phone.letters)
        asyncio.run(Worker([Way(sms, sms.kinds, 10), Way(web, web.kinds, 10)]).once())
        for asked in self.gateway.asked[before[0] :]:
            assert asked.values == {"to": "+32470123456", "text": FATIMAS, "id": asked.headers["idempotency-key"]}
            self._heard("Fatima", UUID(asked.headers["idempotency-key"]))
        for letter in self.phone.letters[before[1] :]:
            assert letter.data["t"] == ANNEMIES
            self._heard("Annemie", UUID(letter.data["n"]))
        assert not self.push.refused

    def _heard(self, who: str, delivery_id: UUID) -> None:
        notice = Delivery.objects.select_related("notice").get(id=delivery_id).notice
        when = self.clock().astimezone(BRUSSELS) + timedelta(seconds=150)
        rounded = when.replace(minute=when.minute // 5 * 5)
        self.rang.append(Rang(f"{rounded:%a %d %b %H:%M}", who, f"{notice.kind} {notice.detail}".strip()))

    def heard(self, why: str = "") -> list[tuple[str, str]]:
        """What both heard, at the same time: when, and why; only the first word of `why` is asked for."""
        found = [one for one in self.rang if one.why.startswith(why)]
        by_person = [[(one.when, one.why) for one in found if one.who == who] for who in ("Fatima", "Annemie")]
        assert by_person[0] == by_person[1]
        return by_person[0]

    def one_heard(self, person: str) -> list[str]:
        return [one.why for one in self.rang if one.who == person]


@pytest.fixture
def begins() -> datetime:
    """A Monday, three weeks before the clocks change."""
    return datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def story(transactional_db: None, begins: datetime, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Story]:
    settings.MAATJE_NOTICES_CONSOLE = False
    clock = Clock(begins)
    monkeypatch.setattr("core.clock.now", clock)
    monkeypatch.setattr("tests.doubles.push_service.time", SimpleNamespace(time=lambda: clock().timestamp()))  # its watch is ours
    with SmsGateway() as gateway, FakePushService() as push:
        yield Story(clock, gateway, push)


def test_a_meeting_is_asked_answered_and_remembered(story: Story) -> None:
    story.meet(story.annemie, "propose", "2026-03-12T14:00", "2026-03-13T10:00")
    assert (story.one_heard("Fatima"), story.one_heard("Annemie")) == (["meeting propose"], [])
    story.meet(story.fatima, "accept", choice=2)
    assert (story.one_heard("Fatima"), story.one_heard("Annemie")) == (["meeting propose"], ["meeting accept"])

    story.forget()
    story.until("2026-03-20T12:00")

    assert story.heard() == [("Thu 12 Mar 10:00", "reminder day"), ("Fri 13 Mar 08:00", "reminder hours")]


@pytest.mark.parametrize(
    ("new", "reminders"),
    [
        pytest.param("2026-03-29T14:00", ["Sat 28 Mar 13:00", "Sun 29 Mar 12:00"], id="over the last Sunday of March"),
        pytest.param("2026-03-30T10:00", ["Sun 29 Mar 10:00", "Mon 30 Mar 08:00"], id="later"),
        pytest.param("2026-03-26T16:00", ["Wed 25 Mar 16:00", "Thu 26 Mar 14:00"], id="earlier"),
        pytest.param("2026-03-24T19:00", ["Tue 24 Mar 17:00"], id="so much earlier that only two hours before is left"),
    ],
)
def test_a_meeting_moves(story: Story, new: str, reminders: list[str]) -> None:
    story.agreed("2026-03-28T14:00")
    story.until("2026-03-24T10:00")
    story.meet(story.annemie, "move", new)
    assert story.one_heard("Fatima") == ["meeting move"]
    story.meet(story.fatima, "accept")
    story.forget()

    story.until("2026-04-02T12:00")

    assert [when for when, _ in story.heard()] == reminders


class TestInAutumn:
    @pytest.fixture
    def begins(self) -> datetime:
        return datetime(2026, 10, 19, 9, 0, tzinfo=UTC)

    def test_a_meeting_moves_over_the_last_sunday_of_october(self, story: Story) -> None:
        story.agreed("2026-10-24T10:00", place="Bib", online=False)
        story.meet(story.fatima, "move", "2026-10-25T10:00")
        story.meet(story.annemie, "accept")
        story.forget()

        story.until("2026-10-27T12:00")

        assert story.heard("reminder") == [("Sat 24 Oct 11:00", "reminder day"), ("Sun 25 Oct 08:00", "reminder hours")]

    def test_a_series_stays_on_the_clock(self, story: Story) -> None:
        story.agreed("2026-10-21T14:00", repeat="FREQ=WEEKLY;COUNT=2")

        story.until("2026-11-02T12:00")

        assert [when for when, why in story.heard() if why == "reminder hours"] == ["Wed 21 Oct 12:00", "Wed 28 Oct 12:00"]


def test_a_meeting_moves_and_moves_back_and_nobody_is_reminded_twice(story: Story) -> None:
    story.agreed("2026-03-12T14:00")
    story.until("2026-03-11T15:00")
    assert story.heard() == [("Wed 11 Mar 14:00", "reminder day")]
    for start in ("2026-03-13T14:00", "2026-03-12T14:00"):
        story.meet(story.annemie, "move", start)
        story.meet(story.fatima, "accept")
    story.forget()

    story.until("2026-03-20T12:00")

    assert story.heard("reminder") == [("Thu 12 Mar 12:00", "reminder hours")]


@pytest.mark.parametrize(
    ("how", "online", "news"),
    [("cancel", False, "meeting cancel"), ("pause", False, "circle paused"), ("end", False, "circle ended"), ("end", True, "circle ended")],
)
def test_a_meeting_is_off_and_nothing_reminds_of_it(story: Story, how: str, online: bool, news: str) -> None:
    story.agreed("2026-03-12T14:00", online=online)
    story.until("2026-03-11T15:00")
    story.forget()
    if how == "cancel":
        story.meet(story.annemie, "cancel")
    elif how == "pause":
        circles.pause(circle=story.circle, by=story.annemie, now=story.clock())
    else:
        circles.end(circle=story.circle, reason=EndReason.GOAL_REACHED, by=None, now=story.clock())
    story.until("2026-03-20T12:00")

    assert not [one for one in story.rang if one.why.startswith("reminder")]
    assert story.one_heard("Fatima") == [news]


def test_a_proposal_is_countered_twice(story: Story) -> None:
    story.meet(story.annemie, "propose", "2026-03-12T14:00")
    story.clock.move(hours=1)
    story.meet(story.fatima, "counter", "2026-03-13T14:00")
    story.clock.move(hours=1)
    story.meet(story.annemie, "counter", "2026-03-14T14:00")
    story.meet(story.fatima, "accept")
    assert story.one_heard("Fatima") == ["meeting propose", "meeting counter"]
    story.forget()

    story.until("2026-03-20T12:00")

    assert story.heard("reminder") == [("Fri 13 Mar 14:00", "reminder day"), ("Sat 14 Mar 12:00", "reminder hours")]


def test_a_decline_is_asked_again_by_a_move(story: Story) -> None:
    story.meet(story.annemie, "propose", "2026-03-12T14:00")
    story.meet(story.fatima, "decline")
    story.until("2026-03-12T16:00")
    assert story.heard("reminder") == []
    story.forget()
    story.meet(story.annemie, "move", "2026-03-14T14:00")
    assert story.one_heard("Fatima") == ["meeting move"]
    story.meet(story.fatima, "accept")
    story.forget()

    story.until("2026-03-20T12:00")

    assert story.heard("reminder") == [("Fri 13 Mar 14:00", "reminder day"), ("Sat 14 Mar 12:00", "reminder hours")]


def test_who_says_nothing_is_nudged_once_and_nobody_is_reminded(story: Story) -> None:
    story.meet(story.annemie, "propose", "2026-03-12T14:00")
    story.forget()

    story.until("2026-03-20T12:00")

    assert story.rang == [Rang("Tue 10 Mar 10:00", "Fatima", "nudge")]


def test_a_night_is_a_night(story: Story) -> None:
    story.agreed("2026-03-12T08:30")
    story.until("2026-03-20T12:00")

    assert story.heard() == [("Wed 11 Mar 08:30", "reminder day"), ("Thu 12 Mar 07:00", "reminder hours")]
    assert PeriodicRun.objects.exists() and JITTER_SECONDS < 150
