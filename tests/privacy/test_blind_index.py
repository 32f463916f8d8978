from privacy import keyring
from privacy.blind_index import blind_index


class TestBlindIndex:
    def test_gives_the_same_value_the_same_index(self) -> None:
        first = blind_index("phone", "+32470123456")
        keyring.reset()

        assert blind_index("phone", "+32470123456") == first
        assert len(first) == 32

    def test_gives_another_value_or_another_purpose_another_index(self) -> None:
        indexes = {blind_index("phone", "+32470123456"), blind_index("phone", "+32470123457"), blind_index("invite", "+32470123456")}

        assert len(indexes) == 3

    def test_cannot_confuse_where_the_purpose_ends(self) -> None:
        assert blind_index("phone", "1") != blind_index("phon", "e1")

    def test_is_another_one_under_another_key(self, key_file: object) -> None:
        before = blind_index("phone", "+32470123456")
        keyring.keyring().source.path.unlink()  # type: ignore[attr-defined]  # a file here
        keyring.reset()

        assert blind_index("phone", "+32470123456") != before
