"""Little lists for the tests, and what is seen with them."""

from moderation.screening.engine import Engine
from moderation.screening.lists import parse

HEAD = "version = 1\nreviewed_on = 2026-11-22\nreview_by = 2027-05-22\n"


def a_list(*rules: str, head: str = HEAD) -> str:
    return head + "\n".join(rules)


def a_rule(*phrases: str, klass: str = "crisis", severity: int = 3, reason: str = "tested", more: str = "") -> str:
    listed = ", ".join(f'"{phrase}"' for phrase in phrases)
    return f'[[rule]]\nclass = "{klass}"\nseverity = {severity}\nreason = "{reason}"\nany = [{listed}]\n{more}\n'


def an_engine(*phrases: str, language: str = "nl", head: str = HEAD, more: str = "", klass: str = "crisis") -> Engine:
    return Engine.of([parse(a_list(a_rule(*phrases, more=more, klass=klass), head=head), language)])


def sees(engine: Engine, text: str, language: str = "nl") -> bool:
    return bool(engine.find(engine.text(text, language), (language,)))
