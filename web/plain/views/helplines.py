"""`/t/help`: whom to call. Open to everybody, whatever became of their access."""

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from web.plain.authentication import ForgivingAuthentication
from web.plain.helplines import helplines
from web.plain.page import AWAY, PlainView


class Help(PlainView):
    authentication_classes = (ForgivingAuthentication,)
    permission_classes = (AllowAny,)
    is_shown_after_exit = True

    def get(self, request: Request) -> Response:
        """Whoever left by the quick exit is known to nobody here."""
        is_known = self.person is not None and not request.COOKIES.get(AWAY)
        return self.page("help", **helplines(self.language), is_known=is_known)
