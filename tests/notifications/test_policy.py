from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.models import AddressKind, Notice, NoticeChoices, PushAddress
from notifications.policy import Circumstances, Drop, Quiet, Tell, Wait, escalation_due, fate_of, why_not

BRUSSELS = ZoneInfo("Europe/Brussels")
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)  # 12:00 in Brussels
NIGHT = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # 23:30
MORNING = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)  # 07:00


def address(kind: AddressKind) -> PushAddress:
    return PushAddress(kind=kind, made_at=NOON, confirmed_at=NOON)


PHONE, BROWSER, SMS, MAIL = (address(kind) for kind in (AddressKind.FCM_TOKEN, AddressKind.WEBPUSH, AddressKind.SMS, AddressKind.EMAIL))


def notice(kind: str = "entry", *, made_at: datetime = NOON, lasts: timedelta = timedelta(hours=24), **also: Any) -> Notice:
    return Notice(kind=kind, made_at=made_at, due_at=made_at, expires_at=made_at + lasts, **also)


def around(**also: Any) -> Circumstances:
    chosen = {name: also.pop(name) for name in list(also) if hasattr(NoticeChoices, name)}
    plain = Circumstances(choices=NoticeChoices(**chosen), zone=BRUSSELS, addresses=[PHONE], unseen_since=NOON)
    return replace(plain, **also)


class TestWhy:
    @pytest.mark.parametrize(
        ("kind", "detail", "stands", "why"),
        [
            ("entry", "", {}, ""),
            ("entry", "", {"is_let_in": False}, "not_let_in"),
            ("entry", "", {"messages": False}, "not_wanted"),
            ("meeting", "move", {"messages": False}, ""),
            ("meeting", "move", {"meetings": False}, "not_wanted"),
            ("circle", "ended", {"circles": False}, "not_wanted"),
            ("reminder", "day", {"reminder_day": False}, "not_wanted"),
            ("reminder", "day", {"reminder_hours": False}, ""),
            ("reminder", "hours", {"reminder_hours": False}, "not_wanted"),
            ("nudge", "", {"nudges": False}, "not_wanted"),
            ("invitation", "", {}, "not_wanted"),
            ("invitation", "", {"calendar_mail": True}, ""),
            ("escalation", "", {}, "not_wanted"),
            ("escalation", "", {"sms_after": 10}, ""),
            ("code", "", {"messages": False, "unseen_since": None}, ""),
            ("entry", "", {"is_present": False}, "left"),
            ("reminder", "day", {"is_off": True}, "overtaken"),
            ("nudge", "", {"is_blocked": True}, "blocked"),
            ("entry", "", {"is_muted": True}, "muted"),
            ("escalation", "", {"is_muted": True, "sms_after": 10}, "muted"),
            ("meeting", "propose", {"is_muted": True}, "muted"),
            ("meeting", "accept", {"is_muted": True}, "muted"),
            ("meeting", "move", {"is_muted": True}, ""),
            ("meeting", "cancel", {"is_muted": True}, ""),
            ("meeting", "end", {"is_muted": True}, ""),
            ("reminder", "hours", {"is_muted": True}, ""),
            ("entry", "", {"unseen_since": None}, "nothing_new"),
            ("meeting", "move", {"unseen_since": None}, "nothing_new"),
            ("escalation", "", {"unseen_since": None, "sms_after": 10}, "nothing_new"),
            ("circle", "ended", {"unseen_since": None}, ""),
            ("reminder", "day", {"unseen_since": None}, ""),
            ("nudge", "", {"nudged_at": NOON - timedelta(hours=11)}, "nudged_today"),
            ("nudge", "", {"nudged_at": NOON - timedelta(hours=13)}, ""),  # it was yesterday there
        ],
    )
    def test_says_why_not(self, kind: str, detail: str, stands: dict[str, Any], why: str) -> None:
        assert why_not(notice(kind, detail=detail), around(**stands), NOON) == why

    def test_what_came_too_late_is_told_no_more(self) -> None:
        assert fate_of(notice(lasts=timedelta(hours=1)), around(), NOON + timedelta(hours=1)) == Drop("too_late")


