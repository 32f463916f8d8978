import json
import socket
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from core.errors import DomainError
from notifications.endpoints import LONGEST, is_public, look_up, reachable, subscription_in, subscription_of
from notifications.errors import EndpointRefused, PushKeysInvalid
from tests.doubles.http_aes128gcm import b64, point

P256DH = b64(point(ec.derive_private_key(7, ec.SECP256R1()).public_key()))  # the same in every worker, which name their tests by it
AUTH = b64(b"sixteen bytes ok")
GOOD = "https://fcm.googleapis.com/fcm/send/dHIoDxE7Hdg:APA91bH1Zj0kNa"

ALLOWED = [
    GOOD,
    "https://fcm.googleapis.com:443/wp/abc",
    "https://fcm.googleapis.com/wp/abc%2Fdef?a=b&c=@d",
    "HTTPS://FCM.GoogleAPIs.com/wp/AbC",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn",
    "https://web.push.apple.com/QGuQyavXutnMH9vQRUO",
    "https://api.push.apple.com/3/device/x",
    "https://wns2-am3p.notify.windows.com/w/?token=BQYAAAB%2bab%2f",
    "https://up.example.org/upAbC?up=1",
    "https://a.push.example.net/x",
    "https://fcm.googleapis.com/" + "x" * (LONGEST - 27),
    "https://" + "a" * 63 + ".notify.windows.com/w",
]

REFUSED: list[Any] = [
    # another scheme
    "http://fcm.googleapis.com/wp/a", "ftp://fcm.googleapis.com/a", "//fcm.googleapis.com/a", "fcm.googleapis.com/a", "file:///etc/passwd",
    "https:fcm.googleapis.com/a", "https:/fcm.googleapis.com/a", "https:///fcm.googleapis.com/a", "http\u017f://fcm.googleapis.com/a",
    # another port
    "https://fcm.googleapis.com:80/a", "https://fcm.googleapis.com:8443/a", "https://fcm.googleapis.com:/a", "https://fcm.googleapis.com:0443/a",
    "https://fcm.googleapis.com:443443/a", "https://fcm.googleapis.com:443:22/a",
    # somebody before the host
    "https://user@fcm.googleapis.com/a", "https://user:word@fcm.googleapis.com/a", "https://fcm.googleapis.com@127.0.0.1/a",
    "https://fcm.googleapis.com:443@evil.example/a", "https://@fcm.googleapis.com/a", "https://fcm.googleapis.com%40evil.example/a",
    # what two parsers read differently
    "https://evil.example\\@fcm.googleapis.com/a", "https://fcm.googleapis.com\\.evil.example/a", "https://fcm.googleapis.com#@evil.example/a",
    "https://fcm.googleapis.com?@evil.example/", "https://fcm.googleapis.com/a#b", "https://fcm.googleapis.com/a\\b", "https://fcm.googleapis.com/a b",
    " " + GOOD, GOOD + " ", GOOD + "\n", GOOD + "\r\nHost: evil.example", GOOD + "\0", "https://fcm.googleapis.com\t/a", "ht\ntps://fcm.googleapis.com/a",
    "https://fcm.googleapis%2ecom/a", "https://%66cm.googleapis.com/a", "https://fcm.googleapis.com./a", "https://fcm..googleapis.com/a",
    "https://.push.apple.com/a", "https://fcm.googleapis.com", "https://fcm.googleapis.com/", "https://fcm.googleapis.com?a",
    # IDN, and letters that look alike or fold into ours
    "https://fcm.googleapıs.com/a", "https://fcm。googleapis。com/a", "https://ﬀcm.googleapis.com/a", "https://f\u0441m.googleapis.com/a",
    "https://xn--fm-hmc.googleapis.com/a", "https://bücher.example/a", "https://web.push.apple.com/ä", "https://\u212aey.push.apple.com/a",
    # other hosts that begin or end like ours
    "https://evil.example/fcm.googleapis.com", "https://fcm.googleapis.com.evil.example/a", "https://evilfcm.googleapis.com/a",
    "https://evilpush.apple.com/a", "https://push.apple.com/a", "https://notify.windows.com/a", "https://evil-notify.windows.com/a",
    "https://push.example.net/a", "https://evilpush.example.net/a", "https://b.up.example.org/a", "https://permanently-removed.invalid/fcm/send/a",
    # names that no name server knows, and that raise on the way there
    "https://" + "a" * 64 + ".notify.windows.com/w", "https://" + "a." * 120 + "notify.windows.com/w", "https://-a.notify.windows.com/w",
    "https://a-.notify.windows.com/w", "https://-.push.apple.com/a",
    # addresses in every spelling
    "https://127.0.0.1/a", "https://127.1/a", "https://2130706433/a", "https://0x7f000001/a", "https://0x7f.0.0.1/a", "https://0177.0.0.1/a",
    "https://[::1]/a", "https://[::ffff:127.0.0.1]/a", "https://[64:ff9b::7f00:1]/a", "https://169.254.169.254/latest/meta-data", "https://localhost/a",
    "https://10.0.0.5/a", "https://metadata.google.internal/a", "https://0/a", "https://127.0.0.1.nip.io/a",
    # too much, or no text at all
    GOOD + "x" * 4096, "https://fcm.googleapis.com/" + "x" * (LONGEST - 26), "", None, 7, [GOOD], {"url": GOOD}, b"https://fcm.googleapis.com/a", True,
]  # fmt: skip

OPERATORS = ("up.example.org", "*.push.example.net", "127.0.0.1", "10.0.0.5")


