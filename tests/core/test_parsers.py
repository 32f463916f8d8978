from io import BytesIO

import pytest
from pytest_django import Settings
from rest_framework.exceptions import ParseError
from rest_framework.test import APIClient

from core.errors import BodyTooBig
from core.parsers import StrictJSONParser


class Endless(BytesIO):
    """A body that never ends, of a client that said nothing about its length."""

    asked = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0, "read without a limit"
        self.asked += size
        return b" " * size


class TestStrictJSONParser:
    def test_reads_a_body_up_to_the_limit(self, settings: Settings) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

        assert StrictJSONParser().parse(BytesIO(b'{"a":"bc"}')) == {"a": "bc"}

    def test_reads_no_further_than_that(self, settings: Settings) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        body = Endless()

        with pytest.raises(BodyTooBig) as refusal:
            StrictJSONParser().parse(body)

        assert refusal.value.facts == {"limit": 10}
        assert body.asked == 11

    def test_refuses_what_is_no_json(self) -> None:
        with pytest.raises(ParseError):
            StrictJSONParser().parse(BytesIO(b'{"a":1,"a":2}'))

    @pytest.mark.django_db
    def test_answers_with_the_code_and_the_limit(self, settings: Settings) -> None:
        code = "2" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE

        answer = APIClient().post("/api/v1/enrol", {"code": code, "label": "", "keep": "token"}, format="json")

        assert answer.status_code == 413
        assert answer.json()["code"] == "body_too_big"
        assert answer.json()["limit"] == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
