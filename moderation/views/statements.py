"""Letters to this person: what was decided and why, and how to have somebody else look again."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.openapi import answers
from accounts.views.private import PrivateView, person_of
from chat import frames
from chat.schemas import schema_of
from chat.views.carrying import command_of
from core import clock
from moderation import letters
from moderation.actions import appeals, statements
from moderation.models import Statement
from moderation.reading import letters_of
from moderation.serializers import AppealAnswer, LetterAnswer, LetterList


class Asked(msgspec.Struct, frozen=True, tag_field=None):
    """What somebody does not agree with, in their own words."""

    words: Annotated[str, msgspec.Meta(min_length=1, max_length=frames.MOST_WORDS)]


class LetterView(PrivateView):
    """Open to who is suspended too: how else would they learn why, and appeal?"""

    lets_suspended_in = True


class Statements(LetterView):
    @answers({200: LetterList}, errors=[401], operation_id="statements_list")
    def get(self, request: Request) -> Response:
        """Every letter to this person, newest first."""
        found = [_line(statement, person_of(request)) for statement in letters_of.everything(person_of(request))]
        return Response(LetterList({"statements": found, "unread": sum(not line["is_read"] for line in found)}).data)


class OneStatement(LetterView):
    @answers({200: LetterAnswer}, errors=[401, 404])
    def get(self, request: Request, statement_id: UUID) -> Response:
        """One letter, in plain words."""
        person = person_of(request)
        statement = letters_of.one(person, statement_id)
        letter = letters.tell(statement, language=person.language)
        return Response(
            LetterAnswer({
                **_line(statement, person),
                "paragraphs": letter.paragraphs,
                "appeal_until": letters_of.appeal_until(statement, now=clock.now()),
                "appealed_at": letters_of.appealed_at(statement),
            }).data
        )  # fmt: skip


class ReadView(LetterView):
    @answers({204: None}, errors=[401, 404], request=None)
    def post(self, request: Request, statement_id: UUID) -> Response:
        """This person saw it; it is no news any more."""
        statements.read(statement_id, by=person_of(request), now=clock.now())
        return Response(status=204)


class AppealView(LetterView):
    @answers({201: AppealAnswer}, errors=[400, 401, 404, 409, 415], request={"application/json": schema_of(Asked)})
    def post(self, request: Request, statement_id: UUID) -> Response:
        """Have somebody else look again at what was decided."""
        asked = command_of(request, Asked)
        made = appeals.appeal(statement_id=statement_id, words=asked.words, by=person_of(request), now=clock.now())
        return Response(AppealAnswer({"at": made.at, "answer_by": made.due_at}).data, status=201)


def _line(statement: Statement, person: Person) -> dict[str, Any]:
    letter = letters.tell(statement, language=person.language)
    return {
        "id": statement.id,
        "kind": statement.kind,
        "title": letter.title,
        "at": statement.at,
        "is_read": statement.read_at is not None,
    }
