"""Words on the screen under short names: the same in every language, and none that is found by name."""

import re

import pytest

from web import serving
from web.javascript import NotOurStyle
from web.wording import worded

WORDS = "export default {\nnobody_there: 'Niemand',\n'photo': 'Foto',\n};"


class TestWorded:
    def test_calls_a_word_by_one_short_name_everywhere(self) -> None:
        files = worded({"words/nl.js": WORDS, "words/fr.js": WORDS, "app.js": "say(words.nobody_there, words[kind], words.photo);"})

        assert files["words/nl.js"] == files["words/fr.js"] == "export default {\ne: 'Niemand',\n'photo': 'Foto',\n};"
        assert files["app.js"] == "say(words.e, words[kind], words.photo);"

    def test_takes_no_name_that_the_code_has_another_use_for(self) -> None:
        files = worded({"words/nl.js": WORDS, "app.js": "say(words.nobody_there, words.e);"})

        assert "\na: 'Niemand'" in files["words/nl.js"]

    def test_takes_no_name_that_the_code_may_look_up(self) -> None:
        files = worded({"words/nl.js": WORDS, "app.js": "say(words.nobody_there, words[link || 'e']);"})

        assert "\na: 'Niemand'" in files["words/nl.js"]

    @pytest.mark.parametrize("code", ["say(words[code]);", "say(words.photo);"])
    def test_refuses_a_bare_word_that_nobody_says(self, code: str) -> None:
        with pytest.raises(NotOurStyle, match="nobody_there"):
            worded({"words/nl.js": WORDS, "app.js": code})

    def test_leaves_every_code_of_an_error_as_it_is(self) -> None:
        codes = set(re.findall(r"^ *'(\w+)': ", (serving.PAGE / "words/nl-more.js").read_text(), re.MULTILINE))
        served = serving.shelf().files["words/nl-more.js"].plain.decode()

        assert {"body_too_long", "not_reachable", "participant"} <= codes
        assert all(re.search(rf"\b{code}\b", served) for code in codes)
