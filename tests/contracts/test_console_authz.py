"""Every page and button of the console × every role × what is of one's own organisation, another's, and nobody's."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.models import Person, Role
from audit.models import AuditRow
from chat.models import Conversation
from console.urls import urlpatterns
from moderation.actions import appeals, decisions, escalations
from moderation.models import Appeal, Case, Escalation, Recusal
from moderation.permissions import MAY, Permission
from moderation.words import DecisionKind, Urgency
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.contracts.desk import Desk
from tests.factories import make_person
from tests.moderation.casework import claimed, flagged, fresh, say

pytestmark = pytest.mark.django_db
P = Permission

# What each address asks for: any one of these. Written out, so that a change of a decorator is a change here too.
NEEDED: dict[str, set[Permission]] = {
    "home": set(), "keys": set(),
    "debrief": {P.READ_CASE, P.DECIDE_APPEAL, P.ANSWER_ESCALATION},
    "seen_to": {P.CHANGE_ROSTER},
    "queue": {P.SEE_QUEUE}, "case": {P.SEE_QUEUE}, "fresh": {P.SEE_QUEUE}, "who": {P.SEE_WHO_FLAGGED},
    "look": {P.READ_CASE}, "media": {P.READ_CASE},
    "triage": {P.TRIAGE}, "claim": {P.CLAIM}, "renew": {P.CLAIM}, "release": {P.CLAIM}, "note": {P.NOTE}, "escalate": {P.ESCALATE_CASE},
    "hand_over": {P.HAND_OVER}, "hide": {P.HIDE_FOR_NOW}, "widen": {P.WIDEN}, "hold": {P.HOLD_EVIDENCE}, "close": {P.DECIDE},
    "decide": {P.DECIDE, P.DECIDE_FOR_CIRCLE, P.DECIDE_FOR_PERSON}, "let_through": {P.DECIDE},
    "agree": {P.AGREE}, "disagree": {P.AGREE}, "widen_agree": {P.AGREE}, "widen_disagree": {P.AGREE},
    "lift": {P.DECIDE_FOR_CIRCLE, P.DECIDE_FOR_PERSON},
    "circles": {P.SEE_CIRCLES}, "escalation": {P.ANSWER_ESCALATION}, "acknowledge": {P.ANSWER_ESCALATION}, "close_escalation": {P.ANSWER_ESCALATION},
    "task_seen": {P.SEE_CIRCLES}, "letter": {P.SPEAK_FOR}, "record_appeal": {P.SPEAK_FOR},
    "appeals": {P.DECIDE_APPEAL}, "appeal": {P.DECIDE_APPEAL}, "claim_appeal": {P.DECIDE_APPEAL}, "release_appeal": {P.DECIDE_APPEAL},
    "answer_appeal": {P.DECIDE_APPEAL}, "look_again": {P.DECIDE_APPEAL}, "media_again": {P.DECIDE_APPEAL},
    "lists": {P.SEE_LISTS}, "our_list": {P.SEE_LISTS}, "list": {P.SEE_LISTS}, "add_list": {P.CHANGE_LISTS}, "use_list": {P.CHANGE_LISTS},
    "stop_list": {P.CHANGE_LISTS},
    "rules": {P.CHANGE_RULES, P.CHANGE_TEMPLATES}, "change_rules": {P.CHANGE_RULES}, "before": {P.CHANGE_RULES}, "classifier": {P.CHANGE_RULES},
    "add_template": {P.CHANGE_TEMPLATES}, "change_template": {P.CHANGE_TEMPLATES}, "drop_template": {P.CHANGE_TEMPLATES},
    "roster": {P.SEE_ROSTER}, "add_shift": {P.CHANGE_ROSTER}, "remove_shift": {P.CHANGE_ROSTER}, "be_away": {P.SEE_ROSTER}, "come_back": {P.SEE_ROSTER},
    "workload": {P.SEE_WORKLOAD}, "audit": {P.SEE_AUDIT, P.VERIFY_AUDIT}, "verify": {P.VERIFY_AUDIT},
    "recuse": {P.CLAIM}, "recuse_appeal": {P.DECIDE_APPEAL},
}  # fmt: skip
OPEN = {"file"}  # our own styles and scripts
HTMX = {"HX-Request": "true"}
ACTS = {
    name
    for name in NEEDED
    if name
    not in {
        "home",
        "keys",
        "debrief",
        "queue",
        "case",
        "fresh",
        "look",
        "media",
        "circles",
        "letter",
        "escalation",
        "appeals",
        "appeal",
        "look_again",
        "media_again",
        "lists",
        "our_list",
        "list",
        "rules",
        "roster",
        "workload",
        "audit",
    }
}  # forms; the others are looked at
STAFF = tuple(MAY)
# Roles that may do such a thing, and not to what was put there for this test.
SELDOM = {
    *(("come_back", role) for role in (Role.COORDINATOR, Role.REVIEWER)),  # a moderator's absence: one's own could be taken back
    *(("seen_to", role) for role in (Role.LEAD, Role.ADMINISTRATOR)),  # nobody asked for a talk
    ("task_seen", Role.LEAD),
    *((name, Role.LEAD) for name in ("letter", "record_appeal")),  # of a circle that they do not answer for
}


def addresses() -> dict[str, URLPattern]:
    return {str(one.name): one for one in urlpatterns if one.name not in OPEN}


def address_of(name: str, of: Callable[[str], Any]) -> str:
    pattern = addresses()[name].pattern
    return reverse(f"console:{name}", kwargs={parameter: of(parameter) for parameter in pattern.converters})


def knock(client: Client, name: str, of: Callable[[str], Any], **headers: str) -> HttpResponse:
    """By the one way in that there is, with a version that is over where one is asked for."""
    address = address_of(name, of)
    if name in ACTS:
        done: HttpResponse = client.post(address, {"version": "1"}, headers=headers)  # type: ignore[assignment]  # the test client's answer is one, with more on it
        return done
    read: HttpResponse = client.get(address, headers=headers)  # type: ignore[assignment]  # as above
    return read


def of_nobody(parameter: str) -> Any:
    return {"version": 1, "language": "xx"}.get(parameter, uuid4())


class TestEveryAddress:
    def test_asks_for_what_the_table_says(self) -> None:
        asked = {name: set(one.callback.needed) for name, one in addresses().items()}  # type: ignore[attr-defined]  # the gate's mark

        assert asked == NEEDED

    def test_lets_nobody_in_who_is_not_signed_in(self, client: Client) -> None:
        """By either way: a page that is looked at takes no form, and a form is no page."""
        found = {name: (client.get(address).status_code, client.post(address).status_code) for name, address in of_nobody_at_all()}

        assert {name for name, statuses in found.items() if statuses[0] == 405} == ACTS
        assert set(found.values()) == {(302, 405), (405, 302), (302, 302)}  # to the sign-in

    def test_lets_no_member_in_though_signed_in(self, fatima: Person) -> None:
        client = sign_in(fatima)

        assert {knock(client, name, of_nobody).status_code for name in NEEDED} <= {302, 403}


def of_nobody_at_all() -> Iterator[tuple[str, str]]:
    yield from ((name, address_of(name, of_nobody)) for name in NEEDED)


class TestEveryRole:
    def test_gets_in_exactly_where_the_map_lets_it(self, now: datetime) -> None:
        ours, theirs = Desk.of("Maatjes", now=now), Desk.of("Anderen", now=now)

        assert [one for role in STAFF for one in astray(role, ours, theirs)] == []


def astray(role: Role, ours: Desk, theirs: Desk) -> Iterator[tuple[Role, str, str, int]]:
    """Where somebody of this role gets in and should not, or the other way round."""
    client = sign_in(ours.staff[role])
    for name, needed in NEEDED.items():
        may = not needed or bool(needed & MAY[role])
        Recusal.objects.all().delete()  # who stepped aside in one try knocks at the next as if they had not
        mine = ours.one if may else ours.the_one
        own = knock(client, name, partial(mine, name=name)).status_code
        is_in = own not in {403, 404} and own < 500
        if (is_in != may and (name, role) not in SELDOM) or (not may and own != 403):
            yield role, name, "own", own
        if is_of_a_row(name):
            for whose, of in (("another's", partial(theirs.the_one, name=name)), ("nobody's", of_nobody)):
                found = knock(client, name, of, **HTMX).status_code  # a fragment: the same gate, and a refusal in one line
                if found != (404 if may else 403):
                    yield role, name, whose, found


def is_of_a_row(name: str) -> bool:
    return any(parameter not in {"version", "language"} for parameter in addresses()[name].pattern.converters)


WORDS = ("Geef me geld", "Ik schrok hiervan", "Kan je mij bellen", "Dat was een grap", "Je schold.")
ASIDE = {"recuse", "recuse_appeal"}  # after which one sees nothing at all
READINGS = {"case.read", "case.flaggers_seen", "case.letter_read", "escalation.read", "appeal.read"}


@pytest.fixture
def case(annemie: Person, fatima: Person, conversation: Conversation, clock: Clock) -> Case:
    seqs = say(conversation, (annemie, WORDS[0]), (annemie, "Of ik vertel het"), now=clock())
    return flagged(fatima, conversation, seqs[0], words=WORDS[1], now=clock())


@pytest.fixture
def question(fatima: Person, conversation: Conversation, clock: Clock) -> Escalation:
    return escalations.escalate(
        by_id=fatima.id, conversation_id=conversation.id, escalation_id=uuid4(), urgency=Urgency.TODAY, words=WORDS[2], now=clock()
    )


@pytest.fixture
def appeal(annemie: Person, fatima: Person, conversation: Conversation, clock: Clock) -> Appeal:
    """Of a decision in which only a moderator had a part."""
    seq = say(conversation, (annemie, "Sukkel"), now=clock())[0]
    moderator = make_person(role=Role.MODERATOR, now=clock())
    held = claimed(flagged(fatima, conversation, seq, now=clock()), moderator, now=clock())
    decided = decisions.decide(
        held.id, kind=DecisionKind.WARN, clause="respect", words="Je schold.", by=moderator, version=held.version, now=clock()
    )
    letter = decided.statements.get(person=annemie)
    return appeals.appeal(statement_id=letter.id, words=WORDS[3], by=annemie, now=clock())


class TestWordsOfPeople:
    def test_are_shown_to_nobody_who_holds_nothing(self, case: Case, appeal: Appeal, now: datetime) -> None:
        rows = {"case_id": case.id, "appeal_id": appeal.id, "row_id": appeal.decision_id, "evidence_id": case.evidence.get(seq=1).id}

        for role in STAFF:
            pages = look_everywhere(sign_in(make_person(role=role, now=now)), rows, but={"claim", "claim_appeal", *ASIDE})

            assert [name for name, page in pages if shows_words(page)] == [], role
        assert not AuditRow.objects.filter(action__in=READINGS).exists()

    def test_are_never_shown_without_a_row_that_says_so(self, case: Case, question: Escalation, appeal: Appeal, clock: Clock) -> None:
        lead = make_person(role=Role.LEAD, now=clock())
        claimed(case, lead, now=clock())
        appeals.claim(appeal.id, by=lead, version=appeal.version, now=clock())
        rows = {"case_id": case.id, "escalation_id": question.id, "appeal_id": appeal.id, "row_id": appeal.decision_id}

        shown, unsaid = shown_by(sign_in(lead), rows, but={"release", "release_appeal", *ASIDE})

        assert unsaid == []
        assert shown >= {"case", "note", "escalation", "appeal"}
        assert fresh(case).claimed_by_id == lead.id

    def test_nor_read_to_who_was_shut_out(self, question: Escalation, appeal: Appeal, annemie: Person, nele: Person, clock: Clock) -> None:
        Person.objects.filter(id=annemie.id).update(suspended_at=clock())
        letter = appeal.decision.statements.get(person=annemie)

        shown, unsaid = shown_by(sign_in(nele), {"escalation_id": question.id, "statement_id": letter.id}, but=ASIDE)

        assert unsaid == []
        assert shown == {"escalation", "acknowledge", "close_escalation", "letter", "record_appeal"}


def shown_by(client: Client, rows: dict[str, UUID], *, but: set[str]) -> tuple[set[str], list[str]]:
    """The addresses that showed words, and those of them that left no row which says so."""
    shown, unsaid = set(), []
    said = readings()
    for name, page in look_everywhere(client, rows, but=but):
        before, said = said, readings()
        if shows_words(page):
            shown.add(name)
            unsaid += [name] if said == before else []
    return shown, unsaid


def look_everywhere(client: Client, rows: dict[str, UUID], *, but: set[str]) -> Any:
    """Each page, and each form with a version that is over: what it answers shows what it shows, and changes nothing."""
    for name in [name for name in NEEDED if name not in but]:
        address = address_of(name, lambda parameter: rows.get(parameter) or of_nobody(parameter))
        yield name, client.post(address, {"version": "0"}) if name in ACTS else client.get(address)


def readings() -> int:
    return AuditRow.objects.filter(action__in=READINGS).count()


def shows_words(page: HttpResponse) -> bool:
    text = page.content.decode(errors="replace")
    return any(words in text for words in WORDS)
