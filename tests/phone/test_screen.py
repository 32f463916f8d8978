"""The screen, driven by keys as a person would; 80 by 24."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from textual.pilot import Pilot

from phone import clock, enrolment
from phone.happenings import Arrived, Ended
from phone.kept import Kept
from phone.screen.app import PhoneApp
from phone.store import Store
from phone.wire import Entry
from tests.phone.conftest import House
from tests.phone.entries import HERE, card, fatimas_phone, member, message
from tests.phone.handset import Handset

SIZE = (80, 24)


def screen(app: PhoneApp) -> list[str]:
    """What stands on the screen, line by line."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def text(app: PhoneApp) -> str:
    return "\n".join(screen(app)).replace("\u00a0", " ")


async def until(pilot: Pilot[int], is_so: Callable[[], bool]) -> None:
    app = pilot.app
    assert isinstance(app, PhoneApp)
    for _ in range(300):
        if is_so():
            return
        await pilot.pause(0.05)
    raise AssertionError(f"It did not come to the screen:\n{text(app)}")


def just_now(seq: int, body: str | None, *, author: int = 2, **more: object) -> Entry:
    return Entry(**{**{f: getattr(message(seq, body, author=author), f) for f in Entry.__struct_fields__}, "at": clock.now(), **more})


@pytest.fixture
def kept() -> Kept:
    """Fatima's phone after a talk; its server is not there."""
    kept = fatimas_phone()
    here = kept.conversation(HERE)
    here.take_card(card(members=[member(1, "Fatima", role="participant"), member(2, "Annemie", delivered_seq=3, read_seq=2)]))
    here.take_entries(
        [
            just_now(1, "Goeiemorgen Fatima!", at=clock.now() - timedelta(days=3)),
            just_now(2, "Dag Annemie", author=1),
            just_now(3, "Tot straks dan?", author=1, edited_seq=9),
            just_now(4, "Ik neem thee mee", author=1),
            just_now(5, None, author=1, retracted_seq=9),
        ]
    )
    return kept


@pytest.fixture
async def app(kept: Kept, tmp_path: Path) -> PhoneApp:
    return PhoneApp(kept, Store(tmp_path / "phone.json"))


class TestMessages:
    async def test_stand_with_their_time_and_how_far_they_got(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "Ik neem thee mee" in text(app))

            assert "Annemie · buddy" in text(app)
            assert re.search(r"Dag Annemie  \d\d:\d\d ✓✓ gelezen", text(app))
            assert re.search(r"Tot straks dan\?  bewerkt \d\d:\d\d ✓✓(?! gelezen)", text(app))
            assert re.search(r"Ik neem thee mee  \d\d:\d\d ✓ ", text(app))
            assert "bericht ingetrokken" in text(app)
            assert "─── vandaag ───" in text(app)

    async def test_mine_stand_right_and_theirs_left(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "Ik neem thee mee" in text(app))

            def column(words: str) -> int:
                return next(line.index(words) for line in screen(app) if words in line)

            await until(pilot, lambda: column("Ik neem thee mee") > 40)
            assert column("Goeiemorgen Fatima!") < 6

    async def test_say_in_words_what_colours_and_signs_say(self, app: PhoneApp, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        plain = PhoneApp(app.kept, app.store)
        async with plain.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "Ik neem thee mee" in text(plain))

            assert re.search(r"Tot straks dan\?  bewerkt \d\d:\d\d bezorgd", text(plain))
            assert "✓" not in text(plain)

    async def test_what_somebody_writes_is_never_markup(self, app: PhoneApp) -> None:
        app.kept.conversation(HERE).take_entries([just_now(6, "[red]kijk[/] [/nergens] \x1b[2J $naam")])
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "[red]kijk[/] [/nergens] [2J $naam" in text(app))


