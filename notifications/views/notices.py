"""What somebody wants to be told, where, and what became of it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Person
from accounts.openapi import answers
from accounts.views.private import PrivateView, device_of, person_of
from chat.errors import TooFast
from core import clock
from live.pace import Pace
from notifications.actions import addresses, choices
from notifications.models import AddressKind, Notice, NoticeChoices, NoticeKind, NoticeState, PushAddress
from notifications.serializers import AddressAnswer, AddressRequest, ChoicesAnswer, ChoicesChange, ConfirmRequest, NoticeList
from privacy.push_keys import push_key

RECENT = 20
_CHANGES = Pace(rate=1 / 10, burst=20)  # more switches than there are
_OF_DAYS_TO_COME = (NoticeKind.REMINDER, NoticeKind.NUDGE, NoticeKind.INVITATION)  # no news yet; what is held for the morning is
_OF_CHOICES = tuple(ChoicesChange().fields)


class Notices(PrivateView):
    @answers({200: ChoicesAnswer}, errors=[401])
    def get(self, request: Request) -> Response:
        """What this person chose, and where they can be reached."""
        return self._answer(request, choices.choices_of(person_of(request)))

    @answers({200: ChoicesAnswer}, errors=[400, 401, 403, 415], request=ChoicesChange)
    def patch(self, request: Request) -> Response:
        """Change a choice."""
        change = ChoicesChange(data=request.data)
        change.is_valid(raise_exception=True)
        person = person_of(request)
        ensure_calm(person)
        return self._answer(request, choices.choose(person=person, by=person, now=clock.now(), **change.validated_data))

    def _answer(self, request: Request, chosen: NoticeChoices) -> Response:
        mine = PushAddress.objects.of(person_of(request).id).filter(dead_at=None).select_related("person__data_key").order_by("made_at")
        told = {name: getattr(chosen, name) for name in _OF_CHOICES}
        vapid = push_key().public if settings.MAATJE_VAPID_SUBJECT else None
        return Response(ChoicesAnswer({**told, "vapid": vapid, "addresses": mine}, context=_around(request, mine)).data)


class RecentNotices(PrivateView):
    @answers({200: NoticeList}, errors=[401])
    def get(self, request: Request) -> Response:
        """The last notices of this person, newest first: why their phone rang, or did not."""
        to_come = Q(state=NoticeState.WAITING, due_at__gt=clock.now(), kind__in=_OF_DAYS_TO_COME)
        mine = Notice.objects.filter(person=person_of(request)).exclude(to_come).prefetch_related("deliveries")
        return Response(NoticeList({"notices": mine.order_by("-made_at")[:RECENT]}).data)


class Addresses(PrivateView):
    @answers({201: AddressAnswer}, errors=[400, 401, 403, 409, 415], request=AddressRequest)
    def post(self, request: Request) -> Response:
        """Be reached there from now on. Whoever had this token, subscription or address before is reached there no more."""
        wanted = AddressRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        kind, value = AddressKind(wanted.validated_data["kind"]), wanted.validated_data["value"]
        made = addresses.register(device=device_of(request), by=person_of(request), kind=kind, value=value, now=clock.now())
        return Response(_described(request, made), status=201)


class OneAddress(PrivateView):
    @answers({204: None}, errors=[401, 403, 404])
    def delete(self, request: Request, address_id: UUID) -> Response:
        """Be reached there no more."""
        addresses.remove(address_id=address_id, by=person_of(request))
        return Response(status=204)


class Confirmation(PrivateView):
    @answers({200: AddressAnswer}, errors=[400, 401, 403, 404, 409, 415], request=ConfirmRequest)
    def post(self, request: Request, address_id: UUID) -> Response:
        """Prove with the code of the mail that this address is yours."""
        proof = ConfirmRequest(data=request.data)
        proof.is_valid(raise_exception=True)
        made = addresses.confirm(address_id=address_id, by=person_of(request), code=proof.validated_data["code"], now=clock.now())
        return Response(_described(request, made))


def _described(request: Request, address: PushAddress) -> dict[str, Any]:
    return AddressAnswer(address, context=_around(request, [address])).data


def _around(request: Request, mine: Any) -> dict[str, Any]:
    return {"values": addresses.values(mine), "device_id": device_of(request).id}


def ensure_calm(person: Person) -> None:
    """What waits for all of somebody's meetings follows what they choose: every door asks here first. :raises TooFast:"""
    if wait := _CHANGES.take(str(person.id)):
        raise TooFast(retry_after=wait)
