from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from accounts.actions import devices, people
from accounts.models import Device, Person
from core.errors import DomainError, Forbidden, Invalid, NotFound, TooManyAttempts
from notifications.actions import addresses
from notifications.errors import CodeWornOut, CodeWrong, EndpointRefused, NoPhoneNumber, TooManyAddresses
from notifications.models import AddressKind, Notice, NoticeKind, PushAddress
from tests.factories import make_device
from tests.notifications.conftest import ring

SUBSCRIPTION: dict[str, Any] = {
    "endpoint": "https://fcm.googleapis.com/fcm/send/abc",
    "expirationTime": None,
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}


def add_mail(device: Device, mail: str = "Fatima@Example.org", *, now: datetime) -> PushAddress:
    return addresses.register(device=device, by=device.person, kind=AddressKind.EMAIL, value=mail, now=now)


class TestPush:
    def test_takes_a_phone_from_whoever_had_it(self, device: Device, annemies_phone: Device, now: datetime) -> None:
        before = ring(device, token="the-same-phone", now=now)

        after = ring(annemies_phone, token="the-same-phone", now=now)

        before.refresh_from_db()
        assert (before.dead_at, before.last_error, before.value) == (now, "taken", "")
        assert after.value == "the-same-phone"
        assert list(PushAddress.objects.alive()) == [after]

    def test_stays_as_it_is_however_often_it_is_registered(self, device: Device, now: datetime) -> None:
        first, again = ring(device, now=now), ring(device, now=now + timedelta(days=1))

        assert first == again
        assert PushAddress.objects.count() == 1

    def test_a_renewed_token_takes_the_place_of_the_old_one(self, device: Device, now: datetime) -> None:
        old = ring(device, token="old-token", now=now)

        new = ring(device, token="new-token", now=now)

        assert (new.id, new.value) == (old.id, "new-token")

    def test_a_device_is_rung_in_one_way(self, device: Device, now: datetime) -> None:
        ring(device, now=now)

        browser = addresses.register(device=device, by=device.person, kind=AddressKind.WEBPUSH, value=SUBSCRIPTION, now=now)

        assert list(PushAddress.objects.all()) == [browser]

    def test_goes_with_the_sign_out_of_its_device(self, fatima: Person, device: Device, now: datetime) -> None:
        ring(device, now=now)
        other = ring(make_device(person=fatima, now=now)[0], now=now)

        devices.revoke(device=device, by=fatima, now=now)

        assert list(PushAddress.objects.all()) == [other]

    def test_is_sealed_for_its_person_and_place(self, rings: PushAddress, device: Device) -> None:
        assert f"token-{device.id}".encode() not in bytes(rings.value_sealed or b"")
        assert addresses.values([rings]) == {rings.id: f"token-{device.id}"}

        rings.value_sealed = bytes(16) + bytes(rings.value_sealed or b"")[16:]

        assert addresses.values([rings]) == {}

    def test_reads_a_subscription_as_browsers_write_it(self, device: Device, now: datetime) -> None:
        made = addresses.register(device=device, by=device.person, kind=AddressKind.WEBPUSH, value=SUBSCRIPTION, now=now)

        assert SUBSCRIPTION["endpoint"] in made.value

    @pytest.mark.parametrize("endpoint", ["https://10.0.0.1/push", "http://fcm.googleapis.com/x", "https://example.org/push", 1])
    def test_refuses_where_no_browser_is(self, device: Device, endpoint: Any, now: datetime) -> None:
        with pytest.raises(EndpointRefused):
            addresses.register(
                device=device, by=device.person, kind=AddressKind.WEBPUSH, value={**SUBSCRIPTION, "endpoint": endpoint}, now=now
            )

    @pytest.mark.parametrize(
        "value",
        ["", "[]", "{", "nonsense", {}, [], {"endpoint": 1, "keys": {}}, {"endpoint": "https://fcm.googleapis.com/x", "keys": []},
         {"keys": SUBSCRIPTION["keys"]}, "[" * 10_000],
    )  # fmt: skip
    def test_refuses_what_no_browser_writes(self, device: Device, value: Any, now: datetime) -> None:
        with pytest.raises(Invalid):
            addresses.register(device=device, by=device.person, kind=AddressKind.WEBPUSH, value=value, now=now)

    def test_reads_the_keys_beside_the_endpoint_too(self, device: Device, now: datetime) -> None:
        flat = {"endpoint": SUBSCRIPTION["endpoint"], **dict(SUBSCRIPTION["keys"])}

        made = addresses.register(device=device, by=device.person, kind=AddressKind.WEBPUSH, value=flat, now=now)

        assert SUBSCRIPTION["endpoint"] in made.value

    @pytest.mark.parametrize("token", ["", "short", "x" * 4097, "with a space", "ünïcode-token", "nul\x00inside", {}, 7, None])
    def test_refuses_what_is_no_token(self, device: Device, token: Any, now: datetime) -> None:
        with pytest.raises(Invalid):
            addresses.register(device=device, by=device.person, kind=AddressKind.FCM_TOKEN, value=token, now=now)

    def test_takes_a_token_of_four_thousand_and_ninety_six_bytes(self, device: Device, now: datetime) -> None:
        assert ring(device, token="x" * 4096, now=now).value == "x" * 4096

    def test_ten_ways_are_enough(self, fatima: Person, now: datetime) -> None:
        for _ in range(addresses.MOST):
            ring(make_device(person=fatima, now=now)[0], now=now)

        with pytest.raises(TooManyAddresses):
            ring(make_device(person=fatima, now=now)[0], now=now)

    def test_a_device_registers_for_its_own_person_alone(self, device: Device, annemie: Person, now: datetime) -> None:
        with pytest.raises(Forbidden):
            addresses.register(device=device, by=annemie, kind=AddressKind.FCM_TOKEN, value="some-token", now=now)

    def test_a_device_that_was_signed_out_meanwhile_registers_nothing(self, fatima: Person, device: Device, now: datetime) -> None:
        stale = Device.objects.get(id=device.id)
        devices.revoke(device=device, by=fatima, now=now)

        with pytest.raises(NotFound):
            ring(stale, now=now)

    @pytest.mark.delivery
    @pytest.mark.django_db(transaction=True)
    def test_two_who_register_the_same_phone_at_once_do_not_both_have_it(
        self, device: Device, annemies_phone: Device, now: datetime
    ) -> None:
        problems: list[Exception] = []
        together = Barrier(2)

        def register(one: Device) -> None:
            together.wait()
            try:
                ring(one, token="the-same-phone", now=now)
            except DomainError as problem:
                problems.append(problem)
            finally:
                connections.close_all()

        threads = [Thread(target=register, args=[one]) for one in (device, annemies_phone)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert not problems
        assert PushAddress.objects.alive().count() == 1


class TestPhoneNumber:
    def test_is_the_one_in_the_persons_file(self, device: Device, now: datetime) -> None:
        made = addresses.register(device=device, by=device.person, kind=AddressKind.SMS, value="+32470999999", now=now)

        assert (made.value, made.confirmed_at, made.device) == ("+32470123456", now, None)
        assert addresses.register(device=device, by=device.person, kind=AddressKind.SMS, now=now) == made

    def test_is_refused_to_whom_has_none(self, annemies_phone: Device, now: datetime) -> None:
        with pytest.raises(NoPhoneNumber):
            addresses.register(device=annemies_phone, by=annemies_phone.person, kind=AddressKind.SMS, now=now)

    def test_follows_the_file(self, device: Device, nele: Person, now: datetime) -> None:
        made = addresses.register(device=device, by=device.person, kind=AddressKind.SMS, now=now)

        people.update_settings(person=device.person, by=nele, phone="0470 65 43 21", now=now)

        assert PushAddress.objects.get(id=made.id).value == "+32470654321"

    def test_dies_with_the_number_in_the_file(self, device: Device, nele: Person, now: datetime) -> None:
        made = addresses.register(device=device, by=device.person, kind=AddressKind.SMS, now=now)

        people.update_settings(person=device.person, by=nele, phone="", now=now)

        made.refresh_from_db()
        assert (made.dead_at is not None, made.last_error, made.value) == (True, "no_phone_number", "")


class TestMail:
    def test_waits_for_its_code_which_goes_there_alone(self, device: Device, now: datetime) -> None:
        made = add_mail(device, now=now)

        assert (made.value, made.confirmed_at) == ("fatima@example.org", None)
        assert not PushAddress.objects.alive().exists()
        notice = Notice.objects.get()
        assert (notice.kind, notice.address_id, notice.expires_at) == (NoticeKind.CODE, made.id, now + timedelta(minutes=15))

    def test_is_theirs_once_the_code_is_given(self, device: Device, now: datetime) -> None:
        made = add_mail(device, now=now)

        confirmed = addresses.confirm(address_id=made.id, by=device.person, code=made.code(), now=now)

        assert confirmed.confirmed_at == now
        assert addresses.confirm(address_id=made.id, by=device.person, code="", now=now).confirmed_at == now

    def test_until_then_it_takes_nothing_from_anybody(self, device: Device, annemies_phone: Device, now: datetime) -> None:
        hers = add_mail(annemies_phone, now=now)
        addresses.confirm(address_id=hers.id, by=hers.person, code=hers.code(), now=now)

        his = add_mail(device, now=now)

        assert list(PushAddress.objects.alive()) == [hers]
        addresses.confirm(address_id=his.id, by=his.person, code=his.code(), now=now)
        assert list(PushAddress.objects.alive()) == [his]

    def test_a_code_is_worn_out_after_five_tries(self, device: Device, now: datetime) -> None:
        made = add_mail(device, now=now)
        left = []
        for _ in range(5):
            with pytest.raises(CodeWrong) as wrong:
                addresses.confirm(address_id=made.id, by=device.person, code="x" + made.code(), now=now)
            left.append(wrong.value.facts["tries_left"])

        with pytest.raises(CodeWornOut):
            addresses.confirm(address_id=made.id, by=device.person, code=made.code(), now=now)
        assert left == [4, 3, 2, 1, 0]

    def test_a_code_is_good_for_a_quarter_of_an_hour(self, device: Device, now: datetime) -> None:
        made = add_mail(device, now=now)

        with pytest.raises(CodeWornOut):
            addresses.confirm(address_id=made.id, by=device.person, code=made.code(), now=now + timedelta(minutes=15))

    def test_a_new_code_ends_the_one_before(self, device: Device, now: datetime) -> None:
        old = add_mail(device, now=now).code()

        made = add_mail(device, now=now + timedelta(seconds=1))

        assert made.code() != old
        assert Notice.objects.count() == PushAddress.objects.count() == 1

    @pytest.mark.parametrize("written", ["{0}{1}{2} {3}{4}{5}", " {0} {1} {2}-{3} {4} {5}\n", "{0}{1}-{2}{3}-{4}{5}"])
    def test_is_read_as_people_write_it(self, device: Device, now: datetime, written: str) -> None:
        made = add_mail(device, now=now)

        assert addresses.confirm(address_id=made.id, by=device.person, code=written.format(*made.code()), now=now).confirmed_at == now

    def test_nobody_gets_a_fourth_code_in_an_hour(self, device: Device, annemies_phone: Device, clock: Any) -> None:
        for _ in range(3):
            add_mail(device, now=clock())

        with pytest.raises(TooManyAttempts) as mine:
            add_mail(device, "another@example.org", now=clock())
        with pytest.raises(TooManyAttempts):
            add_mail(annemies_phone, now=clock())
        assert mine.value.facts["retry_after"] == 1800
        assert add_mail(device, now=clock.move(hours=1)).confirmed_at is None

    def test_nobodys_mailbox_gets_a_sixth_code_in_a_day_whoever_asks(self, device: Device, annemies_phone: Device, clock: Any) -> None:
        for _ in range(2):
            add_mail(device, now=clock())
            add_mail(annemies_phone, now=clock.move(hours=1))
        add_mail(device, now=clock.move(hours=1))

        with pytest.raises(TooManyAttempts) as refused:
            add_mail(device, now=clock.move(hours=1))
        assert refused.value.facts["retry_after"] > 3600
        with pytest.raises(TooManyAttempts):
            add_mail(annemies_phone, now=clock.move(hours=1))
        assert add_mail(device, now=clock.move(days=1)).confirmed_at is None

    def test_who_asks_too_often_keeps_nobody_else_from_a_code(self, device: Device, annemies_phone: Device, now: datetime) -> None:
        for number in range(9):
            with suppress(TooManyAttempts):
                add_mail(device, f"{number}@example.org" if number < 3 else "annemie@example.org", now=now)

        assert add_mail(annemies_phone, "annemie@example.org", now=now).confirmed_at is None

    def test_one_address_waits_for_its_code_at_a_time(self, device: Device, now: datetime) -> None:
        add_mail(device, now=now)

        second = add_mail(device, "another@example.org", now=now)

        assert list(PushAddress.objects.all()) == [second]

    @pytest.mark.parametrize(
        "mail",
        ["", "fatima", "@example.org", "fatima@", "a b@example.org", "fatima@example.org\nBcc: all@example.org", "fatima@exämple.org",
         "root@localhost", "a@[127.0.0.1]", "a@[ipv6:::1]", "x@sub.local", "x@mail.internal", "x@a.test", "a@127.0.0.1", "a@router",
         "fatima@localhost ,x@y.z", f"{'x' * 250}@example.org", None, 7, {}, ["fatima@example.org"]],
    )  # fmt: skip
    def test_refuses_what_is_no_address(self, device: Device, mail: Any, now: datetime) -> None:
        with pytest.raises(Invalid):
            add_mail(device, mail, now=now)


class TestRemove:
    def test_takes_ones_own_away(self, rings: PushAddress) -> None:
        addresses.remove(address_id=rings.id, by=rings.person)

        assert not PushAddress.objects.exists()

    def test_somebody_elses_is_not_there(self, rings: PushAddress, annemie: Person) -> None:
        with pytest.raises(NotFound):
            addresses.remove(address_id=rings.id, by=annemie)
        with pytest.raises(NotFound):
            addresses.confirm(address_id=rings.id, by=annemie, code="000000", now=rings.made_at)
        assert PushAddress.objects.alive().exists()

    def test_a_dead_one_is_not_there_either(self, rings: PushAddress, now: datetime) -> None:
        assert addresses.bury([rings.id], why="unregistered", now=now) == 1
        assert addresses.bury([rings.id], why="again", now=now) == 0

        with pytest.raises(NotFound):
            addresses.remove(address_id=rings.id, by=rings.person)
        assert PushAddress.objects.get().last_error == "unregistered"