class TestReading:
    async def test_counts_as_seen_what_stands_on_the_screen_only(self, app: PhoneApp) -> None:
        here = app.kept.conversation(HERE)
        here.take_entries(just_now(seq, f"regel {seq}") for seq in range(6, 40))
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: here.seen == 39)
            await pilot.press("pageup")
            await until(pilot, lambda: "regel 39" not in text(app))

            here.take_entries([just_now(40, "regel 40")])
            app._refresh()
            await pilot.pause(0.3)
            assert here.seen == 39
            await pilot.press("pagedown", "pagedown", "pagedown")

            await until(pilot, lambda: here.seen == 40)

    async def test_nothing_is_seen_while_the_person_looks_elsewhere(self, app: PhoneApp) -> None:
        here = app.kept.conversation(HERE)
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: here.seen == 5)
            app.app_focus = False

            here.take_entries([just_now(6, "ben je daar?")])
            app._refresh()
            await until(pilot, lambda: "ben je daar?" in text(app))
            assert here.seen == 5
            app.app_focus = True

            await until(pilot, lambda: here.seen == 6)

    async def test_says_what_came_in_below_until_the_person_goes_there(self, app: PhoneApp) -> None:
        here = app.kept.conversation(HERE)
        here.take_entries(just_now(seq, f"regel {seq}") for seq in range(6, 40))
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: here.seen == 39)
            await until(pilot, lambda: "regel 39" in text(app))  # drawn, and as far down as it goes
            await pilot.press("pageup", "pageup")
            await until(pilot, lambda: "regel 39" not in text(app))
            assert "↓" not in text(app)

            here.take_entries([just_now(40, "regel 40"), just_now(41, "regel 41")])
            app._refresh()
            await until(pilot, lambda: "↓ 2 nieuwe" in text(app))
            await pilot.press("end")

            await until(pilot, lambda: "regel 41" in text(app) and "↓" not in text(app))
            assert here.seen == 41


