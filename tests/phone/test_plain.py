"""The phone as people start it: `manage.py phone CODE --plain`, in a process of its own."""

import contextlib
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from phone.enrolment import enrol
from phone.plain import CLEAR, Plain
from phone.store import Store
from tests.phone.conftest import House, Pair
from tests.phone.entries import HERE, card, fatimas_phone
from tests.services.maatje import ROOT, Maatje

PATIENCE = 30.0


class Terminal:
    """One process with lines in and lines out."""

    def __init__(self, server: Maatje, code: str, *, address: str = "") -> None:
        self.log = server.folder / f"terminal-{code}-{time.monotonic_ns()}.log"
        command = [sys.executable, str(ROOT / "manage.py"), "phone", code, "--plain", *(["--server", address] if address else [])]
        with self.log.open("wb") as file:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.STDOUT, env=server.env, cwd=ROOT)

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def said(self) -> str:
        return self.log.read_text()

    def until(self, text: str) -> None:
        end = time.monotonic() + PATIENCE
        while text not in self.said():
            assert time.monotonic() < end, f"It did not say {text!r} but:\n{self.said()}"
            time.sleep(0.05)

    def ends(self) -> int:
        """No more input: give the exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        assert self.process.stdin is not None
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()


@pytest.fixture
def terminals(house: House) -> Iterator[list[Terminal]]:
    started: list[Terminal] = []
    yield started
    for terminal in started:
        terminal.kill()


def phone_file(server: Maatje) -> Path:
    """The newest file of a phone on this machine."""
    return max((server.folder / "phones").glob("*.json"), key=lambda path: path.stat().st_mtime)


class TestTwoTerminals:
    def test_talk_and_end_when_their_input_ends(self, house: House, terminals: list[Terminal]) -> None:
        yusuf = Terminal(house.server, house.codes["Yusuf"], address=house.server.url)
        karel = Terminal(house.server, house.codes["Karel"], address=house.server.url)
        terminals += [yusuf, karel]

        karel.until("verbonden")
        yusuf.until("bağlı")
        karel.type("Dag Yusuf, morgen wandelen?")
        yusuf.until("Karel: Dag Yusuf, morgen wandelen?")
        karel.until("bezorgd: “Dag Yusuf, morgen wandelen?”")
        yusuf.type("Evet!")
        karel.until("Yusuf: Evet!")
        karel.type("/edit Dag Yusuf, overmorgen wandelen?")
        yusuf.until("overmorgen")

        assert yusuf.ends() == 0
        assert karel.ends() == 0

        again = Terminal(house.server, house.codes["Karel"].lower())
        terminals.append(again)
        assert again.ends() == 0
        assert "jij: Dag Yusuf, overmorgen wandelen? (bewerkt)" in again.said()
        assert "verbonden" in again.said()


class TestTwoWhoPlan:
    def test_a_coffee_see_the_same_in_their_own_words_and_once(self, house: House, terminals: list[Terminal]) -> None:
        sofie = Terminal(house.server, house.codes["Sofie"], address=house.server.url)
        dirk = Terminal(house.server, house.codes["Dirk"], address=house.server.url)
        terminals += [sofie, dirk]
        day = (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%d")

        dirk.type(f"/meet {day} 14:00 90 weekly De Krook")
        sofie.until("Dirk: voorstel, afspraak 1 · ")
        sofie.type("/yes 1")
        dirk.until("Sofie: ja, afspraak 1 · ")
        dirk.type(f"/cancel 1 {day}")
        sofie.until("→ gaat niet door")

        assert (dirk.ends(), sofie.ends()) == (0, 0)
        assert "14:00–15:30 · elke week · De Krook → gevraagd · ja: jij" in dirk.said()
        assert "14:00–15:30 · elke week · De Krook → gevraagd · ja: Dirk" in sofie.said()
        assert "→ afgesproken · ja: Dirk, jij" in sofie.said()
        assert dirk.said().count("jij: voorstel, afspraak 1") == sofie.said().count("Dirk: voorstel, afspraak 1") == 1


class TestAPhoneThatIsKilled:
    def test_says_its_draft_once_when_it_is_started_again(self, house: House, terminals: list[Terminal], pair: Pair) -> None:
        amina = Terminal(house.server, house.codes["Amina"], address=house.server.url)
        luc = Terminal(house.server, house.codes["Luc"], address=house.server.url)
        terminals += [amina, luc]
        amina.until("متصل")
        luc.until("connecté")

        house.server.process.send(signal.SIGSTOP)
        amina.type("Ik breng thee mee")
        end = time.monotonic() + PATIENCE
        while "Ik breng thee mee" not in "".join(path.read_text() for path in (house.server.folder / "phones").glob("*.json")):
            assert time.monotonic() < end
            time.sleep(0.02)
        amina.kill()
        house.server.process.send(signal.SIGCONT)
        again = Terminal(house.server, house.codes["Amina"])
        terminals.append(again)

        assert again.ends() == 0
        luc.until("Amina: Ik breng thee mee")
        time.sleep(0.5)
        assert luc.said().count("Ik breng thee mee") == 1
        kept = json.loads(phone_file(house.server).read_text())
        assert kept["outbox"].get("drafts", []) == []

    def test_keeps_what_it_could_not_send(self, house: House, terminals: list[Terminal]) -> None:
        code = house.codes["Emre"]
        emre = Terminal(house.server, code, address=house.server.url)
        terminals.append(emre)
        emre.until("bağlı")

        house.server.kill()
        emre.until("çevrimdışı")
        emre.type("Sonra gelirim")
        emre.until("(bekliyor) Sonra gelirim")
        emre.kill()
        house.server.start()
        again = Terminal(house.server, code)
        terminals.append(again)

        assert again.ends() == 0
        assert "sen: Sonra gelirim" in again.said()


class TestAPlainPhoneThatIsSignedOut:
    def test_clears_the_window_of_a_person_and_not_a_pipe(self, tmp_path: Path) -> None:
        class Window(io.StringIO):
            def isatty(self) -> bool:
                return True

        for out, is_cleared in ((Window(), True), (io.StringIO(), False)):
            kept = fatimas_phone()
            kept.conversation(HERE).take_card(card())
            phone = Plain(kept, Store(tmp_path / "phone.json"), source=Window(), out=out)

            assert phone._leave(4500) == 1

            assert out.getvalue().startswith(CLEAR) is is_cleared
            assert "afgemeld" in out.getvalue()
            assert kept.conversations == {}


class TestACodeThatIsNotGood:
    def test_is_told_in_one_sentence(self, house: House, terminals: list[Terminal]) -> None:
        code = house.codes["Chantal"]
        enrol(house.server.url, code, label="somebody else was faster")
        stranger = Terminal(house.server, code, address=house.server.url)
        terminals.append(stranger)

        assert stranger.ends() == 1
        assert "coordinator" in stranger.said()
        assert "Traceback" not in stranger.said()
        assert len(stranger.said().strip().splitlines()) == 1

    def test_is_told_apart_from_a_server_that_is_not_there(self, house: House, terminals: list[Terminal]) -> None:
        stranger = Terminal(house.server, "22222-22222", address="http://127.0.0.1:9")
        terminals.append(stranger)

        assert stranger.ends() == 1
        assert "http://127.0.0.1:9." in stranger.said()
        assert "--server URL" in stranger.said()
