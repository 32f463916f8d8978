"""`/t/letters`: what was decided about this person and why, a way to disagree, and who read what they wrote."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.views.private import person_of
from chat import frames
from core import clock
from moderation import letters
from moderation.actions import appeals, statements
from moderation.reading import about_me, letters_of
from web.plain.authentication import EvenSuspended
from web.plain.drafts import typed
from web.plain.page import HOME, PlainView, is_looking_ahead
from web.plain.safety import comes_from_others
from web.plain.times import instant_of
from web.plain.words import words

LETTERS = f"{HOME}/letters"


class Letters(PlainView):
    authentication_classes = (EvenSuspended,)

    def get(self, request: Request) -> Response:
        person = person_of(request)
        rows = [
            (found.id, letters.tell(found, language=self.language).title, instant_of(found.at, person), found.read_at is None)
            for found in letters_of.everything(person)
        ]
        return self.page("letters", rows=rows)


class OneLetter(PlainView):
    authentication_classes = (EvenSuspended,)
    back = LETTERS

    def get(self, request: Request, statement_id: UUID) -> Response:
        now, person = clock.now(), person_of(request)
        found = letters_of.one(person, statement_id)
        if request.method == "GET" and not is_looking_ahead(request) and not comes_from_others(request):
            statements.read(found.id, by=person, now=now)
        safe = words(self.language)["safe"]
        until, appealed_at = letters_of.appeal_until(found, now=now), letters_of.appealed_at(found)
        return self.page(
            "letter",
            letter=letters.tell(found, language=self.language),
            at=instant_of(found.at, person),
            appeal_until=safe["appeal_why"].format(instant_of(until, person)) if until else "",
            appealed_at=safe["appealed"].format(instant_of(appealed_at, person)) if appealed_at else "",
        )

    def post(self, request: Request, statement_id: UUID) -> Response:
        now, person = clock.now(), person_of(request)
        appeals.appeal(statement_id=statement_id, words=typed(request)[: frames.MOST_WORDS], by=person, now=now)
        return self.go(f"{LETTERS}/{statement_id}")

    def box(self, problem: Any) -> dict[str, Any] | None:
        return None


class Readings(PlainView):
    def get(self, request: Request) -> Response:
        person = person_of(request)
        safe = words(self.language)["safe"]
        rows = [
            (instant_of(one.at, person), safe["reading"].format(safe["staff_roles"].get(one.role, one.role), one.lines), one.organisation)
            for one in about_me.readings_of(person)
        ]
        return self.page("readings", rows=rows)