class TestRoutes:
    @pytest.mark.parametrize(
        ("has", "chosen", "goes_to"),
        [
            ([PHONE, BROWSER], {}, [PHONE, BROWSER]),
            ([PHONE, SMS, MAIL], {}, [PHONE]),
            ([PHONE, SMS, MAIL], {"by_mail": True}, [PHONE, MAIL]),
            ([SMS, MAIL], {}, [SMS]),
            ([SMS, MAIL], {"by_mail": True}, [SMS, MAIL]),
            ([MAIL], {}, [MAIL]),
            ([PHONE], {"has_console": True}, [PHONE]),
            ([], {"has_console": True}, [None]),
        ],
    )
    def test_goes_where_it_should(self, has: list[PushAddress], chosen: dict[str, Any], goes_to: list[PushAddress | None]) -> None:
        assert fate_of(notice(), around(addresses=has, **chosen), NOON) == Tell(goes_to)

    def test_who_has_no_address_is_not_told_and_does_not_wait_for_it(self) -> None:
        assert fate_of(notice(), around(addresses=[], is_live=True), NOON) == Drop("no_address")

    def test_an_escalation_goes_by_sms_alone(self) -> None:
        everything = around(addresses=[PHONE, SMS, MAIL], sms_after=10, by_mail=True, has_console=True)

        assert fate_of(notice("escalation"), everything, NOON) == Tell([SMS])

    def test_an_invitation_goes_by_mail_alone_and_at_any_hour(self) -> None:
        everything = around(addresses=[PHONE, SMS, MAIL], calendar_mail=True)

        assert fate_of(notice("invitation", made_at=NIGHT), everything, NIGHT) == Tell([MAIL])

    def test_a_code_goes_to_its_own_address_alone_and_at_any_hour(self) -> None:
        asked = address(AddressKind.EMAIL)

        fate = fate_of(notice("code", made_at=NIGHT, address_id=asked.id), around(addresses=[PHONE, MAIL, asked], is_live=True), NIGHT)

        assert fate == Tell([asked])


