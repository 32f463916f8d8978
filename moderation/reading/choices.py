"""What organisations chose for the screening, remembered in each process: the send path asks no database for it in the usual case."""

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction

from chat.models import Conversation
from moderation.beside import compile_beside
from moderation.models import HeldDraft, PreModeration, Rules, WordList
from moderation.screening.engine import Engine
from moderation.screening.grammar import BadPhrase, ways_of
from moderation.screening.lists import BadList, WordRules, parse
from moderation.screening.looking import engine

log = logging.getLogger(__name__)

FRESH_SECONDS = 60.0  # until a choice that another process wrote down is seen here
MOST_HOMES = 50_000
MOST_SIGNS_AT_ONCE = 10_000  # of lists that are read on the spot, and
MOST_WAYS_AT_ONCE = 500  # that are compiled on the spot, in some milliseconds; all others beside the messages

ListVersion = tuple[UUID, str, int]
Text = tuple[str, str]  # a language, and a list in it


class Home(NamedTuple):
    """To whom a conversation belongs."""

    organisation_id: UUID
    programme_id: UUID


@dataclass(frozen=True, slots=True)
class Hold:
    """What a programme wants held: `all` messages, or only what something was seen in; for how many hours."""

    all: bool
    hours: int


@dataclass(frozen=True, slots=True)
class Choices:
    """As they were when they were last read."""

    engines: dict[UUID, Engine] = field(default_factory=dict)  # by organisation
    holds: dict[UUID, Hold] = field(default_factory=dict)  # by programme
    waiting_in: frozenset[UUID] = frozenset()  # conversations with drafts that are held, or were a few days ago
    classified: frozenset[UUID] = frozenset()  # organisations with an outside classifier


def _classified() -> frozenset[UUID]:
    """Organisations that want the classifier of this installation; none where its operator named none."""
    if not settings.MAATJE_CLASSIFIER_URL:
        return frozenset()
    return frozenset(Rules.objects.filter(uses_classifier=True).values_list("organisation_id", flat=True))


def _is_quick(texts: list[Text]) -> bool:
    """Whether compiling these takes milliseconds. What is broken is: it is refused."""
    if sum(len(text) for _, text in texts) > MOST_SIGNS_AT_ONCE:
        return False
    try:
        return sum(_ways_in(parse(text, language)) for language, text in texts) <= MOST_WAYS_AT_ONCE
    except (BadList, BadPhrase):
        return True


def _ways_in(rules: WordRules) -> int:
    phrases = [*rules.negation, *(phrase for rule in rules.rules for phrase in (*rule.any, *rule.near, *rule.unless))]
    return sum(ways_of(phrase) for phrase in phrases)


class _Memory:
    """The choices of this process, and which versions of lists its engines are made of."""

    def __init__(self) -> None:
        self.choices = Choices()
        self.versions: dict[UUID, frozenset[ListVersion]] = {}
        self.read_at: float | None = None
        self.homes: dict[UUID, Home] = {}
        self.lock = threading.Lock()

    def current(self) -> Choices:
        now = time.monotonic()
        if self.read_at is None or now - self.read_at > FRESH_SECONDS:
            self.read_at = now  # also when it fails: not every message tries again
            try:
                with transaction.atomic():
                    self._read()
            except Exception as problem:  # what was known a minute ago still holds
                log.error("choices_not_read problem=%s", type(problem).__name__)  # noqa: TRY400  # a traceback may hold a list's words
        return self.choices

    def _read(self) -> None:
        rows = WordList.objects.filter(in_use=True).values_list("organisation_id", "id", "language", "version")
        versions: dict[UUID, frozenset[ListVersion]] = {}
        for organisation_id, *version in rows:
            versions[organisation_id] = versions.get(organisation_id, frozenset()) | {tuple(version)}  # type: ignore[arg-type]  # three columns, in this order
        holds = PreModeration.objects.values_list("programme_id", "holds", "hours")
        found = Choices(
            holds={programme_id: Hold(all=holds == "all", hours=hours) for programme_id, holds, hours in holds},
            waiting_in=frozenset(HeldDraft.objects.values_list("conversation_id", flat=True).distinct()),
            classified=_classified(),
        )
        changed = {place: wanted for place, wanted in versions.items() if self.versions.get(place) != wanted}
        with self.lock:  # what is compiled beside us meanwhile is not lost
            found.engines.update({place: engine for place, engine in self.choices.engines.items() if place in versions})
            self.choices, self.versions = found, versions
        for organisation_id, wanted in changed.items():
            self._compile(organisation_id, wanted)

    def _compile(self, organisation_id: UUID, wanted: frozenset[ListVersion]) -> None:
        """Now, where that takes no time; otherwise beside the messages, which are looked at as before until then."""
        texts = list(WordList.objects.filter(id__in=[version[0] for version in wanted]).values_list("language", "text"))
        if _is_quick(texts):
            self._put(organisation_id, wanted, texts)
        else:
            compile_beside(lambda: self._put(organisation_id, wanted, texts))

    def _put(self, organisation_id: UUID, wanted: frozenset[ListVersion], texts: list[Text]) -> None:
        try:
            found = Engine.of([parse(text, language) for language, text in texts], also_known=engine().known)
        except BadList as problem:  # it was checked when it came into use; a newer release may be stricter
            log.error("word_list_unusable organisation=%s problems=%s", organisation_id, problem)  # noqa: TRY400  # it says which rule; where in our code, nobody asks
            return
        with self.lock:
            if self.versions.get(organisation_id) == wanted:  # a newer one may have been quicker
                self.choices.engines[organisation_id] = found

    def home_of(self, conversation_id: UUID) -> Home:
        home = self.homes.get(conversation_id)
        if home is None:
            places = Conversation.objects.filter(id=conversation_id)
            home = Home(*places.values_list("circle__programme__organisation_id", "circle__programme_id").get())
            if len(self.homes) >= MOST_HOMES:
                self.homes.clear()
            self.homes[conversation_id] = home
        return home


_memory = _Memory()


def current() -> Choices:
    """The choices as they were at most a minute ago; four small queries a minute."""
    return _memory.current()


def home_of(conversation_id: UUID) -> Home:
    """Asked of the database once a conversation and process: where a circle belongs never changes."""
    return _memory.home_of(conversation_id)


def forget() -> None:
    """Read them anew when they are next asked for; what was compiled stays."""
    _memory.read_at = None
