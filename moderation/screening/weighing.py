"""What an organisation's own list may cost: weighed when it is added, because every message of its people pays for it."""

from collections.abc import Iterator

from moderation.screening.context import Sought
from moderation.screening.engine import Engine
from moderation.screening.phrases import Choice, Gap, OneOf, Place, Places
from moderation.screening.seeking import Seeker
from moderation.screening.work import Work

MOST_WORK_OF_OWN = 15_000  # for one text
MOST_SIGNS = 2_000  # of a message
MOST_WEIGHED = 20  # phrases, the dearest
MOST_COMPANY = 4  # phrases that are written beside one


def too_dear(engine: Engine) -> list[str]:
    """The reasons of rules that a message of nothing but their own words takes too long with; they name whom to change."""
    seekers = sorted(engine.made.plain, key=_weight, reverse=True)[:MOST_WEIGHED]
    return list(dict.fromkeys(seeker.aim.signal.reason for seeker in seekers if _is_too_dear(engine, seeker)))


def _is_too_dear(engine: Engine, seeker: Seeker) -> bool:
    said = f"{' '.join(_said(seeker))} "
    work = Work(MOST_WORK_OF_OWN)
    language = seeker.aim.language
    engine.find(engine.text((said * (MOST_SIGNS // len(said) + 1))[:MOST_SIGNS], language), (language,), work=work)
    return work.left < 0


def _weight(seeker: Seeker) -> int:
    """Roughly: every choice around it multiplies."""
    company = seeker.aim.company
    around = 0 if company is None else (_weight_of(company.near) + _weight_of(company.unless)) * (2 * company.within + 1)
    return seeker.phrase.cost * seeker.phrase.most + around


def _weight_of(sought: Sought) -> int:
    return sought.single.cost + len(sought.others.ways) * sought.others.most


def _said(seeker: Seeker) -> Iterator[str]:
    """The phrase as somebody may say it, and some of what is looked for beside it."""
    yield from _words(seeker.phrase.places)
    if company := seeker.aim.company:
        for sought in (company.near, company.unless):
            for way in sought.others.ways[:MOST_COMPANY]:
                yield from _words(way)


def _words(places: Places) -> Iterator[str]:
    for place in places:
        yield from _word(place)


def _word(place: Place) -> Iterator[str]:
    match place:
        case OneOf():
            yield from place.texts[:1]
        case Gap():
            yield from ["x"] * place.most
        case Choice():
            yield from _words(place.ways[0])
