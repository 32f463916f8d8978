"""Read a Dockerfile well enough to judge ours and to carry out its steps without Docker."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

_CONTINUED = re.compile(r"\\\n")
_COMMENT = re.compile(r"^\s*#.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction, such as `RUN` with its command."""

    word: str
    text: str

    @property
    def exec_form(self) -> list[str]:
        """The words of `CMD ["python", "manage.py"]`. :raises ValueError: it is in shell form."""
        words: list[str] = json.loads(self.text[self.text.index("[") :])
        return words

    @property
    def variables(self) -> dict[str, str]:
        """What `ENV` sets."""
        return dict(pair.split("=", 1) for pair in re.findall(r'\w+=(?:"[^"]*"|\S+)', self.text))


@dataclass(slots=True)
class Stage:
    image: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def all(self, word: str) -> list[Step]:
        return [step for step in self.steps if step.word == word]

    def only(self, word: str) -> Step:
        """:raises ValueError: there is none, or more than one."""
        [step] = self.all(word)
        return step


def stages(path: Path) -> list[Stage]:
    """The stages of a Dockerfile, in order."""
    found: list[Stage] = []
    text = _CONTINUED.sub("", _COMMENT.sub("", path.read_text(encoding="utf-8")))
    for line in filter(None, map(str.strip, text.splitlines())):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            found.append(Stage(image, name))
        else:
            found[-1].steps.append(Step(word, rest.strip()))
    return found


def context(root: Path) -> list[str]:
    """What `.dockerignore` lets into the image: it forbids everything, then names what may."""
    lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    if rules[0] != "*":
        raise ValueError(".dockerignore must start by forbidding everything.")
    return [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
