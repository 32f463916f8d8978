"""A person's own page: who they are here, their devices and their blocks."""

from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import blocks, devices, people
from accounts.models import Block, Device, Person
from accounts.openapi import answers
from accounts.serializers import BlockList, DeviceList, MeAnswer, MeChange
from accounts.views.private import PrivateView, device_of, person_of
from core import clock
from core.errors import NotFound


class Me(PrivateView):
    @answers({200: MeAnswer}, errors=[401])
    def get(self, request: Request) -> Response:
        """Who this device belongs to, and what they chose."""
        return Response(MeAnswer(person_of(request)).data)

    @answers({200: MeAnswer}, errors=[400, 401, 403, 415], request=MeChange)
    def patch(self, request: Request) -> Response:
        """Change a name or a choice."""
        change = MeChange(data=request.data)
        change.is_valid(raise_exception=True)
        person = person_of(request)
        changed = people.update_settings(person=person, by=person, now=clock.now(), **change.validated_data)
        return Response(MeAnswer(changed).data)


class Devices(PrivateView):
    @answers({200: DeviceList}, errors=[401])
    def get(self, request: Request) -> Response:
        """This person's devices, oldest first."""
        mine = Device.objects.filter(user=person_of(request), expiry__gt=clock.now())
        return Response(DeviceList({"devices": mine}, context={"device": device_of(request)}).data)


class OneDevice(PrivateView):
    @answers({204: None}, errors=[401, 403, 404])
    def delete(self, request: Request, device_id: UUID) -> Response:
        """Sign one device out."""
        device = Device.objects.filter(id=device_id, user=person_of(request)).first()
        if device is None:
            raise NotFound
        devices.revoke(device=device, by=person_of(request), now=clock.now())
        return Response(status=204)


class Blocks(PrivateView):
    @answers({200: BlockList}, errors=[401])
    def get(self, request: Request) -> Response:
        """Whom this person blocked."""
        mine = Block.objects.filter(blocker=person_of(request)).select_related("blocked__data_key").order_by("id")
        return Response(BlockList({"blocks": mine}).data)


class OneBlock(PrivateView):
    @answers({204: None}, errors=[401, 403, 404, 409], request=None)
    def put(self, request: Request, person_id: UUID) -> Response:
        """Hear nothing from somebody any more. They are not told."""
        blocks.add(blocker=person_of(request), blocked=_person(person_id), now=clock.now())
        return Response(status=204)

    @answers({204: None}, errors=[401, 403, 404])
    def delete(self, request: Request, person_id: UUID) -> Response:
        """Hear from somebody again; where there was no block, nothing changes."""
        if blocked := Person.objects.filter(id=person_id).first():
            blocks.lift(blocker=person_of(request), blocked=blocked, now=clock.now())
        return Response(status=204)


def _person(person_id: UUID) -> Person:
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise NotFound
    return person
