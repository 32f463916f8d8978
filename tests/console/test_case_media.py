from uuid import uuid4

from django.test import Client

from accounts.models import Person, Role
from chat.models import Conversation
from moderation.models import Case
from tests.chat.attachments import uploaded, with_media
from tests.chat.words import sent
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.console.test_case_page import address
from tests.factories import make_organisation, make_person
from tests.moderation.casework import audited, claimed, flagged


class TestAPhoto:
    def test_comes_when_it_is_asked_for_and_that_is_written_down(
        self, office: Client, karim: Person, lena: Person, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        seq = sent(with_media(annemie, conversation, uploaded(annemie, conversation, now=clock())), now=clock())[0]
        case = flagged(fatima, conversation, seq, now=clock())
        claimed(case, karim, now=clock())
        line = case.evidence.get(seq=seq)

        page = office.get(address(case)).content.decode()
        assert f'data-media="/console/evidence/{line.id}/media/"' in page and "<img" not in page.split("<main")[1]
        assert "media_read" not in audited(case)
        around = office.get(f"/console/evidence/{line.id}/").content.decode()
        photo = office.get(f"/console/evidence/{line.id}/media/")

        assert f'class="photo" src="/console/evidence/{line.id}/media/"' in around
        assert photo["Content-Type"].startswith("image/") and photo["Cache-Control"] == "no-store"
        assert photo["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert audited(case)[-1] == "media_read"
        assert [sign_in(lena).get(f"/console/evidence/{line.id}/{end}").status_code for end in ("", "media/")] == [409, 409]


class TestAFrame:
    def test_is_around_nothing_but_a_photo_or_voice_note_of_ones_own(self, office: Client, karim: Person, case: Case, clock: Clock) -> None:
        """A line with words alone, another organisation's and nobody's answer alike."""
        claimed(case, karim, now=clock())
        words = case.evidence.order_by("seq")[0]
        stranger = sign_in(make_person(role=Role.MODERATOR, organisation=make_organisation(name="Anderen")))

        assert office.get(f"/console/evidence/{words.id}/").status_code == 404
        assert office.get(f"/console/evidence/{uuid4()}/").status_code == 404
        words.take_media(b"x")
        words.save()
        assert stranger.get(f"/console/evidence/{words.id}/").status_code == 404
