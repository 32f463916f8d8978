"""An outside classifier: asked afterwards, about words alone, and missed by nobody when it is away."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from accounts.models import Person
from chat.models import Conversation
from moderation.actions import classifying
from moderation.models import Case, Rules, Signal, ToClassify
from moderation.reading import choices
from moderation.screening.outside import FIRST_REST, LONGEST_REST, MANY_FAILURES, Breaker, Classifier
from tests.chat.words import edit, message, retraction, send, seqs
from tests.conftest import Clock
from tests.factories import make_organisation
from tests.moderation.classifier import Outside, outside

pytestmark = [pytest.mark.django_db]

UNSEEN = "de kat zit op het dak"
THREAT = {"class": "threat", "severity": 3, "reason": "model_threat"}


@pytest.fixture
def other_side() -> Iterator[Outside]:
    with outside() as told:
        yield told


@pytest.fixture
def named(other_side: Outside, settings: Settings) -> Outside:
    """The one that the operator named."""
    settings.MAATJE_CLASSIFIER_URL = other_side.url
    return other_side


@pytest.fixture
def classifier(named: Outside, conversation: Conversation) -> Iterator[Outside]:
    """The same, where the organisation wants it."""
    Rules.objects.create(organisation=make_organisation(), uses_classifier=True)
    choices.forget()
    yield named
    choices.forget()


class TestAsking:
    def test_gathers_what_it_says_with_the_rest(
        self, classifier: Outside, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        classifier.answers[UNSEEN] = [THREAT]
        send(message(fatima, conversation), message(fatima, conversation, UNSEEN), now=now)

        assert classifying.classify_due(now=now) == 2

        signal = Signal.objects.get()
        assert (signal.seq, signal.klass, signal.severity, signal.reason, signal.source) == (2, "threat", 3, "model_threat", "classifier")
        assert Case.objects.get().target_seq == 2
        assert not ToClassify.objects.exists()

    def test_tells_it_the_words_and_their_language_and_nothing_else(
        self, classifier: Outside, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        send(message(fatima, conversation, UNSEEN), now=now)

        classifying.classify_due(now=now)

        assert classifier.asked == [{"language": fatima.language, "text": UNSEEN}]
        assert {"cookie", "authorization", "referer"}.isdisjoint(classifier.headers[0])

    def test_asks_about_the_words_as_they_are_now(
        self, classifier: Outside, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        send(message(fatima, conversation, "weg"), message(fatima, conversation, "fout"), now=now)
        send(retraction(fatima, conversation, 1), edit(fatima, conversation, 2, "goed"), now=now)

        classifying.classify_due(now=now)

        assert {asked["text"] for asked in classifier.asked} == {"goed"}
        assert not ToClassify.objects.exists()

    def test_is_not_done_unless_the_organisation_chose_it(
        self, named: Outside, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        choices.forget()
        send(message(fatima, conversation), now=now)

        assert classifying.classify_due(now=now) == 0
        assert (named.asked, ToClassify.objects.count()) == ([], 0)


class TestTrouble:
    @pytest.mark.parametrize(
        "raw",
        [b"", b"{", b"[]", b'{"signals": [{"class": "weather", "severity": 3, "reason": "x"}]}', b'{"signals": [{"class": "hate", "severity": 9, "reason": "x"}]}',
         b'{"signals": [{"class": "hate", "severity": 2, "reason": "De woorden zelf"}]}', b"x" * 100_000],
        ids=["nothing", "half", "list", "class", "severity", "reason", "long"],
    )  # fmt: skip
    def test_takes_no_answer_without_sense(
        self, raw: bytes, classifier: Outside, fatima: Person, conversation: Conversation, now: datetime
    ) -> None:
        classifier.raw = raw
        send(message(fatima, conversation), now=now)

        assert classifying.classify_due(now=now) == 0
        assert (Signal.objects.count(), ToClassify.objects.count()) == (0, 1)

    def test_asks_again_later_but_not_for_ever(self, classifier: Outside, fatima: Person, conversation: Conversation, clock: Clock) -> None:
        classifier.status = 503
        send(message(fatima, conversation), now=clock())

        tries = [classifying.classify_due(now=clock.move(hours=hours)) for hours in (0, 1)]
        left = ToClassify.objects.count()
        classifying.classify_due(now=clock.move(hours=24))

        assert (tries, left, ToClassify.objects.count()) == ([0, 0], 1, 0)
        assert seqs(conversation) == [1]

    def test_waits_no_longer_than_it_may_and_then_lets_it_rest(self, other_side: Outside) -> None:
        other_side.is_silent = True
        classifier = Classifier(other_side.url)

        assert classifier.ask([("nl", "een"), ("nl", "twee"), ("nl", "drie")]) == [None] * 3
        assert classifier.ask([("nl", "vier")]) == [None]
        assert {asked["text"] for asked in other_side.asked} == {"een", "twee", "drie"}

    def test_minds_nobody_there(self) -> None:
        assert Classifier("http://127.0.0.1:9/").ask([("nl", "een")]) == [None]
        assert Classifier("nonsense").ask([("nl", "een")]) == [None]


class TestBreaker:
    def test_rests_after_a_few_failures_and_longer_each_time(self) -> None:
        breaker, at, rests = Breaker(), 0.0, []
        for _ in range(MANY_FAILURES - 1):
            breaker.heard(well=False, at=at)
        assert not breaker.is_open(at=at)

        for _ in range(6):
            breaker.heard(well=False, at=at)
            rests.append(breaker.until - at)
            at = breaker.until

        assert rests == [FIRST_REST, 120.0, 240.0, 480.0, LONGEST_REST, LONGEST_REST]
        assert not breaker.is_open(at=at)

    def test_forgets_it_all_when_it_answers(self) -> None:
        breaker = Breaker(failures=2, rest=120.0, until=5.0)

        breaker.heard(well=True, at=6.0)

        assert (breaker.failures, breaker.rest, breaker.is_open(at=0.0)) == (0, 0.0, False)


def test_a_day_is_longer_than_the_longest_rest() -> None:
    assert timedelta(seconds=LONGEST_REST) < classifying.LONGEST_WAIT
