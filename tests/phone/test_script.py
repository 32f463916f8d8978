from pathlib import Path

import pytest

from phone.script import DEMO_DAY, BadScript, read_script

VOLUNTEERS = {"Annemie", "Karel"}


class TestDemoDay:
    def test_holds_everything_that_a_day_shows(self) -> None:
        steps = read_script(DEMO_DAY)

        assert {step.deed for step in steps} == {"say", "edit", "retract", "read", "offline", "online"}
        assert {step.who for step in steps} >= VOLUNTEERS | {"Fatima", "Yusuf", "Chantal", "Amina", "Emre"}

    def test_brings_everybody_back_online(self) -> None:
        away: set[str] = set()
        for step in read_script(DEMO_DAY):
            if step.deed == "offline":
                away.add(step.who)
            if step.deed == "online":
                away.remove(step.who)

        assert away == set()

    def test_passes_the_letter_to_the_coordinator(self) -> None:
        assert any(step.who in VOLUNTEERS and "Nele" in step.say for step in read_script(DEMO_DAY))


class TestReadScript:
    @pytest.mark.parametrize(
        "text",
        [
            '[[step]]\nat = "09:00"\nwho = "Karel"\n',
            '[[step]]\nat = "nine"\nwho = "Karel"\nsay = "dag"\n',
            '[[step]]\nat = "09:00"\nwho = "Karel"\nsing = "dag"\n',
            '[[step]]\nat = "09:00"\nwho = "Karel"\nretract = "dag"\n',
            '[[step]]\nat = "09:00"\nwho = "Karel"\nsay = "a"\n[[step]]\nat = "08:00"\nwho = "Karel"\nsay = "b"\n',
            "not toml",
        ],
    )
    def test_refuses_a_day_that_cannot_be_lived(self, text: str, tmp_path: Path) -> None:
        (tmp_path / "day.toml").write_text(text)

        with pytest.raises(BadScript, match=r"day\.toml|09:00|08:00|nine"):
            read_script(tmp_path / "day.toml")
