from django.test import Client

from accounts.models import Person
from chat.models import Conversation
from tests.chat.attachments import uploaded, with_media
from tests.chat.words import sent
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.console.test_case_page import address
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
        assert sign_in(lena).get(f"/console/evidence/{line.id}/media/").status_code == 409
