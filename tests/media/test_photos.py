"""A photo comes out upright, small and without a word about who took it where."""

import pytest
from PIL import Image

from media.errors import MediaTooBig, MediaUnknownKind
from media.workshop import photos
from media.workshop.results import Made
from tests.media.pictures import bomb, exif, moving, opened, photo, written


def form(made: Made, side: int, content_type: str) -> bytes:
    (data,) = [form.data for form in made.forms if (form.side, form.content_type) == (side, content_type)]
    return data


class TestForms:
    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
    def test_are_two_sides_in_three_forms_whatever_came_in(self, format: str) -> None:
        made = photos.make(photo(800, 600, format=format))

        assert [(one.side, one.content_type) for one in made.forms] == [
            (side, f"image/{name}") for side in (320, 640) for name in ("avif", "webp", "jpeg")
        ]
        assert [opened(one.data).size for one in made.forms] == [(320, 240)] * 3 + [(640, 480)] * 3
        assert [opened(one.data).format for one in made.forms] == ["AVIF", "WEBP", "JPEG"] * 2
        assert (made.width, made.height) == (640, 480)

    def test_say_what_they_cost_without_the_form_of_yesterday(self) -> None:
        made = photos.make(photo())

        assert made.small == max(len(form(made, 320, "image/avif")), len(form(made, 320, "image/webp")))
        assert made.large == max(len(form(made, 640, "image/avif")), len(form(made, 640, "image/webp")))

    def test_are_never_larger_than_the_photo(self) -> None:
        made = photos.make(photo(200, 100))

        assert {one.side for one in made.forms} == {320}
        assert (made.width, made.height, made.large) == (200, 100, 0)

    @pytest.mark.parametrize(("width", "height", "kept"), [(1, 2_000, (160, 640)), (2_000, 1, (640, 160)), (300, 1_200, (160, 640))])
    def test_are_not_slender(self, width: int, height: int, kept: tuple[int, int]) -> None:
        """A page shows a photo as wide as the talk: a hair of one would be as long as hundreds of messages."""
        made = photos.make(photo(width, height, format="PNG"))

        assert ((made.width, made.height), opened(made.forms[-1].data).size) == (kept, kept)

    def test_show_white_where_one_could_see_through(self) -> None:
        made = photos.make(written(Image.new("RGBA", (40, 30), (255, 0, 0, 0)), format="PNG"))

        assert opened(form(made, 320, "image/jpeg")).getpixel((20, 15)) == (255, 255, 255)


class TestPrivacy:
    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
    def test_nothing_of_who_took_it_where_is_left(self, format: str) -> None:
        taken = photo(format=format, exif=exif(), icc_profile=b"a profile of " * 40)
        assert b"Fatima" in taken

        made = photos.make(taken)

        for one in made.forms:
            image = opened(one.data)
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
            assert not [word for word in (b"Fatima", b"Exif", b"GPS", b"2026:03", b"a profile") if word in one.data]

    def test_a_comment_is_left_out(self) -> None:
        made = photos.make(photo(comment=b"taken at home"))

        assert not [one for one in made.forms if b"at home" in one.data]

    def test_what_hangs_on_behind_the_photo_is_dropped(self) -> None:
        made = photos.make(photo() + b"PK\x03\x04 an archive <script>alert(1)</script>")

        assert not [one for one in made.forms if b"script" in one.data or b"PK\x03\x04" in one.data]


class TestUpright:
    @pytest.mark.parametrize(("orientation", "where"), [(1, (80, 60)), (3, (560, 420)), (6, (420, 60)), (8, (60, 560))])
    def test_it_stands_as_the_camera_was_held(self, orientation: int, where: tuple[int, int]) -> None:
        made = photos.make(photo(800, 600, exif=exif(orientation=orientation)))

        image = opened(form(made, 640, "image/jpeg"))
        assert image.size == ((480, 640) if orientation >= 5 else (640, 480)) == (made.width, made.height)
        red, green, _ = image.getpixel(where)  # type: ignore[misc]  # an RGB image has three
        assert red > 200 and green < 60


class TestRefusals:
    def test_a_hundred_million_pixels_are_not_decoded(self) -> None:
        with pytest.raises(MediaTooBig):
            photos.make(bomb(10_000, 10_000))

    def test_twenty_million_are_the_most(self) -> None:
        with pytest.raises(MediaTooBig):
            photos.make(bomb(4_001, 5_000))
        with pytest.raises(OSError):  # decoded, and found empty
            photos.make(bomb(4_000, 5_000))

    @pytest.mark.parametrize("format", ["PNG", "WEBP"])
    def test_pictures_that_move_are_no_photos(self, format: str) -> None:
        with pytest.raises(MediaUnknownKind):
            photos.make(moving(format))

    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
    def test_half_a_photo_is_none(self, format: str) -> None:
        whole = photo(format=format, lossless=True)

        with pytest.raises((OSError, SyntaxError, ValueError)):
            photos.make(whole[: len(whole) // 2])


class TestPreview:
    def test_is_twenty_cells_in_thirty_bytes(self) -> None:
        preview = photos.preview_of(opened(photo(500, 400, format="PNG")))

        assert len(preview) == 30
        assert preview[:3].hex() == "f00f00" and preview[-3:].hex() == "ffffff"

    def test_is_four_wide_and_five_high_for_what_is_taller_than_wide(self) -> None:
        preview = photos.preview_of(opened(photo(400, 500, format="PNG"))).hex()

        rows = [preview[at : at + 12] for at in range(0, 60, 12)]
        assert rows[0] == "f00f00ffffff" and rows[4] == "ffffffffffff"
