"""`/t/settings/notices`: what somebody wants to be told, and where."""

from datetime import time
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.views.private import device_of, person_of
from core import clock
from core.errors import DomainError, Invalid, NotFound
from notifications.actions import addresses, choices
from notifications.models import AddressKind, PushAddress, Shows
from notifications.serializers import AddressAnswer
from notifications.views.notices import ensure_calm
from web.plain.errors import BadMail
from web.plain.page import HOME, PlainView, field
from web.plain.times import hour_typed
from web.plain.words import words

TICKS = ("messages", "meetings", "circles", "reminder_day", "reminder_hours", "nudges")
MAILS = ("by_mail", "calendar_mail")
AFTER = (15, 60, 240)  # minutes
HERE = f"{HOME}/settings/notices"


def may_mail() -> bool:
    """Whether mail can leave this server, or would be shown on its console."""
    return bool(settings.DEFAULT_FROM_EMAIL or settings.MAATJE_NOTICES_CONSOLE)


def may_text() -> bool:
    """Whether an SMS can."""
    return bool(settings.MAATJE_SMS_URL or settings.MAATJE_SMPP_URL or settings.MAATJE_NOTICES_CONSOLE)


class Notices(PlainView):
    """Each part of the page is a form of its own, and its button says which."""

    back = f"{HOME}/settings"

    def get(self, request: Request) -> Response:
        return self._page()

    def post(self, request: Request) -> Response:
        person = person_of(request)
        match next((name for name in ("choose", "mail", "sms", "code", "remove") if name in request.data), None):
            case "choose":
                ensure_calm(person)
                choices.choose(person=person, by=person, now=clock.now(), **_chosen(request))
                return self.go(f"{HERE}?saved=1")
            case "mail":
                self._register(AddressKind.EMAIL, field(request, "mail"))
            case "sms":
                self._register(AddressKind.SMS, "")
            case "code":
                addresses.confirm(address_id=_id(request), by=person, code=_digits(field(request, "code")), now=clock.now())
            case "remove":
                self._remove(person)
            case _:
                raise Invalid
        return self.go(f"{HERE}#w")

    def refusal(self, problem: DomainError) -> Response:
        return self._page(problem) if self.is_own_form and self.person else super().refusal(problem)

    def _register(self, kind: AddressKind, value: str) -> None:
        try:
            addresses.register(device=device_of(self.request), by=person_of(self.request), kind=kind, value=value, now=clock.now())
        except Invalid:
            raise BadMail from None

    def _remove(self, person: Person) -> None:
        try:
            addresses.remove(address_id=_id(self.request), by=person)
        except NotFound:
            return  # it is gone already: the second press of a button

    def _page(self, problem: DomainError | None = None) -> Response:
        person, said = person_of(self.request), words(self.language)["notices"]
        chosen = choices.choices_of(person)
        afters = sorted({*AFTER, *([chosen.sms_after] if chosen.sms_after else [])})
        told = {**self.reason(problem), "status": problem.status} if problem else {}
        mine = self._addresses(person)
        return self.page(
            "notices",
            ticks=[(name, said[name], getattr(chosen, name)) for name in TICKS],
            mails=[(name, said[name], getattr(chosen, name)) for name in MAILS],
            shows=chosen.shows == Shows.KIND,
            quiet=(f"{chosen.quiet_from:%H:%M}", f"{chosen.quiet_until:%H:%M}"),
            afters=[(minutes, said["after_minutes"].replace("{}", str(minutes)), minutes == chosen.sms_after) for minutes in afters],
            may_mail=may_mail(),
            may_text=may_text(),
            has_sms=any(one["kind"] == AddressKind.SMS for one in mine),
            addresses=mine,
            is_saved="saved" in self.request.query_params and not problem,
            typed=field(self.request, "mail") if problem else "",
            **told,
        )

    def _addresses(self, person: Person) -> list[dict[str, Any]]:
        """Where this person is reached; of each what it is, and enough to recognise it."""
        found = PushAddress.objects.of(person.id).filter(dead_at=None).select_related("person__data_key").order_by("made_at")
        around = {"values": addresses.values(found), "device_id": device_of(self.request).id}
        kinds = words(self.language)["notices"]["kinds"]
        return [
            {**AddressAnswer(one, context=around).data, "said": kinds["push" if AddressKind(one.kind).is_push else one.kind]}
            for one in found
        ]


def _chosen(request: Request) -> dict[str, Any]:
    """What the form says; a box that is not ticked is not sent, and what was not asked stays. :raises BadTime: :raises Invalid:"""
    after = field(request, "sms_after")
    if after and not (after.isascii() and after.isdigit() and len(after) <= 4 and 1 <= int(after) <= 1440):  # a day
        raise Invalid
    quiet: dict[str, time] = {name: hour_typed(field(request, name)) for name in ("quiet_from", "quiet_until")}
    ticked = {name: name in request.data for name in (*TICKS, *(MAILS if may_mail() else ()))}
    texted = {"sms_after": int(after) if after else None} if may_text() else {}
    shows = Shows.KIND if "shows" in request.data else Shows.NOTHING
    return {**ticked, **quiet, **texted, "shows": shows}


def _id(request: Request) -> UUID:
    """:raises NotFound:"""
    try:
        return UUID(field(request, "address"))
    except ValueError:
        raise NotFound from None


def _digits(code: str) -> str:
    """As people copy six digits: in two groups, or from an Arabic keyboard."""
    return "".join(str(int(letter)) for letter in code[:16] if letter.isdecimal())
