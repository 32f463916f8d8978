"""What is kept of an upload is sealed, counted, and forgotten in time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, models
from pytest_django import Settings

from accounts.models import Person
from core.ids import new_id
from media import bodies
from media.actions import items
from media.errors import MediaNotFound, MediaReused, QuotaFull
from media.models import Item, Variant
from media.reading import items as reading
from media.workshop.results import Form, Made
from privacy import retention
from programmes.models import Circle

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
UPLOAD = b"as it came"
MADE = Made(
    "photo",
    [Form(320, "image/avif", b"small avif"), Form(320, "image/jpeg", b"small jpeg"), Form(640, "image/avif", b"large avif")],
    b"preview of it",
    640,
    480,
)


@pytest.fixture
def about(circle: Circle, fatima: Person, now: datetime) -> dict[str, Any]:
    return {
        "owner_id": fatima.id, "upload_id": new_id(), "conversation_id": circle.conversation.id, "data": UPLOAD, "key": KEY, "now": now
    }  # fmt: skip


@pytest.fixture
def item(about: dict[str, Any], circle: Circle) -> Item:
    return items.store(made=MADE, circle_id=circle.id, **about)


def stored() -> bytes:
    """Every byte and text of ours in the tables of this app."""
    found = b""
    with connection.cursor() as cursor:
        for model in (Item, Variant):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            for row in cursor.fetchall():
                found += b"|".join(bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode() for value in row)
    return found


class TestStore:
    def test_leaves_nothing_in_the_clear(self, item: Item) -> None:
        everything = stored()

        assert len(everything) > 200
        for words in (b"small avif", b"small jpeg", b"large avif", b"preview of it", UPLOAD):
            assert words not in everything

    def test_counts_what_is_kept(self, item: Item, circle: Circle) -> None:
        kept = sum(len(bytes(variant.sealed)) for variant in Variant.objects.all()) + len(bytes(item.preview_sealed))

        assert Item.objects.bytes_of(circle.id) == item.size == kept

    def test_says_what_fetching_takes(self, item: Item) -> None:
        assert (item.small, item.large, item.width, item.height) == (10, 10, 640, 480)

    def test_stops_where_the_circle_is_full(self, item: Item, circle: Circle, about: dict[str, Any], settings: Settings) -> None:
        settings.MAATJE_MEDIA_QUOTA_MB = 0.0005

        with pytest.raises(QuotaFull):
            for _ in range(10):
                items.store(made=MADE, circle_id=circle.id, **{**about, "upload_id": new_id()})

        assert Item.objects.bytes_of(circle.id) < 500

    def test_keeps_a_few_that_were_never_sent(self, item: Item, circle: Circle, about: dict[str, Any], annemie: Person) -> None:
        """What is in no message, nobody else could clear away: the quota is everybody's."""
        items.mark_sent([item.id])
        hers = items.store(made=MADE, circle_id=circle.id, **{**about, "owner_id": annemie.id})

        stored = [items.store(made=MADE, circle_id=circle.id, **{**about, "upload_id": new_id()}) for _ in range(items.MOST_UNSENT + 2)]

        assert set(Item.objects.all()) == {item, hers, *stored[2:]}

    def test_takes_none_where_none_are_wanted(self, circle: Circle, settings: Settings) -> None:
        settings.MAATJE_MEDIA_QUOTA_MB = 0

        with pytest.raises(QuotaFull):
            items.ensure_room(circle_id=circle.id)


class TestUploadedBefore:
    def test_knows_the_same_bytes_again(self, item: Item, about: dict[str, Any]) -> None:
        assert items.uploaded_before(**about) == item

    @pytest.mark.parametrize("changed", [{"data": b"other"}, {"conversation_id": UUID(int=7)}])
    def test_refuses_the_same_id_for_something_else(self, item: Item, about: dict[str, Any], changed: dict[str, Any]) -> None:
        with pytest.raises(MediaReused):
            items.uploaded_before(**{**about, **changed})

    def test_knows_nothing_of_what_another_person_uploaded(self, item: Item, about: dict[str, Any], annemie: Person) -> None:
        assert items.uploaded_before(**{**about, "owner_id": annemie.id}) is None

    def test_keeps_it_a_day_longer(self, item: Item, about: dict[str, Any], now: datetime) -> None:
        items.uploaded_before(**{**about, "now": now + timedelta(hours=20)})

        assert Item.objects.get().unsent_since == now + timedelta(hours=20)


class TestForms:
    def test_open_with_the_key(self, item: Item) -> None:
        assert reading.form(item, side=320, content_type="image/jpeg", key=KEY) == b"small jpeg"
        assert reading.form(item, side=640, content_type="image/avif", key=KEY) == b"large avif"
        assert reading.preview_of(item, key=KEY) == b"preview of it"

    def test_are_the_largest_there_is_below_the_side(self, item: Item) -> None:
        assert reading.form(item, side=640, content_type="image/jpeg", key=KEY) == b"small jpeg"

    def test_are_not_there_without_the_key(self, item: Item) -> None:
        with pytest.raises(MediaNotFound):
            reading.form(item, side=320, content_type="image/avif", key=OTHER_KEY)
        assert reading.preview_of(item, key=OTHER_KEY) == b""

    @pytest.mark.parametrize("moved", [{"conversation_id": UUID(int=7)}, {"item_id": UUID(int=7)}, {"form": "640 image/avif"}])
    def test_open_in_their_own_place_alone(self, moved: dict[str, Any]) -> None:
        place: dict[str, Any] = {"conversation_id": UUID(int=1), "item_id": UUID(int=2), "form": "320 image/avif"}
        sealed = bodies.seal(b"photo", key=KEY, **place)

        assert bodies.open_sealed(sealed, key=KEY, **place) == b"photo"
        with pytest.raises(Exception, match="seal"):
            bodies.open_sealed(sealed, key=KEY, **{**place, **moved})


class TestRetention:
    @pytest.fixture
    def policy(self) -> retention.Policy:
        return next(policy for policy in retention.policies() if policy.model == "media.Item")

    def test_takes_what_was_never_sent_after_a_day(self, item: Item, policy: retention.Policy, now: datetime) -> None:
        assert retention.apply(policy, now=now + timedelta(hours=23)) == 0
        assert retention.apply(policy, now=now + timedelta(hours=25)) == 1
        assert not Variant.objects.exists()

    def test_leaves_what_was_sent(self, item: Item, policy: retention.Policy, now: datetime) -> None:
        items.mark_sent([item.id])

        assert retention.apply(policy, now=now + timedelta(days=900)) == 0

    def test_comes_after_the_last_moment_to_send_it(self, item: Item, policy: retention.Policy, now: datetime) -> None:
        at = now + timedelta(days=1)
        is_sendable = item.is_sendable(conversation_id=item.conversation_id, now=at)

        assert not is_sendable and not retention.expired(policy, now=at).exists()


def test_no_field_of_an_item_can_hold_words() -> None:
    texts = [field.name for field in Item._meta.get_fields() if isinstance(field, (models.CharField, models.TextField))]

    assert texts == ["kind"]
