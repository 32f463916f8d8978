"""A day written down: who does what, when. No I/O but reading the file."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

DEMO_DAY = Path(__file__).with_name("demo_day.toml")

Deed = Literal["say", "edit", "retract", "read", "offline", "online"]


class BadScript(Exception):
    """The day cannot be lived as it is written; the message names the step."""


class Step(Struct, forbid_unknown_fields=True, rename={"name": "as"}):
    """One thing that one person does. `edit` and `retract` name an earlier step's `as`."""

    at: str
    who: str
    say: str = ""
    name: str = ""
    edit: str = ""
    retract: str = ""
    read: bool = False
    offline: bool = False
    online: bool = False

    @property
    def minute(self) -> int:
        hours, _, minutes = self.at.partition(":")
        return int(hours) * 60 + int(minutes)

    @property
    def deed(self) -> Deed:
        deeds: dict[Deed, object] = {
            "edit": self.edit, "retract": self.retract, "say": self.say,
            "read": self.read, "offline": self.offline, "online": self.online,
        }  # fmt: skip
        return next(deed for deed, given in deeds.items() if given)


class _Day(Struct):
    step: list[Step]


def read_script(path: Path) -> list[Step]:
    """The steps of a day, in order. :raises BadScript:"""
    try:
        steps = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Day).step
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as problem:
        raise BadScript(f"{path.name}: {problem}") from None
    _ensure_liveable(steps)
    return steps


def _ensure_liveable(steps: list[Step]) -> None:
    said: dict[str, str] = {}
    before = 0
    for step in steps:
        try:
            minute, deed = step.minute, step.deed
        except (ValueError, StopIteration):
            raise BadScript(f"{step.at} {step.who}: a time and one thing to do") from None
        about = step.edit or step.retract
        if minute < before:
            raise BadScript(f"{step.at} {step.who}: earlier than the step before")
        if about and said.get(about) != step.who:
            raise BadScript(f"{step.at} {step.who}: {deed} of something they did not say")
        before = minute
        said[step.name] = step.who