class TestWhen:
    def test_waits_a_minute_from_the_oldest_unseen_line_while_the_app_is_open(self) -> None:
        live = around(is_live=True, unseen_since=NOON + timedelta(seconds=20))

        assert fate_of(notice(), live, NOON + timedelta(seconds=30)) == Wait(NOON + timedelta(seconds=80))
        assert fate_of(notice(), live, NOON + timedelta(seconds=80)) == Tell([PHONE])

    def test_does_not_hold_a_reminder_because_the_app_is_open(self) -> None:
        assert fate_of(notice("reminder", detail="hours"), around(is_live=True), NOON) == Tell([PHONE])

    def test_leads_to_a_trailing_notice_at_the_end_of_the_window(self) -> None:
        told = around(told_at=NOON - timedelta(minutes=2))

        assert fate_of(notice(), told, NOON) == Wait(NOON + timedelta(minutes=3))
        assert fate_of(notice(), told, NOON + timedelta(minutes=3)) == Tell([PHONE])
        assert fate_of(notice(), around(told_at=NOON, every_minutes=0), NOON) == Tell([PHONE])

    @pytest.mark.parametrize("act", ["propose", "counter", "accept", "decline", "move", "cancel", "end"])
    def test_whatever_others_do_with_meetings_waits_for_the_window(self, act: str) -> None:
        assert fate_of(notice("meeting", detail=act), around(told_at=NOON), NOON) == Wait(NOON + timedelta(minutes=5))

    @pytest.mark.parametrize(
        ("act", "begins_in", "pressing", "waits"),
        [
            *(("move", 180, 0, False), ("cancel", 10, 0, False), ("cancel", 181, 0, True), ("propose", 10, 0, True)),
            *(("cancel", 10, 2, False), ("cancel", 10, 3, True)),
        ],
    )
    def test_that_a_meeting_which_is_about_to_begin_moves_or_is_off_goes_at_once_a_few_times(
        self, act: str, begins_in: int, pressing: int, waits: bool
    ) -> None:
        news = notice("meeting", detail=act, at=NOON + timedelta(minutes=begins_in))

        assert isinstance(fate_of(news, around(told_at=NOON, pressing=pressing), NOON), Wait) is waits

    def test_news_of_another_meeting_that_came_before_the_last_ring_was_told_by_it(self) -> None:
        assert why_not(notice("meeting", detail="propose"), around(told_at=NOON + timedelta(minutes=5)), NOON) == "told_before"

    @pytest.mark.parametrize(("last", "fate"), [("paused", Drop("nothing_new")), ("resumed", Wait(NOON + timedelta(minutes=15)))])
    def test_a_rest_that_comes_and_goes_rings_once(self, last: str, fate: object) -> None:
        assert fate_of(notice("circle", detail="paused"), around(told_at=NOON, told_what=last), NOON) == fate

    @pytest.mark.parametrize("kind", ["entry", "circle", "escalation"])
    def test_waits_until_quiet_hours_end(self, kind: str) -> None:
        sleeping = around(sms_after=10, addresses=[PHONE, SMS])

        assert fate_of(notice(kind, made_at=NIGHT), sleeping, NIGHT) == Wait(MORNING)
        assert isinstance(fate_of(notice(kind, made_at=NIGHT), sleeping, MORNING), Tell)

    def test_a_window_that_ends_in_quiet_hours_ends_with_them(self) -> None:
        late = datetime(2026, 3, 2, 20, 58, tzinfo=UTC)  # 21:58

        assert fate_of(notice(made_at=late), around(told_at=late), late) == Wait(MORNING)

    def test_what_would_be_too_late_after_quiet_hours_is_dropped_and_says_so(self) -> None:
        assert fate_of(notice("meeting", detail="move", made_at=NIGHT, lasts=timedelta(hours=2)), around(), NIGHT) == Drop("too_late")

    @pytest.mark.parametrize(("begins", "fate"), [("07:30", Wait(MORNING)), ("07:29", Drop("too_late")), ("08:00", Wait(MORNING))])
    def test_a_reminder_waits_for_the_morning_only_while_it_is_of_use(self, begins: str, fate: object) -> None:
        at = datetime.combine(MORNING.date(), time.fromisoformat(begins), BRUSSELS)
        reminder = notice("reminder", made_at=NIGHT, detail="hours", at=at)
        reminder.expires_at = at

        assert fate_of(reminder, around(), NIGHT) == fate


class TestSms:
    """Each costs, and others can cause it."""

    KINDS = ("entry", "meeting", "circle", "escalation", "nudge")

    @pytest.mark.parametrize("kind", KINDS)
    def test_does_not_follow_another_within_ten_minutes(self, kind: str) -> None:
        told = around(addresses=[SMS], sms_after=10, every_minutes=0, sms_at=[NOON - timedelta(minutes=4)])

        assert fate_of(notice(kind), told, NOON) == Wait(NOON + timedelta(minutes=6))
        assert isinstance(fate_of(notice(kind), told, NOON + timedelta(minutes=6)), Tell)

    @pytest.mark.parametrize("kind", [*KINDS, "reminder"])
    def test_goes_ten_times_a_day(self, kind: str) -> None:
        first = NOON - timedelta(hours=5)
        told = around(addresses=[SMS], sms_after=10, sms_at=[first + timedelta(minutes=15 * number) for number in range(10)])

        assert fate_of(notice(kind, detail="hours"), told, NOON) == Wait(first + timedelta(days=1))

    def test_of_ones_own_meetings_waits_for_no_other(self) -> None:
        assert fate_of(notice("reminder"), around(addresses=[SMS], sms_at=[NOON]), NOON) == Tell([SMS])

    def test_leaves_what_goes_by_push_alone(self) -> None:
        assert fate_of(notice(), around(addresses=[PHONE, SMS], sms_at=[NOON] * 10), NOON) == Tell([PHONE])

    def test_that_is_one_too_many_for_today_leaves_the_mail(self) -> None:
        told = around(addresses=[SMS, MAIL], by_mail=True, sms_at=[NOON - timedelta(hours=1)] * 10)

        assert fate_of(notice(), told, NOON) == Tell([MAIL])


