"""A photo or voice note that was flagged is kept with its line, and looked at under the same rules."""

from datetime import datetime

import pytest

from accounts.models import Person
from chat.models import Conversation
from media.models import Item
from moderation.actions import opening
from moderation.errors import CaseNotFound, NotYourClaim
from moderation.models import Case, Evidence, Reading
from tests.chat.attachments import uploaded, with_media
from tests.chat.words import retraction, sent
from tests.moderation.casework import audited, claimed, flagged

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(annemie: Person, talk: Conversation, now: datetime) -> int:
    """The line of Annemie's photo."""
    return sent(with_media(annemie, talk, uploaded(annemie, talk, now=now)), now=now)[0]


@pytest.fixture
def case(fatima: Person, annemie: Person, talk: Conversation, photo: int, now: datetime) -> Case:
    """She took it back when she heard that it hurt."""
    case = flagged(fatima, talk, photo, now=now)
    sent(retraction(annemie, talk, photo), now=now)
    assert not Item.objects.filter(unsent_since=None).exists()
    return case


class TestAPhoto:
    def test_can_be_seen_after_it_was_taken_back(self, case: Case, photo: int, sofie: Person, now: datetime) -> None:
        claimed(case, sofie, now=now)
        (line,) = [line for line in opening.open_case(case.id, by=sofie, now=now).lines if line.seq == photo]

        data, content_type = opening.open_media(line.evidence_id, by=sofie, now=now)

        assert line.has_media and line.media_type == content_type and content_type.startswith("image/")
        assert len(data) > 100 and data not in bytes(Evidence.objects.get(id=line.evidence_id).media_sealed or b"")

    def test_is_written_down_when_it_is_seen(self, case: Case, photo: int, sofie: Person, annemie: Person, now: datetime) -> None:
        claimed(case, sofie, now=now)

        opening.open_media(case.evidence.get(seq=photo).id, by=sofie, now=now)

        assert audited(case)[-1] == "media_read"
        assert Reading.objects.get().person == annemie

    def test_is_for_whoever_holds_the_case(self, case: Case, photo: int, sofie: Person, now: datetime) -> None:
        with pytest.raises(NotYourClaim):
            opening.open_media(case.evidence.get(seq=photo).id, by=sofie, now=now)

    def test_of_a_line_beside_it_is_only_mentioned(
        self, fatima: Person, talk: Conversation, photo: int, sofie: Person, now: datetime
    ) -> None:
        case = claimed(flagged(fatima, talk, photo - 1, now=now), sofie, now=now)
        (line,) = [line for line in opening.open_case(case.id, by=sofie, now=now).lines if line.seq == photo]

        assert line.media_type and not line.has_media
        with pytest.raises(CaseNotFound):
            opening.open_media(line.evidence_id, by=sofie, now=now)

    def test_that_somebody_changed_is_not_shown(self, case: Case, photo: int, sofie: Person, now: datetime) -> None:
        claimed(case, sofie, now=now)
        row = case.evidence.get(seq=photo)
        Evidence.objects.filter(id=row.id).update(media_type="image/gif")

        assert next(line for line in opening.open_case(case.id, by=sofie, now=now).lines if line.seq == photo).is_changed
        with pytest.raises(CaseNotFound):
            opening.open_media(row.id, by=sofie, now=now)
