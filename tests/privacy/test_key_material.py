import base64
import json
from typing import Any

import pytest

from privacy import key_material
from privacy.errors import KeyringError
from privacy.key_material import KeyMaterial

KEY = base64.b64encode(bytes(32)).decode()
SHORT = base64.b64encode(bytes(31)).decode()


class TestParse:
    def test_reads_back_what_it_wrote(self) -> None:
        material = KeyMaterial.fresh().with_new_key()

        assert key_material.parse(material.as_json(), source="keys.json") == material

    @pytest.mark.parametrize(
        "told",
        [
            [],
            "keys",
            {},
            {"current": "k1", "keys": {}, "index": KEY},
            {"current": "k1", "keys": [KEY], "index": KEY},
            {"current": "k2", "keys": {"k1": KEY}, "index": KEY},
            {"keys": {"k1": KEY}, "index": KEY},
            {"current": ["k1"], "keys": {"k1": KEY}, "index": KEY},
            {"current": "k1", "keys": {"k1": KEY}},
            {"current": "k1", "keys": {"k1": KEY}, "index": SHORT},
            {"current": "k1", "keys": {"k1": SHORT}, "index": KEY},
            {"current": "k1", "keys": {"k1": "é" * 44}, "index": KEY},
            {"current": "k1", "keys": {"k1": 7}, "index": KEY},
            {"current": "k1", "keys": {"k1": None}, "index": KEY},
            {"current": "", "keys": {"": KEY}, "index": KEY},
            {"current": "k" * 33, "keys": {"k" * 33: KEY}, "index": KEY},
        ],
    )
    def test_refuses_what_is_not_a_keyring_and_names_its_source(self, told: Any) -> None:
        with pytest.raises(KeyringError, match=r"^keys\.json"):
            key_material.parse(json.dumps(told), source="keys.json")

    @pytest.mark.parametrize("text", ["", "{", "\0", "[" * 100_000])
    def test_refuses_what_is_not_json(self, text: str) -> None:
        with pytest.raises(KeyringError, match="not JSON"):
            key_material.parse(text, source="keys.json")

    def test_never_shows_a_key(self) -> None:
        secret = base64.b64encode(b"the bread is under the red stone").decode()

        with pytest.raises(KeyringError) as refused:
            key_material.parse(json.dumps({"current": "k1", "keys": {"k1": secret + "!"}, "index": KEY}), source="keys.json")

        assert secret not in str(refused.value)
        assert refused.value.__context__ is None or secret not in str(refused.value.__context__)


class TestKeyMaterial:
    def test_names_a_key_after_its_fingerprint_so_that_two_rings_never_share_a_name(self) -> None:
        assert KeyMaterial.fresh().current != KeyMaterial.fresh().current

    def test_keeps_the_old_key_and_the_index_beside_a_new_one(self) -> None:
        before = KeyMaterial.fresh()

        after = before.with_new_key()

        assert after.current != before.current
        assert after.keys[before.current] == before.keys[before.current]
        assert after.index == before.index

    def test_shows_no_secret_when_printed(self) -> None:
        material = KeyMaterial.fresh()

        assert "index" not in repr(material)
        assert repr(material.keys[material.current]) not in repr(material)
