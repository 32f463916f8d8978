"""The link between two namespaces: whose packet it is, what is counted, and what happens where it cannot be made."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.link import measuring, namespaces
from bench.link.counts import Count, Counts
from bench.link.emulator import phone_of
from bench.link.link import Link
from tests.services.maatje import ROOT


def packet(source: str, target: str, *, size: int = 60) -> bytes:
    head = bytes((0x45, 0)) + size.to_bytes(2, "big") + bytes(8) + socket.inet_aton(source) + socket.inet_aton(target)
    return head.ljust(size, b"\0")


class TestPhoneOf:
    def test_knows_a_phone_by_its_own_address(self) -> None:
        assert phone_of(packet("10.77.1.3", "10.77.0.2"), is_up=True) == 2
        assert phone_of(packet("10.77.0.2", "10.77.1.1"), is_up=False) == 0

    @pytest.mark.parametrize("odd", [b"", b"\x45short", packet("10.77.1.200", "10.77.0.2"), b"\x60" + bytes(59)])
    def test_carries_nothing_else(self, odd: bytes) -> None:
        assert phone_of(odd, is_up=True) is None


class TestCounts:
    def test_are_read_where_others_write(self, tmp_path: Path) -> None:
        writer, reader = Counts(tmp_path / "counts", is_new=True), Counts(tmp_path / "counts")
        before = reader.of(1)

        writer.add(1, 100, is_up=True, is_lost=False)
        writer.add(1, 60, is_up=True, is_lost=True)
        writer.add(1, 52, is_up=False, is_lost=False)

        assert reader.of(1).since(before) == Count(up=160, up_packets=2, up_lost=1, down=52, down_packets=1, down_lost=0)
        assert reader.of(1).both == 212
        assert reader.of(0) == Count()


class TestWithoutRoot:
    def test_is_skipped_visibly_with_the_remedy(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)

        report = measuring.measure(profile="2g", server="daphne", minutes=4, seed=1)
        report.show(with_json=True)

        said = capsys.readouterr().out
        assert "SKIPPED" in said and "sudo" in said
        assert json.loads(said.splitlines()[-1])["skipped"].startswith("it makes network namespaces")

    def test_names_what_else_is_missing(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(namespaces, "TUN", tmp_path / "none")

        assert "modprobe tun" in namespaces.why_not()


@pytest.mark.skipif(bool(namespaces.why_not()), reason=f"no link can be emulated here: {namespaces.why_not()}")
class TestLink:
    def test_carries_and_counts_and_leaves_nothing(self, tmp_path: Path) -> None:
        with Link("clear", tmp_path) as link:
            listen = "import socket;s=socket.create_server(('10.77.0.2',80));print(1,flush=True);s.accept()[0].recv(9)"
            dial = "import socket;socket.create_connection(('10.77.0.2',80),5,('10.77.1.2',0)).send(b'hello')"
            with subprocess.Popen(link.at("server", sys.executable, "-c", listen), stdout=subprocess.PIPE) as server:
                assert server.stdout is not None and server.stdout.readline() == b"1\n"
                subprocess.run(link.at("phones", sys.executable, "-c", dial), check=True)
            counted = link.counts.of(1)

        assert counted.up >= 60 + 52 + 57 and counted.down >= 60 + 52
        assert counted.up_lost == counted.down_lost == 0

    def test_ends_with_the_one_who_started_it_however_that_ended(self, tmp_path: Path) -> None:
        start = (
            "import sys,time,subprocess;from pathlib import Path;from bench.link.link import Link;"
            f"link=Link('clear',Path({str(tmp_path)!r}));"
            "child=subprocess.Popen(link.at('server','sh','-c','echo up;exec sleep 60'),stdout=-1);child.stdout.readline();"
            "print(link._process.pid,child.pid,flush=True);time.sleep(60)"
        )
        with subprocess.Popen([sys.executable, "-c", start], cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
            assert starter.stdout is not None
            pids = [int(pid) for pid in starter.stdout.readline().split()]
            starter.kill()

        deadline = time.monotonic() + 5
        while any(_is_alive(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not any(_is_alive(pid) for pid in pids)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
