"""What has a shape: numbers, accounts, addresses, links."""

import pytest

from moderation.screening.detectors import detect
from moderation.screening.normalise import normalise


def seen_in(text: str, language: str = "nl") -> list[tuple[str, str]]:
    found = detect(text, normalise(text, language, spelling={}, known=()), language, own_hosts=("maatje.example",))
    return sorted({(signal.klass, signal.reason) for signal in found})


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("bel mij op 0471 22 33 44", "nl"), ("0471/22.33.44", "nl"), ("0 4 7 1 2 2 3 3 4 4", "nl"), ("+32 471 22 33 44", "nl"),
            ("0471-22_33·44", "nl"), ("ara beni +90 532 123 45 67", "tr"), ("٠٤٧١ ٢٢ ٣٣ ٤٤", "ar"), ("c'est le 06 12 34 56 78", "fr"),
            ("07700 900123", "en"), ("nul vier zeven een twee twee drie", "nl"), ("zéro quatre sept un deux deux", "fr"),
            ("sıfır dört yedi bir iki iki", "tr"),
        ],
    )  # fmt: skip
    def test_sees_a_phone(self, text: str, language: str) -> None:
        assert ("contact", "phone_number") in seen_in(text, language)

    @pytest.mark.parametrize(
        "text",
        [
            "om 10.30 op 12/05/2026", "van 2019 tot 2024", "een puzzel van 2000 stukken", "tel tot een twee drie vier vijf", "bel 1813 of 106",
            "gratis op 0800 32 123", "bus 12, 13, 14, 15, 16 en 17", "dossier 2026-11-22-0004",
        ],
    )  # fmt: skip
    def test_knows_other_numbers_from_one(self, text: str) -> None:
        assert seen_in(text) == []

    def test_sees_accounts_that_check(self) -> None:
        assert seen_in("stort op BE68 5390 0754 7034 aub") == [("money", "bank_account")]
        assert seen_in("4111 1111 1111 1111") == [("money", "payment_card")]
        assert seen_in("mijn nummer is 85.07.30-033.28") == [("contact", "national_number")]

    def test_sees_none_in_those_that_do_not(self) -> None:
        assert ("money", "bank_account") not in seen_in("stort op BE68 5390 0754 7035 aub")
        assert ("money", "payment_card") not in seen_in("4111 1111 1111 1112")


class TestAddresses:
    @pytest.mark.parametrize(
        "text", ["jan.peeters@example.be", "mail naar jan punt peeters at hotmail punt com", "jean arobase gmail point com"]
    )
    def test_sees_mail(self, text: str) -> None:
        assert seen_in(text) == [("contact", "mail_address")]

    def test_leaves_desks_and_calls_alone(self) -> None:
        assert seen_in("mail naar info@stad.be, @Jan kom je?") == []

    def test_sees_names_elsewhere(self) -> None:
        assert seen_in("zoek @jonas_92") == [("contact", "name_elsewhere")]


class TestLinks:
    @pytest.mark.parametrize(
        ("text", "seen"),
        [
            ("voeg toe: wa.me/32471", ("contact", "chat_elsewhere")),
            ("https://t.me/joske", ("contact", "chat_elsewhere")),
            ("betaal via https://paypal.me/joske", ("money", "payment_link")),
            ("klik https://bit.ly/abc", ("money", "short_link")),
            ("http://bpost-pakje.com/x", ("money", "suspicious_link")),
            ("win op http://gratis.xyz", ("money", "suspicious_link")),
            ("http://10.1.2.3/a", ("money", "suspicious_link")),
            ("https://recepten.example.be/soep", ("contact", "link")),
        ],
    )
    def test_says_where_they_lead(self, text: str, seen: tuple[str, str]) -> None:
        assert seen_in(text) == [seen]

    @pytest.mark.parametrize(
        "text",
        [
            "kijk op www.delijn.be",
            "https://www.vdab.be/jobs",
            "https://maatje.example/x",
            "dat is goed.de kinderen komen",
            "ok.tot straks",
            "itsme.be",
        ],
    )
    def test_leaves_alone_what_everybody_knows_and_what_is_none(self, text: str) -> None:
        assert seen_in(text) == []
