"""`/t/settings`: a person's own choices."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import people
from accounts.models import Language
from accounts.views.private import person_of
from core import clock
from core.errors import Invalid
from web.plain.page import HOME, PlainView, field


class Settings(PlainView):
    def get(self, request: Request) -> Response:
        return self.page("settings", languages=Language.choices)

    def post(self, request: Request) -> Response:
        language = field(request, "language")
        if language not in Language.values:
            raise Invalid
        person = person_of(request)
        people.update_settings(
            person=person,
            by=person,
            language=Language(language),
            shows_read_marks="marks" in request.data,
            low_data="low_data" in request.data,
            now=clock.now(),
        )
        return self.go(HOME)
