"""How well our lists do on phrases that people labelled: these floors only rise."""

from pathlib import Path

import pytest

from moderation.screening import judging
from moderation.screening.lists import LANGUAGES

LABELLED = Path(__file__).with_name("labelled")
LEAST = {"dev": (0.9, 0.9), "held": (0.8, 0.75), "held2": (0.88, 0.8)}  # precision and recall of seeing anything at all
WIDENED = ("nl", "fr", "en")  # phrases that no list had been tuned on, until these were widened by them
WIDENED_BY = [*(("dev2", language) for language in WIDENED), *(("dev4", language) for language in LANGUAGES)]


class TestOurListsOnLabelledPhrases:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("part", LEAST)
    def test_see_enough_and_leave_the_rest_alone(self, part: str, language: str) -> None:
        judgement = judging.judge(judging.read(LABELLED / f"{part}_{language}.tsv"))
        score = judgement.scores["any"]

        least_precision, least_recall = LEAST[part]
        assert score.precision >= least_precision
        assert score.recall >= least_recall

    @pytest.mark.parametrize(("part", "language"), WIDENED_BY)
    def test_see_what_they_were_widened_for(self, part: str, language: str) -> None:
        judgement = judging.judge(judging.read(LABELLED / f"{part}_{language}.tsv"))
        score = judgement.scores["any"]

        assert score.precision >= 0.95
        assert score.recall >= 0.95

    @pytest.mark.parametrize("language", WIDENED)
    @pytest.mark.parametrize("klass", ["crisis", "threat"])
    def test_see_danger_in_phrases_that_they_were_not_widened_by(self, klass: str, language: str) -> None:
        judgement = judging.judge(judging.read(LABELLED / f"held2_{language}.tsv"))

        assert judgement.scores[klass].recall >= 0.9
        assert judgement.scores["any"].precision >= 0.9

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_stand_beside_as_many_harmless_ones(self, language: str) -> None:
        phrases = [phrase for path in LABELLED.glob(f"*_{language}.tsv") for phrase in judging.read(path)]
        harmless = sum(not phrase.classes for phrase in phrases)

        assert len(phrases) >= 300
        assert 0.4 <= harmless / len(phrases) <= 0.6
