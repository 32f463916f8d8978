"""Appeals: seen and decided by who had no part in the decision."""

import re
from datetime import datetime

import msgspec
import pytest
from django.test import Client

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.frames import Meeting, MeetingTime
from chat.models import Conversation
from moderation.actions import appeals
from moderation.actions.evidence import digest_of
from moderation.models import Appeal, Case, Evidence, Rules, Statement
from moderation.words import DecisionKind
from tests.chat.attachments import uploaded, with_media
from tests.chat.words import sent
from tests.conftest import Clock
from tests.console.conftest import WORDS, sign_in
from tests.factories import make_organisation, make_person
from tests.moderation.casework import claimed, flagged
from tests.moderation.deciding import decided

APPEALS = "/console/appeals/"
ASKED = "Ik bedoelde dat <i>helemaal</i> anders."


@pytest.fixture
def appeal(case: Case, karim: Person, annemie: Person, clock: Clock) -> Appeal:
    """Karim warned Annemie, who does not agree."""
    decided(claimed(case, karim, now=clock()), DecisionKind.WARN, karim, now=clock())
    letter = Statement.objects.get(person=annemie)
    return appeals.appeal(statement_id=letter.id, words=ASKED, by=annemie, now=clock())


@pytest.fixture
def desk(now: object, db: None) -> Client:
    """The reviewer's browser."""
    return sign_in(make_person(role=Role.REVIEWER, name="Rita"))


class TestTheList:
    def test_says_what_waits_and_no_words(self, desk: Client, appeal: Appeal) -> None:
        page = desk.get(APPEALS).content.decode()

        assert "verwittigen" in page and "helemaal" not in page

    def test_leaves_out_what_one_had_a_part_in(self, appeal: Appeal, greet: Person, karim: Person) -> None:
        karim.role = Role.LEAD
        karim.save()

        assert "Er wacht niets op jou." in sign_in(karim).get(APPEALS).content.decode()
        assert "verwittigen" in sign_in(greet).get(APPEALS).content.decode()

    def test_is_of_ones_own_organisation(self, appeal: Appeal) -> None:
        stranger = sign_in(make_person(role=Role.REVIEWER, organisation=make_organisation(name="Anderen")))

        assert "Er wacht niets op jou." in stranger.get(APPEALS).content.decode()
        assert stranger.get(f"{APPEALS}{appeal.id}/").status_code == 404


class TestOne:
    def test_shows_words_to_who_took_it_after_a_row_of_the_log(self, desk: Client, appeal: Appeal) -> None:
        before = desk.get(f"{APPEALS}{appeal.id}/").content.decode()
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})
        after = desk.get(f"{APPEALS}{appeal.id}/").content.decode()

        assert "helemaal" not in before and WORDS not in before
        assert "&lt;i&gt;helemaal&lt;/i&gt;" in after and WORDS in after
        assert AuditRow.objects.filter(action="appeal.read").count() == 1

    def test_leaves_the_screen_when_the_time_is_over_unless_more_was_asked(self, desk: Client, appeal: Appeal, clock: Clock) -> None:
        at = f"{APPEALS}{appeal.id}/"
        desk.post(f"{at}claim/", {"version": "1"})
        page = desk.get(at).content.decode()
        clock.move(minutes=20)
        desk.post(f"{at}claim/", {"version": "2"})
        clock.move(minutes=20)
        later = desk.get(at).content.decode()
        clock.move(minutes=11)
        over = desk.get(at).content.decode()

        assert f'content="1801;url={at}"' in page and 'data-until="2026-03-02T11:00:00+01:00"' in page
        assert [WORDS in shown for shown in (page, later, over)] == [True, True, False]

    def test_veils_what_distresses(self, desk: Client, appeal: Appeal) -> None:
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})

        page = desk.get(f"{APPEALS}{appeal.id}/").content.decode()

        assert '<details class="veil">' in page and "Vandaag 1 van hoogstens 20 zware dossiers." in page

    def test_can_be_given_back_by_who_saw_enough_today(self, desk: Client, appeal: Appeal) -> None:
        Rules.objects.create(organisation=appeal.decision.case.organisation, most_distressing=0)
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})

        page = desk.get(f"{APPEALS}{appeal.id}/").content.decode()
        desk.post(f"{APPEALS}{appeal.id}/release/", {"version": "2"})

        assert "Je zag vandaag al veel." in page and WORDS not in page and "helemaal" not in page
        assert Appeal.objects.get(id=appeal.id).claimed_by is None

    def test_is_overturned_with_a_letter(self, desk: Client, appeal: Appeal, annemie: Person) -> None:
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})
        empty = desk.post(f"{APPEALS}{appeal.id}/answer/", {"version": "2", "outcome": "overturned"})
        desk.post(f"{APPEALS}{appeal.id}/answer/", {"version": "2", "outcome": "overturned", "words": "Je hebt gelijk."})

        found = Appeal.objects.get(id=appeal.id)
        assert empty.status_code == 422
        assert (found.outcome, found.answer) == ("overturned", "Je hebt gelijk.")
        assert Statement.objects.filter(person=annemie, kind="appeal").exists()

    def test_is_not_for_who_decided(self, appeal: Appeal, karim: Person) -> None:
        karim.role = Role.LEAD
        karim.save()

        assert sign_in(karim).get(f"{APPEALS}{appeal.id}/").status_code == 403

    def test_is_decided_by_one(self, desk: Client, appeal: Appeal, greet: Person) -> None:
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})

        late = sign_in(greet).post(f"{APPEALS}{appeal.id}/answer/", {"version": "2", "outcome": "upheld", "words": "Nee."})

        assert late.status_code == 409
        assert Appeal.objects.get(id=appeal.id).outcome == ""

    def test_shows_a_meeting_as_people_read_one_and_veiled(self, desk: Client, appeal: Appeal) -> None:
        kept = appeal.decision.case.evidence.order_by("seq")[0]
        with_meeting(kept, place="Markt")
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})

        page = desk.get(f"{APPEALS}{appeal.id}/").content.decode()

        assert re.search(r'<details class="veil"><summary>afspraak van [^<]*</summary><p[^>]*>Afspraak .*, Markt</p>', page)
        assert "&quot;place&quot;" not in page

    def test_says_which_lines_were_changed_and_that_some_are_gone(self, desk: Client, appeal: Appeal) -> None:
        first, second, _ = appeal.decision.case.evidence.order_by("seq")
        Evidence.objects.filter(id=second.id).update(digest=b"x")
        first.delete()
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})

        page = desk.get(f"{APPEALS}{appeal.id}/").content.decode()

        assert "Deze regel is niet meer zoals hij bewaard werd" in page and WORDS not in page
        assert "regels bijgekomen of verdwenen" in page


