"""`/t/away`, the quick exit, and `/t/again`, the way back in: between the two, the way back shows nothing of a person."""

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from web.plain.page import AWAY, HOME, PlainView, is_looking_ahead

ELSEWHERE = "https://www.wikipedia.org/"


class Away(PlainView):
    """One answer and no questions, because somebody is in a hurry. Changing a cookie also empties Chromium's store of pages to go back to."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        response = self.go(ELSEWHERE)
        if not is_looking_ahead(request):
            response.set_cookie(AWAY, "1", path=HOME, secure=True, httponly=True, samesite="Lax")
        return response


class Again(PlainView):
    """Whoever presses it is back."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        response = self.go(HOME)
        forget_exit(response)
        return response


def forget_exit(response: Response) -> None:
    """From here on pages show what they hold."""
    response.delete_cookie(AWAY, path=HOME, samesite="Lax")
