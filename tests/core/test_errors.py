"""Every refusal of every app: a stable code, a status, a sentence."""

import importlib.util
import re
from collections import Counter

import pytest
from django.apps import apps

from core.errors import DomainError, NotFound, TooManyAttempts

for config in apps.get_app_configs():
    if (importlib.util.find_spec(f"{config.name}.errors") is not None) and config.name in {
        "accounts",
        "audit",
        "chat",
        "core",
        "privacy",
        "programmes",
    }:
        importlib.import_module(f"{config.name}.errors")


def every_refusal() -> list[type[DomainError]]:
    found, waiting = [], [DomainError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return [kind for kind in found if not kind.__module__.startswith("tests")]


@pytest.mark.parametrize("kind", every_refusal(), ids=lambda kind: kind.__name__)
class TestEveryRefusal:
    def test_has_a_code_a_status_and_a_sentence(self, kind: type[DomainError]) -> None:
        assert re.fullmatch(r"[a-z][a-z_]+", kind.code)
        assert 400 <= kind.status < 600
        assert kind.sentence.endswith(".")

    def test_says_so_with_its_facts(self, kind: type[DomainError]) -> None:
        assert kind(limit=3).as_dict() == {"code": kind.code, "message": kind.sentence, "limit": 3}


class TestCodes:
    def test_mean_one_thing(self) -> None:
        codes = Counter(kind.code for kind in every_refusal() if "code" in vars(kind))

        assert [code for code, count in codes.items() if count > 1] == []

    def test_are_the_text_of_the_exception(self) -> None:
        assert str(NotFound()) == "not_found"
        assert TooManyAttempts(retry_after=60).facts == {"retry_after": 60}
