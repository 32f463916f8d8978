"""Photos and voice notes over plain HTTP: bytes in, bytes out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.actions import data_use
from accounts.models import Person
from chat.models import Conversation
from core.ids import new_id
from tests.chat.attachments import PHOTO, uploaded, with_media
from tests.chat.words import message, sent
from tests.conftest import Clock
from tests.factories import make_device
from tests.media.pictures import HEIC, opened
from tests.media.sounds import voice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SignIn = Callable[[Person], APIClient]


@pytest.fixture
def signed_in(now: datetime) -> SignIn:
    def sign_in(person: Person) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_device(person=person, now=now)[1]}")
        return client

    return sign_in


def put(client: APIClient, conversation: Conversation, data: bytes, *, upload_id: UUID | None = None, kind: str = "image/png") -> Any:
    return client.put(f"/api/v1/conversations/{conversation.id}/media/{upload_id or new_id()}", data, content_type=kind)


class TestUpload:
    def test_answers_with_what_an_entry_will_show(self, fatima: Person, conversation: Conversation, signed_in: SignIn) -> None:
        upload_id = new_id()

        first = put(signed_in(fatima), conversation, PHOTO, upload_id=upload_id)
        again = put(signed_in(fatima), conversation, PHOTO, upload_id=upload_id)

        said = first.json()
        assert first.status_code == again.status_code == 201 and said == again.json()
        assert set(said) == {"media", "kind", "small", "large", "preview", "width", "height"}
        assert (said["media"], said["kind"], said["width"]) == (str(upload_id), "photo", 400)

    @pytest.mark.parametrize("kind", ["text/html", "application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
    def test_believes_no_header(self, fatima: Person, conversation: Conversation, signed_in: SignIn, kind: str) -> None:
        assert put(signed_in(fatima), conversation, PHOTO, kind=kind).status_code == 201
        refused = put(signed_in(fatima), conversation, HEIC, kind="image/jpeg")
        assert (refused.status_code, refused.json()["code"]) == (415, "media_unknown_kind")

    def test_takes_256_kilobytes(self, fatima: Person, conversation: Conversation, signed_in: SignIn, settings: Settings) -> None:
        client = signed_in(fatima)

        most = put(client, conversation, PHOTO + bytes(settings.MAATJE_UPLOAD_BYTES - len(PHOTO)))
        more = put(client, conversation, bytes(settings.MAATJE_UPLOAD_BYTES + 1))

        assert most.status_code == 201
        assert (more.status_code, more.json()["code"], more.json()["limit"]) == (413, "body_too_big", 262_144)

    def test_waits_while_little_data_is_left(
        self, fatima: Person, conversation: Conversation, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(data_use, "standing", lambda person, now: data_use.Standing(90, 100, 80))

        refused = put(signed_in(fatima), conversation, PHOTO)

        assert (refused.status_code, refused.json()["code"]) == (409, "data_budget_low")

    def test_then_the_message_is_sent(self, fatima: Person, conversation: Conversation, now: datetime, signed_in: SignIn) -> None:
        media = uploaded(fatima, conversation, now=now)
        said = {"draft_id": str(new_id()), "body": "", "media": str(media)}

        client = signed_in(fatima)
        answer = client.post(f"/api/v1/conversations/{conversation.id}/entries", said, format="json")
        page = client.get(f"/api/v1/conversations/{conversation.id}/entries")

        assert answer.status_code == 201
        assert page.json()["entries"][0]["media"]["kind"] == "photo"


class TestFetch:
    @pytest.fixture
    def address(self, fatima: Person, conversation: Conversation, now: datetime) -> str:
        sent(with_media(fatima, conversation, uploaded(fatima, conversation, now=now)), now=now)
        return f"/api/v1/conversations/{conversation.id}/entries/1/media"

    @pytest.mark.parametrize(
        ("accept", "format"),
        [
            ("image/avif,image/webp,image/apng,image/*,*/*;q=0.8", "AVIF"),
            ("image/webp,image/apng,image/*,*/*;q=0.8", "WEBP"),
            ("image/avif;q=0.5,image/webp", "WEBP"),
            ("image/avif;q=0, image/webp;q=0, */*", "JPEG"),
            ("*/*", "JPEG"),
            ("image/*", "JPEG"),
            ("", "JPEG"),
        ],
    )
    def test_gives_the_form_that_accept_names(self, annemie: Person, address: str, signed_in: SignIn, accept: str, format: str) -> None:
        answer = signed_in(annemie).get(address, HTTP_ACCEPT=accept)

        assert answer.status_code == 200
        assert answer["Content-Type"] == f"image/{format.lower()}"
        assert opened(answer.content).format == format

    @pytest.mark.parametrize("accept", ["text/html", "application/json", "audio/ogg", "image/avif;q=x"])
    def test_says_so_when_nothing_will_do(self, annemie: Person, address: str, signed_in: SignIn, accept: str) -> None:
        answer = signed_in(annemie).get(address, HTTP_ACCEPT=accept)

        assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")

    def test_gives_the_side_that_was_asked(self, annemie: Person, address: str, signed_in: SignIn) -> None:
        client = signed_in(annemie)

        sides = [opened(client.get(address + asked).content).width for asked in ("", "?side=320", "?side=640")]
        assert sides == [320, 320, 400]
        assert client.get(address + "?side=1280").status_code == 400

    def test_gives_it_so_that_nothing_takes_it_for_a_page_and_nobody_keeps_it(
        self, annemie: Person, address: str, signed_in: SignIn
    ) -> None:
        answer = signed_in(annemie).get(address)

        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"] == 'inline; filename="media.jpeg"'
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "Accept" in answer["Vary"]

    def test_gives_a_voice_note(self, fatima: Person, conversation: Conversation, now: datetime, signed_in: SignIn) -> None:
        sent(with_media(fatima, conversation, uploaded(fatima, conversation, now=now, data=voice())), now=now)

        answer = signed_in(fatima).get(f"/api/v1/conversations/{conversation.id}/entries/1/media", HTTP_ACCEPT="audio/*;q=0.9,*/*;q=0.5")

        assert answer["Content-Type"] == "audio/ogg" and answer.content[:4] == b"OggS"

    def test_gives_strangers_and_entries_without_the_same_404(
        self, chantal: Person, fatima: Person, conversation: Conversation, address: str, now: datetime, signed_in: SignIn
    ) -> None:
        sent(message(fatima, conversation), now=now)

        assert signed_in(chantal).get(address).json()["code"] == "conversation_not_found"
        assert signed_in(fatima).get(address.replace("/1/", "/2/")).json()["code"] == "media_not_found"

    def test_turns_away_who_lost_access_meanwhile(
        self, annemie: Person, address: str, signed_in: SignIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = signed_in(annemie)
        monkeypatch.setattr("accounts.views.private._still_has_access", lambda device: False)

        answer = client.get(address)

        assert answer.status_code == 401 and b"JFIF" not in answer.content