class TestEscalation:
    @pytest.mark.parametrize(
        ("kind", "has", "chosen", "follows"),
        [
            ("entry", [PHONE, SMS], {"sms_after": 15}, True),
            ("meeting", [BROWSER, SMS], {"sms_after": 15}, True),
            ("entry", [PHONE, SMS], {}, False),
            ("entry", [PHONE], {"sms_after": 15}, False),
            ("entry", [SMS], {"sms_after": 15}, False),
            ("reminder", [PHONE, SMS], {"sms_after": 15}, False),
            ("escalation", [PHONE, SMS], {"sms_after": 15}, False),
        ],
    )
    def test_follows_a_push_that_can_be_seen_to_be_read(
        self, kind: str, has: list[PushAddress], chosen: dict[str, Any], follows: bool
    ) -> None:
        due = escalation_due(notice(kind), around(addresses=has, **chosen), NOON)

        assert due == (NOON + timedelta(minutes=15) if follows else None)

    @pytest.mark.parametrize(("unseen_since", "why"), [(NOON - timedelta(hours=1), "told_before"), (NOON + timedelta(seconds=1), "")])
    def test_comes_once_until_somebody_has_looked(self, unseen_since: datetime, why: str) -> None:
        stands = around(sms_after=15, addresses=[PHONE, SMS], told_at=NOON, unseen_since=unseen_since)

        assert why_not(notice("escalation"), stands, NOON + timedelta(hours=1)) == why


class TestQuiet:
    @pytest.mark.parametrize(
        ("begins", "ends", "at", "end"),
        [
            ("22:00", "07:00", "2026-03-02T22:00", "2026-03-03T07:00"),
            ("22:00", "07:00", "2026-03-02T21:59", "2026-03-02T21:59"),
            ("22:00", "07:00", "2026-03-03T06:59", "2026-03-03T07:00"),
            ("22:00", "07:00", "2026-03-03T07:00", "2026-03-03T07:00"),
            ("13:00", "15:00", "2026-03-02T14:00", "2026-03-02T15:00"),
            ("13:00", "15:00", "2026-03-02T15:00", "2026-03-02T15:00"),
            ("00:00", "00:00", "2026-03-02T00:00", "2026-03-02T00:00"),
            ("08:00", "08:00", "2026-03-02T08:00", "2026-03-02T08:00"),
        ],
    )
    def test_ends_on_the_clock_of_the_person(self, begins: str, ends: str, at: str, end: str) -> None:
        quiet = Quiet(time.fromisoformat(begins), time.fromisoformat(ends), BRUSSELS)

        assert quiet.end(local(at)) == local(end)

    @pytest.mark.parametrize(
        ("at", "end"),
        [
            ("2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z"),  # the night that lacks an hour
            ("2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z"),  # the night that has one more
        ],
    )
    def test_ends_at_seven_also_when_the_clock_changes_that_night(self, at: str, end: str) -> None:
        quiet = Quiet(time(22), time(7), BRUSSELS)

        assert quiet.end(datetime.fromisoformat(at)) == datetime.fromisoformat(end)

    def test_began_the_evening_before(self) -> None:
        quiet = Quiet(time(22), time(7), BRUSSELS)

        assert quiet.start(local("2026-03-03T02:00")) == local("2026-03-02T22:00")
        assert quiet.start(local("2026-03-02T23:00")) == local("2026-03-02T22:00")
        assert quiet.start(local("2026-03-02T12:00")) == local("2026-03-02T12:00")

    @given(
        begins=st.times(timezones=st.none()),
        ends=st.times(timezones=st.none()),
        zone=st.sampled_from(["Europe/Brussels", "Africa/Casablanca", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"]),
        at=st.datetimes(NOON.replace(tzinfo=None), NOON.replace(year=2027, tzinfo=None), timezones=st.just(UTC)),
    )
    def test_is_over_within_a_day_whenever_one_asks(self, begins: time, ends: time, zone: str, at: datetime) -> None:
        quiet = Quiet(begins, ends, ZoneInfo(zone))

        end, start = quiet.end(at), quiet.start(at)

        assert at <= end <= at + timedelta(hours=25)
        assert at - timedelta(hours=25) <= start <= at
        assert not quiet.holds(end)
        assert (end == at) is not quiet.holds(at)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)
