"""Where people can be reached: a value belongs to one person at a time, and who registers it takes it from whoever had it."""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.actions.access import lock_person
from accounts.models import Device, Person
from accounts.names import is_plain
from core.errors import Forbidden, Invalid, NotFound, TryAgain
from notifications.actions import codes
from notifications.endpoints import Subscription, subscription_of
from notifications.errors import NoPhoneNumber, TooManyAddresses
from notifications.models import AddressKind, Notice, NoticeChoices, NoticeState, PushAddress
from privacy.errors import CannotOpen, KeyringError

MOST, LONGEST_TOKEN, LONGEST_MAIL = 10, 4096, 254  # living addresses of one person; bytes
PUSHES = [kind for kind in AddressKind if kind.is_push]
SEALED = ("value_sealed", "value_index")

IS_MAIL = EmailValidator(allowlist=[])  # not even localhost: whoever carries our mail stands inside
NOT_PUBLIC = ("]", ".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".invalid", ".onion")

T = TypeVar("T")


def register(*, device: Device, by: Person, kind: AddressKind, value: Any = "", now: datetime) -> PushAddress:
    """Let somebody be reached there from now on; the same one again stays as it is. An e-mail address waits for its code.

    A push address is the device's that registers it, which has one at a time. An SMS goes to the number in the person's file,
    so that nobody claims another's.

    :raises Invalid: :raises EndpointRefused: :raises PushKeysInvalid: :raises NoPhoneNumber: :raises TooManyAddresses:
    :raises TooManyAttempts: of codes
    """
    if by.id != device.person_id:
        raise Forbidden
    match kind:
        case AddressKind.SMS:
            return _settled(partial(_register_phone, by, now=now))
        case AddressKind.EMAIL:
            return _register_mail(by, _mail(value), now=now)
        case AddressKind.WEBPUSH:
            subscription = _subscription(value)
            return _settled(partial(_register_push, device, kind, subscription.address, known_by=subscription.endpoint, now=now))
        case _:
            token = _token(value)
            return _settled(partial(_register_push, device, kind, token, known_by=token, now=now))


def confirm(*, address_id: UUID, by: Person, code: str, now: datetime) -> PushAddress:
    """Take the code that was sent to an e-mail address; from now on it is this person's, and nobody else's.

    :raises NotFound: :raises CodeWrong: :raises CodeWornOut:
    """
    address = _own(address_id, by)
    if address.confirmed_at is not None:
        return address
    codes.check(address, "".join(code.split()).replace("-", ""), now=now)
    return _settled(partial(_confirm, address_id, by, now=now))


def remove(*, address_id: UUID, by: Person) -> None:
    """Nothing goes there any more. :raises NotFound: also when it is somebody else's."""
    _own(address_id, by).delete()


def bury(address_ids: Collection[UUID], *, why: str, now: datetime) -> int:
    """Forget where these lead; how many lived."""
    alive = PushAddress.objects.filter(id__in=address_ids, dead_at=None)
    return alive.update(dead_at=now, value_sealed=None, value_index=None, last_error=why)


def values(addresses: Iterable[PushAddress]) -> dict[UUID, str]:
    """Where they lead, opened; what cannot be opened is missing. With `person__data_key` selected it asks nothing."""
    opened = {}
    for address in addresses:
        try:
            value = address.value
        except (CannotOpen, KeyringError):
            continue
        if value:
            opened[address.id] = value
    return opened


def follow_phone(*, person_id: UUID, now: datetime) -> None:
    """The number in somebody's file is another one, or gone; so is where their SMS goes."""
    for address in PushAddress.objects.alive().of(person_id).filter(kind=AddressKind.SMS).select_related("person__data_key"):
        phone = address.person.phone
        if phone is None:
            bury([address.id], why="no_phone_number", now=now)
        else:
            _take_from_others(address.person, AddressKind.SMS, phone, now=now)
            address.take_value(phone)
            address.save(update_fields=SEALED)


def forget_all(*, person_id: UUID) -> None:
    """Whoever is erased is reached nowhere, and nothing waits for them."""
    PushAddress.objects.of(person_id).delete()
    NoticeChoices.objects.filter(person_id=person_id).delete()
    Notice.objects.filter(person_id=person_id, state=NoticeState.WAITING).delete()


def _settled(registering: Callable[[], T]) -> T:
    """Two who register the same value at once: one waits and then sees the other's row. :raises TryAgain: it happened twice"""
    for _ in range(2):
        try:
            with transaction.atomic():
                return registering()
        except IntegrityError:
            continue
    raise TryAgain(retry_after=1)


def _register_push(device: Device, kind: AddressKind, value: str, *, known_by: str, now: datetime) -> PushAddress:
    person = lock_person(device.person)
    if not Device.objects.filter(digest=device.digest).exists():
        raise NotFound  # signed out meanwhile
    owned = _take_from_others(person, kind, known_by, now=now)
    address = owned or device.push_addresses.filter(kind=kind, dead_at=None).first() or PushAddress(person=person, kind=kind, made_at=now)
    device.push_addresses.filter(kind__in=PUSHES).exclude(id=address.id).delete()
    _ensure_room(address)
    if owned is None:  # a token that was renewed takes the place of the old one, and what was to go there
        address.confirmed_at, address.reached_at, address.failing_since, address.last_error = now, None, None, ""
    address.device = device
    address.person = person
    address.take_value(value, known_by=known_by)
    address.save()
    return address


def _register_phone(person: Person, *, now: datetime) -> PushAddress:
    person = lock_person(person)
    phone = person.phone
    if phone is None:
        raise NoPhoneNumber
    address = _take_from_others(person, AddressKind.SMS, phone, now=now)
    if address is None:
        address = PushAddress(person=person, kind=AddressKind.SMS, made_at=now, confirmed_at=now)
        _ensure_room(address)
        address.take_value(phone)
        address.save(force_insert=True)
    return address


def _register_mail(person: Person, mail: str, *, now: datetime) -> PushAddress:
    """One e-mail address waits for its code at a time."""
    known = Q(value_index=PushAddress.index_of(AddressKind.EMAIL, mail))
    mine = PushAddress.objects.of(person.id).select_related("person__data_key").filter(kind=AddressKind.EMAIL, dead_at=None)
    if (confirmed := mine.filter(known, confirmed_at__isnull=False).first()) is not None:
        return confirmed
    codes.ensure_may_ask(person, mail, now=now)
    with transaction.atomic():
        person = lock_person(person)
        mine.filter(confirmed_at=None).exclude(known).delete()
        address = mine.filter(known).first() or PushAddress(person=person, kind=AddressKind.EMAIL, made_at=now)
        _ensure_room(address)
        address.take_value(mail)
        codes.send(address, now=now)
    return address


def _confirm(address_id: UUID, by: Person, *, now: datetime) -> PushAddress:
    lock_person(by)
    address = _own(address_id, by)
    _take_from_others(address.person, AddressKind(address.kind), address.value, now=now)
    address.confirmed_at, address.code_until = now, None
    address.save(update_fields=["confirmed_at", "code_until"])
    return address


def _take_from_others(person: Person, kind: AddressKind, known_by: str, *, now: datetime) -> PushAddress | None:
    """Forget this value wherever somebody else is reached by it; the person's own row, if there is one."""
    index = PushAddress.index_of(kind, known_by)
    owned = PushAddress.objects.alive().filter(kind=kind, value_index=index).select_for_update(no_key=True).first()
    if owned is None or owned.person_id == person.id:
        return owned
    bury([owned.id], why="taken", now=now)
    return None


def _ensure_room(address: PushAddress) -> None:
    others = PushAddress.objects.of(address.person_id).filter(dead_at=None).exclude(id=address.id)
    if others.count() >= MOST:
        raise TooManyAddresses


def _own(address_id: UUID, person: Person) -> PushAddress:
    found = PushAddress.objects.of(person.id).filter(id=address_id, dead_at=None).select_related("person__data_key").first()
    if found is None:
        raise NotFound
    return found


def _token(value: Any) -> str:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or " " in value or not 8 <= len(value) <= LONGEST_TOKEN:
        raise Invalid(problems={"value": ["Give the token that Firebase gave the app."]})
    return value


def _subscription(value: Any) -> Subscription:
    """As a browser's `PushSubscription` writes itself in JSON: `{"endpoint", "keys": {"p256dh", "auth"}}`; the keys may stand beside it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    keys = value.get("keys", value) if isinstance(value, dict) else None
    if not isinstance(keys, dict) or not isinstance(value, dict) or not {"p256dh", "auth"} <= keys.keys() or "endpoint" not in value:
        raise Invalid(problems={"value": ["Give the subscription as the browser writes it: endpoint, keys.p256dh and keys.auth."]})
    return subscription_of(value["endpoint"], keys["p256dh"], keys["auth"], hosts=settings.MAATJE_PUSH_HOSTS)


def _mail(value: Any) -> str:
    """In one spelling; nobody tells Fatima@ from fatima@."""
    mail = value.strip().lower() if isinstance(value, str) else ""
    try:
        IS_MAIL(mail if mail.isascii() and is_plain(mail) and len(mail) <= LONGEST_MAIL and not mail.endswith(NOT_PUBLIC) else "")
    except ValidationError:
        raise Invalid(problems={"value": ["Give an e-mail address, such as name@example.org."]}) from None
    return mail
