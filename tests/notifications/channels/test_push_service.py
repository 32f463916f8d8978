import base64
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec

from notifications.channels.webpush import WebPush
from notifications.sending import Letter, Sent
from privacy.push_keys import push_key
from tests.doubles.http_aes128gcm import opened, unb64
from tests.doubles.http_server import Request
from tests.doubles.push_service import FakePushService


@pytest.fixture
def push() -> Iterator[FakePushService]:
    with FakePushService() as service:
        yield service


@pytest_asyncio.fixture
async def good(push: FakePushService) -> AsyncIterator[Request]:
    """A letter that was taken."""
    channel = WebPush(push_key(), subject="https://maatje.example", **push.reach)
    assert await channel.send([Letter(uuid4(), "webpush", push.subscribe().address, "Hallo", "nl", "c-7", 60)]) == [Sent()]
    yield push.asked[0]
    await channel.close()


class TestTheDouble:
    def test_opens_the_message_of_the_standard(self) -> None:
        """RFC 8291, appendix A."""
        private = ec.derive_private_key(int.from_bytes(unb64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), ec.SECP256R1())
        body = unb64(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
            "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        )

        plain = opened(body, private=private, auth=unb64("BTBZMqHH6r4Tts7J_aSIgg"))

        assert plain == b"When I grow up, I want to be a watermelon"

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"authorization": ""}, "no signature"),
            ({"authorization": "vapid t=a.b.c,k=d"}, "algorithm"),
            ({"ttl": "soon"}, "ttl"),
            ({"urgency": "now"}, "urgency"),
            ({"topic": "with spaces"}, "topic"),
            ({"host": "other.example"}, "host"),
            ({"content-encoding": "aesgcm"}, "content-encoding"),
        ],
    )
    async def test_refuses_what_a_real_one_refuses(self, push: FakePushService, good: Request, change: dict[str, str], why: str) -> None:
        if "algorithm" in why:
            change = {"authorization": f"vapid t={base64.urlsafe_b64encode(b'{}').decode().rstrip('=')}.e30.AAAA,k=AAAA"}

        answer = push.answer(replace(good, headers=good.headers | change))

        assert 400 <= answer.status < 500
        assert push.refused == {why: 1}

    async def test_refuses_a_signature_over_something_else_and_a_changed_body(self, push: FakePushService, good: Request) -> None:
        head, rest = good.headers["authorization"].split(".", 1)
        forged = good.headers | {"authorization": f"{head}.e30.{rest.split('.', 1)[1]}"}

        answers = [push.answer(replace(good, headers=forged)), push.answer(replace(good, body=good.body[:-1] + b"\0"))]

        assert [answer.status for answer in answers] == [403, 400]
        assert push.refused == {"signature": 1, "cannot be opened": 1}
