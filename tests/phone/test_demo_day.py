import re
import subprocess
import sys
from pathlib import Path

from tests.phone.conftest import House
from tests.services.maatje import ROOT

SHORT = """
[[step]]
at = "09:00"
who = "Karel"
say = "Dag Yusuf"
as = "groet"
[[step]]
at = "09:05"
who = "Yusuf"
offline = true
[[step]]
at = "09:06"
who = "Yusuf"
say = "Ik zit in de tram"
[[step]]
at = "09:07"
who = "Karel"
edit = "groet"
say = "Dag Yusuf!"
[[step]]
at = "09:20"
who = "Yusuf"
online = true
"""


def live(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), "demo_day", "--server", house.server.url, *arguments]
    return subprocess.run(command, env=house.server.env, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)


class TestDemoDay:
    def test_ends_with_everything_delivered(self, house: House) -> None:
        day = live(house, "--speed", "20000")

        assert day.returncode == 0, day.stderr
        assert "09:44  Annemie  Ik heb het doorgegeven." in day.stdout
        counted = re.search(r"(\d+) things said. Sent (\d+) = delivered (\d+)\.\s*$", day.stdout)
        assert counted is not None
        assert int(counted[2]) == int(counted[3]) > 100

    def test_uses_the_same_phones_the_next_time(self, house: House, tmp_path: Path) -> None:
        (tmp_path / "day.toml").write_text(SHORT)
        phones = house.server.folder / "phones"

        first = live(house, "--speed", "20000", "--script", str(tmp_path / "day.toml"))
        before = sorted(path.name for path in phones.glob("*.json"))
        second = live(house, "--speed", "20000", "--script", str(tmp_path / "day.toml"))

        assert first.stdout.endswith("3 things said. Sent 3 = delivered 3.\n")
        assert second.stdout.endswith("3 things said. Sent 3 = delivered 3.\n")
        assert sorted(path.name for path in phones.glob("*.json")) == before

    def test_says_what_is_wrong_with_a_script(self, house: House, tmp_path: Path) -> None:
        (tmp_path / "day.toml").write_text(SHORT.replace("Yusuf", "Nobody"))

        day = live(house, "--script", str(tmp_path / "day.toml"))

        assert day.returncode == 1
        assert "Nobody: nobody here has that name" in day.stderr
        assert "Traceback" not in day.stderr

    def test_says_so_when_the_server_is_not_there(self, house: House) -> None:
        day = live(house, "--server", "http://127.0.0.1:9")

        assert day.returncode == 1
        assert "Is the server running there?" in day.stderr