class TestHelp:
    async def test_leaves_the_newest_message_in_sight(self, app: PhoneApp) -> None:
        here = app.kept.conversation(HERE)
        here.take_entries(just_now(seq, f"regel {seq}") for seq in range(6, 40))
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "regel 39" in text(app))
            await pilot.press(*"/help", "enter")
            await until(pilot, lambda: "/quit" in text(app) and "PageUp/Down" in text(app) and "regel 39" in text(app))

            here.take_entries([just_now(40, "regel 40")])
            app._refresh()

            await until(pilot, lambda: "/quit" in text(app) and "regel 40" in text(app))

    async def test_goes_at_the_next_key(self, app: PhoneApp) -> None:
        here = app.kept.conversation(HERE)
        here.take_entries(just_now(seq, f"regel {seq}") for seq in range(6, 40))
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press(*"/help", "enter")
            await until(pilot, lambda: "/quit" in text(app))
            await pilot.press("d")

            await until(pilot, lambda: "/quit" not in text(app) and "regel 39" in text(app))
            assert app.query_one("#typed").value == "d"  # type: ignore[attr-defined]  # an Input

    async def test_goes_at_the_next_message(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press("f1")
            await until(pilot, lambda: "/quit" in text(app))
            app._hear(Arrived(HERE, app.kept.conversation(HERE).take_entries([just_now(6, "ben je daar?")])))

            await until(pilot, lambda: "/quit" not in text(app) and "ben je daar?" in text(app))


class TestTheEnd:
    async def test_leaves_nothing_that_was_said_on_the_screen(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "Ik neem thee mee" in text(app))
            app.client._tell(Ended(4500))
            await until(pilot, lambda: "Vraag je coördinator" in text(app) and "thee" not in text(app))

            assert not re.search("Annemie|Fatima", text(app))
            assert (app.kept.token, app.kept.conversations) == ("", {})

    async def test_leaves_it_there_when_the_person_may_come_back(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            app.client._tell(Ended(4503))
            await until(pilot, lambda: "Je coördinator kan helpen" in text(app))

            assert "Ik neem thee mee" in text(app)


class TestTyping:
    async def test_a_draft_without_a_connection_waits_in_sight_and_on_disk(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "geen verbinding" in screen(app)[0])
            await pilot.press(*"hallo daar", "enter")

            await until(pilot, lambda: bool(re.search(r"hallo daar  \d\d:\d\d ⏳", text(app))))
            stored = app.store.load()
            assert stored is not None
            assert [draft.body for draft in stored.outbox.drafts] == ["hallo daar"]

    async def test_help_fits_the_screen(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press(*"/help", "enter")
            await until(pilot, lambda: "/quit" in text(app))

            assert "/edit tekst" in text(app)
            await pilot.press("escape")
            await until(pilot, lambda: "/quit" not in text(app))

    async def test_a_second_that_passes_while_the_screen_is_taken_down_changes_nothing(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            await app.query_one("#top").remove()
            await pilot.pause(1.2)

        assert app._exception is None

    async def test_too_long_a_text_is_not_taken(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            app.query_one("#typed").value = "x" * 2_001  # type: ignore[attr-defined]  # an Input
            await pilot.press("enter")
            await until(pilot, lambda: "te lang: 2001" in text(app))

            assert app.kept.outbox.drafts == []

    async def test_quit_leaves(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            await pilot.press(*"/quit", "enter")
            await pilot.pause()

        assert app.return_value == 0


class TestSeveralConversations:
    async def test_are_listed_with_what_is_unread_and_opened_by_key(self, app: PhoneApp) -> None:
        group = app.kept.conversation(UUID(int=2**127))
        people = [member(1, "Fatima"), member(3, "Luc"), member(4, "Amina")]
        group.take_card(card(id=group.id, kind="peer_group", members=people))
        group.take_entries([just_now(1, "Bonjour", author=3), just_now(2, "صباح الخير", author=4)])
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "Luc, Amina" in text(app))
            assert re.search(r"2 Luc, Amina +2 ", text(app))

            await pilot.press("ctrl+n")

            await until(pilot, lambda: "Luc, Amina · groep, 3" in text(app))
            assert not re.search(r"2 Luc, Amina +2 ", text(app))


class TestPicture:
    async def test_shows_the_same_in_a_picture(self, app: PhoneApp) -> None:
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "Ik neem thee mee" in text(app))

            picture = app.export_screenshot()

        assert "<svg" in picture
        assert "Goeiemorgen&#160;Fatima!" in picture


class TestARealServer:
    async def test_talks_with_another_phone(self, house: House, tmp_path: Path) -> None:
        annemie = house.handset("Annemie").switch_on()
        await annemie.connects()
        store = house.handset("Fatima").store
        kept = store.load()
        assert kept is not None
        app = PhoneApp(kept, store)

        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "verbonden" in screen(app)[0])
            await pilot.press(*"Dag Annemie", "enter")
            await annemie.gets("Dag Annemie")
            await until(pilot, lambda: bool(re.search(r"Dag Annemie  \d\d:\d\d ✓✓", text(app))))
            annemie.write("Dag Fatima!")
            await until(pilot, lambda: "Dag Fatima!" in text(app))
            await pilot.press(*"/edit Dag lieve Annemie", "enter")
            await annemie.gets("Dag lieve Annemie", "Dag Fatima!")
            await pilot.press(*"/retract", "enter")
            await annemie.gets(None, "Dag Fatima!")
            await until(pilot, lambda: "bericht ingetrokken" in text(app))

        await annemie.switch_off()

    async def test_forgets_everything_when_it_is_signed_out(self, house: House) -> None:
        sofie: Handset = house.handset("Sofie")
        kept = sofie.store.load()
        assert kept is not None
        app = PhoneApp(kept, sofie.store)

        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: "verbonden" in screen(app)[0])
            await asyncio.to_thread(enrolment.sign_out, kept)
            await until(pilot, lambda: "afgemeld" in screen(app)[0])
            await until(pilot, lambda: "Vraag je coördinator om een nieuwe code" in text(app))

        assert not sofie.store.path.exists()
