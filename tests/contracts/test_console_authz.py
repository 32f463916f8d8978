"""Every page and button of the console × every role × what is of one's own organisation, another's, and nobody's."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.models import Person, Role
from console.urls import urlpatterns
from moderation.models import Absence, Appeal, Case, Decision, Escalation, Shift, Template, Widening, WordList
from moderation.permissions import MAY, Permission
from moderation.words import CaseState, Priority
from privacy.models import DataKey
from programmes.models import Circle, Organisation
from tests.console.conftest import sign_in
from tests.factories import make_circle, make_organisation, make_person, make_programme
from tests.moderation.duty import put_case

pytestmark = pytest.mark.django_db
P = Permission

# What each address asks for: any one of these. Written out, so that a change of a decorator is a change here too.
NEEDED: dict[str, set[Permission]] = {
    "home": set(), "keys": set(),
    "debrief": {P.READ_CASE, P.DECIDE_APPEAL, P.ANSWER_ESCALATION},
    "seen_to": {P.CHANGE_ROSTER},
    "queue": {P.SEE_QUEUE}, "case": {P.SEE_QUEUE}, "fresh": {P.SEE_QUEUE}, "who": {P.SEE_WHO_FLAGGED},
    "triage": {P.TRIAGE}, "claim": {P.CLAIM}, "renew": {P.CLAIM}, "release": {P.CLAIM}, "note": {P.NOTE}, "escalate": {P.ESCALATE_CASE},
    "hand_over": {P.HAND_OVER}, "hide": {P.HIDE_FOR_NOW}, "widen": {P.WIDEN}, "hold": {P.HOLD_EVIDENCE}, "close": {P.DECIDE},
    "decide": {P.DECIDE, P.DECIDE_FOR_CIRCLE, P.DECIDE_FOR_PERSON}, "let_through": {P.DECIDE},
    "agree": {P.AGREE}, "disagree": {P.AGREE}, "widen_agree": {P.AGREE}, "widen_disagree": {P.AGREE},
    "lift": {P.DECIDE_FOR_CIRCLE, P.DECIDE_FOR_PERSON},
    "circles": {P.SEE_CIRCLES}, "escalation": {P.ANSWER_ESCALATION}, "acknowledge": {P.ANSWER_ESCALATION}, "close_escalation": {P.ANSWER_ESCALATION},
    "appeals": {P.DECIDE_APPEAL}, "appeal": {P.DECIDE_APPEAL}, "claim_appeal": {P.DECIDE_APPEAL}, "release_appeal": {P.DECIDE_APPEAL},
    "answer_appeal": {P.DECIDE_APPEAL},
    "lists": {P.SEE_LISTS}, "our_list": {P.SEE_LISTS}, "list": {P.SEE_LISTS}, "add_list": {P.CHANGE_LISTS}, "use_list": {P.CHANGE_LISTS},
    "stop_list": {P.CHANGE_LISTS},
    "rules": {P.CHANGE_RULES, P.CHANGE_TEMPLATES}, "change_rules": {P.CHANGE_RULES}, "before": {P.CHANGE_RULES},
    "add_template": {P.CHANGE_TEMPLATES}, "change_template": {P.CHANGE_TEMPLATES}, "drop_template": {P.CHANGE_TEMPLATES},
    "roster": {P.SEE_ROSTER}, "add_shift": {P.CHANGE_ROSTER}, "remove_shift": {P.CHANGE_ROSTER}, "be_away": {P.SEE_ROSTER}, "come_back": {P.SEE_ROSTER},
    "workload": {P.SEE_WORKLOAD}, "audit": {P.SEE_AUDIT, P.VERIFY_AUDIT}, "verify": {P.VERIFY_AUDIT},
}  # fmt: skip
OPEN = {"file"}  # our own styles and scripts
STAFF = tuple(MAY)


def addresses() -> dict[str, URLPattern]:
    return {str(one.name): one for one in urlpatterns}


class TestEveryAddress:
    def test_stands_in_the_table(self) -> None:
        assert set(addresses()) - OPEN == set(NEEDED)

    @pytest.mark.parametrize("name", sorted(NEEDED))
    def test_asks_for_what_the_table_says(self, name: str) -> None:
        assert addresses()[name].callback.needed == NEEDED[name]  # type: ignore[attr-defined]  # the gate's mark


class Rows:
    """One of everything, in one organisation; made anew for each try, as a try may take it away."""

    def __init__(self, organisation: Organisation, circle: Circle, staff: dict[Role, Person], now: datetime) -> None:
        self.organisation, self.circle, self.now = organisation, circle, now
        self.staff = staff

    def case(self) -> Case:
        return put_case(self.circle, priority=Priority.OTHER, now=self.now, subject=self.circle.members.get(role="buddy").person)

    def decision(self) -> Decision:
        case = self.case()
        return Decision.objects.create(
            case=case, kind="warn", clause="respect", by=self.staff[Role.MODERATOR], at=self.now, in_force_at=self.now
        )

    def widening(self) -> Widening:
        return Widening.objects.create(
            case=self.case(), lines=30, reason_sealed=b"x", asked_by=self.staff[Role.MODERATOR], asked_at=self.now
        )

    def appeal(self) -> Appeal:
        decision = self.decision()
        Case.objects.filter(id=decision.case_id).update(state=CaseState.APPEALED, decided_at=self.now)
        return Appeal.objects.create(decision=decision, person=self.circle.members.get(role="buddy").person, at=self.now, due_at=self.now)

    def escalation(self) -> Escalation:
        return Escalation.objects.create(
            escalation_id=uuid4(), circle=self.circle, conversation=self.circle.conversation, by=self.circle.members.get(role="buddy").person,
            urgency="today", data_key=DataKey.objects.make(now=self.now), at=self.now, due_at=self.now,
        )  # fmt: skip

    def shift(self) -> Shift:
        return Shift.objects.create(
            organisation=self.organisation, person=self.staff[Role.MODERATOR], weekday=Shift.objects.count() % 7,
            begins=time(Shift.objects.count() // 7 % 24), ends=time(0),
        )  # fmt: skip

    def absence(self) -> Absence:
        return Absence.objects.create(person=self.staff[Role.MODERATOR], first_date=date(2026, 3, 1), last_date=date(2026, 3, 2))

    def word_list(self) -> WordList:
        count = WordList.objects.count() + 1
        return WordList.objects.create(
            organisation=self.organisation, language="nl", version=count, text="", review_by=date(2026, 9, 1), made_at=self.now
        )

    def template(self) -> Template:
        return Template.objects.create(organisation=self.organisation, name=str(uuid4()), kind="warn", language="nl", text="Dag")

    def of(self, parameter: str, name: str) -> UUID:
        made: dict[str, Callable[[], Any]] = {
            "case_id": self.case,
            "row_id": self.widening if name.startswith("widen") else self.decision,
            "appeal_id": self.appeal,
            "escalation_id": self.escalation,
            "shift_id": self.shift,
            "absence_id": self.absence,
            "list_id": self.word_list,
            "template_id": self.template,
            "person_id": lambda: self.staff[Role.MODERATOR],
            "programme_id": lambda: make_programme(organisation=self.organisation),
        }
        found: UUID = made[parameter]().id
        return found


def staff_of(organisation: Organisation, now: datetime) -> dict[Role, Person]:
    return {role: make_person(role=role, organisation=organisation, now=now) for role in STAFF}


def rows_in(organisation: Organisation, now: datetime) -> Rows:
    """With one of each role, and a circle that the coordinator of these answers for."""
    staff = staff_of(organisation, now)
    people = [make_person(organisation=organisation, now=now), make_person(role=Role.BUDDY, organisation=organisation, now=now)]
    deputy = make_person(role=Role.COORDINATOR, organisation=organisation, now=now)
    programme = make_programme(organisation=organisation)
    circle = make_circle(people=people, coordinator=staff[Role.COORDINATOR], deputy=deputy, programme=programme, now=now)
    return Rows(organisation, circle, staff, now)


def knock(client: Client, name: str, rows: Rows | None) -> int:
    """Both ways in: the status of the first that is a way at all. Without rows: what nobody has."""
    pattern = addresses()[name]
    given: dict[str, Any] = {}
    for parameter in pattern.pattern.converters:
        if parameter == "version":
            given[parameter] = 1
        elif parameter == "language":
            given[parameter] = "nl" if rows else "xx"
        else:
            given[parameter] = rows.of(parameter, name) if rows else uuid4()
    address = reverse(f"console:{name}", kwargs=given)
    read = client.get(address)
    if read.status_code != 405:
        return read.status_code
    return client.post(address, {"version": "1"}).status_code


class TestEveryRole:
    @pytest.mark.parametrize("role", STAFF, ids=[role.value for role in STAFF])
    def test_gets_in_exactly_where_the_map_lets_it(self, role: Role, now: datetime) -> None:
        ours, theirs = rows_in(make_organisation(now=now), now), rows_in(make_organisation(name="Anderen", now=now), now)
        client = sign_in(ours.staff[role])
        wrong = []
        for name, needed in NEEDED.items():
            may = not needed or bool(needed & MAY[role])
            has_place = any(one not in {"version", "language"} for one in addresses()[name].pattern.converters)
            own = knock(client, name, ours)
            if may and (own in {403, 404} or own >= 500) and (name, role) not in SELDOM:
                wrong.append((name, "own", own))
            if not may and own != 403:
                wrong.append((name, "own", own))
            for whose, found in (("another's", knock(client, name, theirs)), ("nobody's", knock(client, name, None))):
                if has_place and found != (404 if may else 403):
                    wrong.append((name, whose, found))
        assert wrong == [], wrong

    @pytest.mark.parametrize("name", sorted(NEEDED))
    def test_nobody_else_comes_in(self, client: Client, name: str, now: datetime) -> None:
        assert knock(client, name, None) == 302  # to the sign-in

    def test_no_member_comes_in_even_signed_in(self, fatima: Person) -> None:
        assert {knock(sign_in(fatima), name, None) for name in ("home", "queue", "circles")} <= {302, 403}


# Roles that may do such a thing, and not to what was put there for this test.
SELDOM = {
    *(("come_back", role) for role in (Role.COORDINATOR, Role.REVIEWER)),  # a moderator's absence: one's own could be taken back
    *(("seen_to", role) for role in (Role.LEAD, Role.ADMINISTRATOR)),  # nobody asked for a talk
}
