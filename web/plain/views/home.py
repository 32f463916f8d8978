"""`/t`: the list of conversations; for somebody who is not signed in, where a code goes."""

from typing import Any

from knox.settings import knox_settings
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import devices, invites
from accounts.authentication import COOKIE, keep_cookie, token_from_cookies
from accounts.models import Device, Person
from accounts.views.private import address_of, person_of
from chat import frames, reading
from core import clock
from core.errors import DomainError, NotFound
from meetings.models import Meeting
from meetings.reading.agenda import BACK
from programmes.models import CircleMember
from web.plain.errors import CookiesOff
from web.plain.page import HOME, PlainView, field
from web.plain.places import names_in, slots_of
from web.plain.views.away import forget_exit
from web.plain.words import LANGUAGES, words

PROBE = "__Host-maatje-kept"  # comes back when the browser keeps cookies; says nothing else
LONGEST_CODE = 64


class Home(PlainView):
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        return self._list(person_of(request)) if self.person else self._door()

    def post(self, request: Request) -> Response:
        """Redeem a code. Asked of the cookie first: a code works once, and would be lost on a browser that forgets."""
        if not request.COOKIES.get(PROBE) and not request.COOKIES.get(COOKIE):
            raise CookiesOff
        label = words(self.language)["label"]
        device, token = invites.redeem(
            code=_code(request)[:LONGEST_CODE], label=label, address=address_of(request), in_browser=True, now=clock.now()
        )
        response = self.go(HOME)
        if not _took_the_place_of_their_own(request, device):
            response["Clear-Site-Data"] = '"storage"'  # what the page with scripts kept here may be another person's
        forget_exit(response)
        keep_cookie(response, token, device=device, seconds=int(knox_settings.TOKEN_TTL.total_seconds()))
        response.delete_cookie(PROBE, samesite="Strict")
        return response

    def refusal(self, problem: DomainError) -> Response:
        """What was wrong with the code, beside the code; whoever is signed in and refused learns that alone."""
        return self._door(problem) if self.is_own_form else super().refusal(problem)

    def _door(self, problem: DomainError | None = None) -> Response:
        known: dict[str, Any] = {}
        if problem:
            known = {**self.reason(problem), "typed": _code(self.request)[:LONGEST_CODE], "status": problem.status}
        elsewhere = self.request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
        languages = [(code, words(code)["name"]) for code in LANGUAGES if code != self.language]
        is_signed_out = token_from_cookies(self.request.COOKIES) is not None  # from elsewhere, for here the cookie goes too
        page = self.page("door", languages=languages, came_from_elsewhere=elsewhere, is_signed_out=is_signed_out, **known)
        if not self.request.COOKIES.get(PROBE):
            page.set_cookie(PROBE, "1", path="/", secure=True, httponly=True, samesite="Strict")
        return page

    def _list(self, person: Person) -> Response:
        slots = slots_of(person)
        cards = reading.cards(person.id, now=clock.now())
        rows = [
            {"slot": slots[card.id], "names": names_in(card), "state": _state(card), "unread": _unread(person, card)}
            for card in sorted(cards, key=lambda card: (card.left, slots[card.id]))
        ]
        is_asked = CircleMember.objects.present().filter(person=person, agreed_at=None).exists()
        has_meetings = Meeting.objects.of(person.id).open().not_over(now=clock.now() - BACK).exists()
        return self.page("list", rows=rows, is_asked=is_asked, has_meetings=has_meetings)


class Nothing(PlainView):
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        raise NotFound

    post = get


def _code(request: Request) -> str:
    return field(request, "code")


def _state(card: frames.Card) -> str:
    return "left" if card.left else card.state


def _unread(person: Person, card: frames.Card) -> str:
    """How many messages of others came after the read mark; past a page of the log, that there are more."""
    if card.last_seq <= card.read_seq:
        return ""
    entries, _ = reading.missed(person.id, card.id, after=card.read_seq, limit=frames.PAGE_LIMIT)
    count = sum(entry.kind == "message" and entry.author != card.you and not entry.concealed for entry in entries)
    is_all = not entries or entries[-1].seq >= card.last_seq
    return f"{count}{'' if is_all else '+'}" if count or not is_all else ""


def _took_the_place_of_their_own(request: Request, device: Device) -> bool:
    """Whether the cookie before was of the same person; its token is nobody's any more then, and ends."""
    try:
        before = devices.authenticate(request.COOKIES.get(COOKIE, ""), now=clock.now())
        if before is not None and before.person == device.person:
            devices.revoke(device=before, by=device.person, now=clock.now())
            return True
    except DomainError:
        pass  # the code is used up, so the new cookie must go out; the old device stays in the person's list
    return False