class TestAnEndpoint:
    @pytest.mark.parametrize("endpoint", ALLOWED)
    def test_of_a_push_service_that_is_known_is_taken_as_it_was_given(self, endpoint: str) -> None:
        found = subscription_of(endpoint, P256DH, AUTH, hosts=OPERATORS)

        host = endpoint.split("/")[2].lower().removesuffix(":443")
        assert found.origin == f"https://{host}"
        assert found.endpoint == f"https://{host}/" + endpoint.split("/", 3)[3]

    @pytest.mark.parametrize("endpoint", REFUSED, ids=lambda endpoint: ascii(endpoint)[:60])
    def test_that_leads_anywhere_else_is_refused(self, endpoint: Any) -> None:
        with pytest.raises(EndpointRefused) as refusal:
            subscription_of(endpoint, P256DH, AUTH, hosts=OPERATORS)

        assert refusal.value.as_dict() == {"code": "endpoint_refused", "message": EndpointRefused.sentence}

    def test_of_an_operators_own_service_is_refused_when_the_operator_names_none(self) -> None:
        with pytest.raises(EndpointRefused):
            subscription_of("https://up.example.org/upAbC", P256DH, AUTH)


class TestKeys:
    def test_may_be_padded_or_written_in_plain_base64_and_are_kept_in_one_spelling(self) -> None:
        spellings = [(P256DH, AUTH), (P256DH + "=", AUTH + "=="), (P256DH.replace("-", "+").replace("_", "/"), AUTH)]

        assert len({subscription_of(GOOD, p256dh, auth).address for p256dh, auth in spellings}) == 1

    @pytest.mark.parametrize(
        "p256dh", ["", P256DH[:-4], P256DH + "AAAA", AUTH, "B" + "A" * 86, "B" + "_" * 86, "é" * 87, "A" * 9000, None, 7, b"x"]
    )
    def test_that_are_no_point_of_the_curve_are_refused(self, p256dh: Any) -> None:
        with pytest.raises(PushKeysInvalid):
            subscription_of(GOOD, p256dh, AUTH)

    @pytest.mark.parametrize("auth", ["", "AAAA", AUTH + "AAAA", AUTH[:-1] + "!", "ü" * 22, None, 16, [AUTH], "=" * 22])
    def test_that_are_no_sixteen_bytes_are_refused(self, auth: Any) -> None:
        with pytest.raises(PushKeysInvalid):
            subscription_of(GOOD, P256DH, auth)


class TestAnAddress:
    def test_is_read_back_as_it_was_written(self) -> None:
        subscription = subscription_of(GOOD, P256DH, AUTH)

        assert subscription_in(subscription.address) == subscription

    def test_shows_neither_endpoint_nor_keys(self) -> None:
        assert "APA91" not in repr(subscription_of(GOOD, P256DH, AUTH))
        assert "sixteen" not in repr(subscription_of(GOOD, P256DH, AUTH))

    @pytest.mark.parametrize(
        "address", ["", "null", "[]", "{}", "7", '"x"', "[" * 100_000, '{"endpoint": 1}', json.dumps({"endpoint": GOOD}), "\ud800"]
    )
    def test_that_is_none_is_a_refusal_and_no_accident(self, address: str) -> None:
        with pytest.raises(DomainError):
            subscription_in(address)


PUBLIC = [
    "8.8.8.8",
    "142.250.179.138",
    "2a00:1450:400e:80c::200a",
    "2001:4860:4860::8888",
    "2620:149:208:430e::4",
    "100.63.255.255",
    "172.32.0.1",
]
INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "192.88.99.1", "168.63.129.16",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "2a00:1450::1%eth0", "fc00::1", "fd12:3456::1",
    "ff02::1", "fec0::1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001::1", "2001:db8::1", "3fff::1",
    "100::1", "5f00::1",
    "", "localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "8.8.8.8 ", "8.8.8.8:443", "[2a00:1450::1]",
]  # fmt: skip


class TestIsPublic:
    @pytest.mark.parametrize("address", PUBLIC)
    def test_knows_the_internet(self, address: str) -> None:
        assert is_public(address)

    @pytest.mark.parametrize("address", INSIDE)
    def test_knows_all_that_is_not(self, address: str) -> None:
        assert not is_public(address)


class TestReachable:
    async def test_gives_what_was_looked_up(self) -> None:
        async def lookup(host: str, port: int) -> list[tuple[str, int]]:
            return [("8.8.8.8", port), ("2a00:1450::1", port)]

        assert await reachable("fcm.googleapis.com", 443, lookup=lookup, may_reach=is_public) == [("8.8.8.8", 443), ("2a00:1450::1", 443)]

    async def test_refuses_a_name_with_one_address_inside(self) -> None:
        async def lookup(host: str, port: int) -> list[tuple[str, int]]:
            return [("8.8.8.8", port), ("10.0.0.1", port)]

        with pytest.raises(EndpointRefused):
            await reachable("fcm.googleapis.com", 443, lookup=lookup, may_reach=is_public)

    async def test_takes_no_answer_for_none(self) -> None:
        async def lookup(host: str, port: int) -> list[tuple[str, int]]:
            return []

        with pytest.raises(OSError, match="no address"):
            await reachable("fcm.googleapis.com", 443, lookup=lookup, may_reach=is_public)

    async def test_looks_up_as_the_system_does(self) -> None:
        found = await look_up("localhost", 443)

        assert set(found) <= {("127.0.0.1", 443), ("::1", 443)}
        assert found
        with pytest.raises(socket.gaierror):
            await look_up("no-such-name.invalid", 443)
