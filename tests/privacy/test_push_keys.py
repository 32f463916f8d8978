import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from py_vapid import Vapid02
from pytest_django import Settings

from privacy import keyring
from privacy.errors import KeyringError
from privacy.key_material import KeyMaterial
from privacy.push_keys import ORDER, PushKey, _derived, _described, is_point, push_key

PRIVATE, FORM, NONE = serialization.Encoding, serialization.PrivateFormat, serialization.NoEncryption()


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class TestPushKey:
    def test_follows_from_the_keyring_so_that_its_backup_is_enough(self, settings: Settings) -> None:
        first = push_key()
        keyring.reset()

        assert push_key() == first

    def test_never_changes_for_an_index_key_that_exists(self) -> None:
        """The value is written down: another one would silence every browser that has subscribed."""
        key = _described(_derived(bytes(range(32))))

        assert key == PushKey(
            "jSitXE0OgJiN7iZEYr-afalh8rmYOkNdLvd_rGkhgNo",
            "BLZJVQtFDc8bLkyNvVvTVut3QdXtRmzy79s1korzA4Q-lqV3_XsqB0JdRq_N5oO1trDE8DxsYvxrRzRBl9yJvUo",
        )

    def test_differs_with_the_index_key(self) -> None:
        assert _described(_derived(bytes(32))) != _described(_derived(bytes(range(32))))

    def test_stays_when_the_keys_rotate(self) -> None:
        material = KeyMaterial.fresh()

        assert _described(_derived(material.with_new_key().index)) == _described(_derived(material.index))

    def test_is_a_key_that_py_vapid_signs_with_and_everybody_can_check(self) -> None:
        key = push_key()

        signed = Vapid02.from_raw(key.private.encode()).sign({"aud": "https://push.example", "sub": "mailto:a@example.org"})

        assert signed["Authorization"].endswith(f"k={key.public}")
        assert Vapid02.verify(signed["Authorization"])

    def test_public_half_is_the_point_that_a_page_subscribes_with(self) -> None:
        raw = base64.urlsafe_b64decode(push_key().public + "=")

        assert len(raw) == 65
        assert is_point(raw)

    def test_shows_no_secret(self) -> None:
        key = push_key()

        assert key.private not in repr(key)

    def test_is_not_the_index_key_nor_a_part_of_it(self) -> None:
        index = bytes(range(32))

        assert base64.urlsafe_b64decode(_described(_derived(index)).private + "=") != index


class TestAKeyOfOnesOwn:
    def test_is_read_in_every_way_that_others_write_it(self, settings: Settings) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        number = key.private_numbers().private_value
        pem = key.private_bytes(PRIVATE.PEM, FORM.PKCS8, NONE).decode()
        old_pem = key.private_bytes(PRIVATE.PEM, FORM.TraditionalOpenSSL, NONE).decode()
        raw, der = number.to_bytes(32, "big"), key.private_bytes(PRIVATE.DER, FORM.PKCS8, NONE)
        found = set()

        for given in [pem, old_pem, pem.replace("\n", "\\n"), text(raw), f" {text(raw)}=\n", text(der), base64.b64encode(der).decode()]:
            settings.MAATJE_VAPID_KEY = given
            found.add(push_key())

        assert found == {_described(key)}

    @pytest.mark.parametrize(
        "given",
        [
            "no key",
            "AAAA",
            text(bytes(32)),
            text(ORDER.to_bytes(32, "big")),
            text(b"\xff" * 33),
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            ed25519.Ed25519PrivateKey.generate().private_bytes(PRIVATE.PEM, FORM.PKCS8, NONE).decode(),
            ec.generate_private_key(ec.SECP384R1()).private_bytes(PRIVATE.PEM, FORM.PKCS8, NONE).decode(),
            ec.generate_private_key(ec.SECP256R1())
            .private_bytes(PRIVATE.PEM, FORM.PKCS8, serialization.BestAvailableEncryption(b"x"))
            .decode(),
            "é",
        ],
    )
    def test_that_is_none_is_named_with_the_remedy_and_never_shown(self, settings: Settings, given: str) -> None:
        settings.MAATJE_VAPID_KEY = given

        with pytest.raises(KeyringError, match="MAATJE_VAPID_KEY") as refusal:
            push_key()
        assert given not in str(refusal.value)


class TestIsPoint:
    def test_knows_a_point_from_what_only_looks_like_one(self) -> None:
        raw = base64.urlsafe_b64decode(push_key().public + "=")

        assert is_point(raw)
        assert not is_point(raw[:-1])
        assert not is_point(b"\2" + raw[1:])
        assert not is_point(raw[:-1] + bytes([raw[-1] ^ 1]))
        assert not is_point(b"\4" + bytes(64))
        assert not is_point(b"\4" + b"\xff" * 64)
        assert not is_point(b"")