class TestAPhoto:
    def test_is_looked_at_again_after_a_row_of_the_log(
        self, desk: Client, karim: Person, fatima: Person, annemie: Person, conversation: Conversation, clock: Clock
    ) -> None:
        seq = sent(with_media(annemie, conversation, uploaded(annemie, conversation, now=clock())), now=clock())[0]
        held = claimed(flagged(fatima, conversation, seq, now=clock()), karim, now=clock())
        decided(held, DecisionKind.WARN, karim, now=clock())
        made = appeals.appeal(statement_id=Statement.objects.get(person=annemie).id, words=ASKED, by=annemie, now=clock())
        photo = f"{APPEALS}{made.id}/evidence/{held.evidence.get(seq=seq).id}/"

        early = desk.get(photo).status_code, desk.get(f"{photo}media/").status_code
        desk.post(f"{APPEALS}{made.id}/claim/", {"version": "1"})
        page = desk.get(f"{APPEALS}{made.id}/").content.decode()
        around, shown = desk.get(photo).content.decode(), desk.get(f"{photo}media/")

        assert early == (409, 409)
        assert f'data-media="{photo}media/"' in page and "<img" not in page.split("<main")[1]
        assert f'class="photo" src="{photo}media/"' in around
        assert shown["Content-Type"].startswith("image/") and shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert AuditRow.objects.filter(action="appeal.media_read").count() == 1


class TestStepsAside:
    def test_who_knows_these_people_and_gets_it_no_more(self, desk: Client, appeal: Appeal) -> None:
        desk.post(f"{APPEALS}{appeal.id}/claim/", {"version": "1"})
        answer = desk.post(f"{APPEALS}{appeal.id}/recuse/")

        assert answer["Location"] == APPEALS
        assert Appeal.objects.get(id=appeal.id).claimed_by is None
        assert "Er wacht niets op jou." in desk.get(APPEALS).content.decode()
        assert [desk.get(f"{APPEALS}{appeal.id}/").status_code, desk.post(f"{APPEALS}{appeal.id}/recuse/").status_code] == [403, 403]
        assert AuditRow.objects.filter(action="appeal.recused").exists()


def with_meeting(line: Evidence, *, place: str) -> None:
    """The kept line as if it had been a meeting."""
    at = datetime.fromisoformat("2026-03-07T13:00:00+00:00")
    meeting = Meeting(
        1, 1, "propose", "proposed", 1, "Europe/Brussels", [MeetingTime(start="2026-03-07T14:00", minutes=60, at=at)], place=place
    )
    line.kind = "meeting"
    line.take_body(msgspec.json.encode(meeting).decode())
    key = line.case.data_key
    assert key is not None
    line.digest = digest_of(line, line.body, b"", key=key.unwrap())
    line.save()
