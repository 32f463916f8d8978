"""One of everything that the console has an address for, in one organisation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Self
from uuid import UUID, uuid4

from accounts.models import Person, Role
from moderation.models import (
    Absence,
    Appeal,
    Case,
    CircleTask,
    Decision,
    Escalation,
    Evidence,
    Shift,
    Statement,
    Template,
    Widening,
    WordList,
)
from moderation.permissions import MAY
from moderation.words import CaseState, Priority
from privacy.models import DataKey
from programmes.models import Circle, Organisation
from tests.factories import make_circle, make_organisation, make_person, make_programme
from tests.moderation.duty import put_case


@dataclass
class Desk:
    """Staff of each role and a circle that its coordinator answers for. Rows are made anew for each try, as a try may take one away."""

    organisation: Organisation
    circle: Circle
    staff: dict[Role, Person]
    now: datetime
    kept: dict[tuple[str, bool], Any] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, *, now: datetime) -> Self:
        organisation = make_organisation(name=name, now=now)
        staff = {role: make_person(role=role, organisation=organisation, now=now) for role in MAY}
        people = [make_person(role=role, organisation=organisation, now=now) for role in (Role.PARTICIPANT, Role.BUDDY)]
        deputy = make_person(role=Role.COORDINATOR, organisation=organisation, now=now)
        programme = make_programme(organisation=organisation)
        circle = make_circle(people=people, coordinator=staff[Role.COORDINATOR], deputy=deputy, programme=programme, now=now)
        return cls(organisation, circle, staff, now)

    def one(self, parameter: str, name: str) -> Any:
        """What stands in an address called `name` in the place of `parameter`."""
        if parameter in {"version", "language"}:
            return {"version": 1, "language": "nl"}[parameter]
        made: dict[str, Callable[[], Any]] = {
            "case_id": self.case,
            "row_id": self.widening if name.startswith("widen") else self.decision,
            "evidence_id": self.evidence_again if name.endswith("_again") else self.evidence,
            "appeal_id": self.appeal,
            "escalation_id": self.escalation,
            "task_id": self.task,
            "statement_id": self.statement,
            "shift_id": self.shift,
            "absence_id": self.absence,
            "list_id": self.word_list,
            "template_id": self.template,
            "person_id": lambda: self.staff[Role.MODERATOR],
            "programme_id": lambda: make_programme(organisation=self.organisation),
        }
        found: UUID = made[parameter]().id
        return found

    def the_one(self, parameter: str, name: str) -> Any:
        """The same each time: for who gets nowhere with it."""
        key = parameter, name.startswith("widen")
        if key not in self.kept:
            self.kept[key] = self.one(parameter, name)
        return self.kept[key]

    @property
    def buddy(self) -> Person:
        return self.circle.members.get(role="buddy").person

    def case(self) -> Case:
        return put_case(self.circle, priority=Priority.OTHER, now=self.now, subject=self.buddy)

    def evidence(self, case: Case | None = None) -> Evidence:
        """A photo."""
        kept = {"seq": 1, "kind": "message", "media_type": "image/webp", "media_sealed": b"x", "digest": b"x"}
        return Evidence.objects.create(case=case or self.case(), **kept, at=self.now, taken_at=self.now)

    def evidence_again(self) -> Evidence:
        """Of the newest appeal."""
        return self.evidence(Appeal.objects.order_by("-id")[0].decision.case)

    def decision(self) -> Decision:
        made = {"case": self.case(), "kind": "warn", "clause": "respect", "by": self.staff[Role.MODERATOR]}
        return Decision.objects.create(**made, at=self.now, in_force_at=self.now)

    def task(self) -> CircleTask:
        return CircleTask.objects.create(circle=self.circle, decision=self.decision(), what="talk", at=self.now)

    def statement(self) -> Statement:
        """To somebody who was shut out."""
        Person.objects.filter(id=self.buddy.id).update(suspended_at=self.now)
        decision = self.decision()
        told = {"kind": "restriction", "facts": {"kind": "warn", "clause": "respect"}}
        return Statement.objects.create(person=self.buddy, case=decision.case, decision=decision, at=self.now, **told)

    def widening(self) -> Widening:
        asked = {"lines": 30, "reason_sealed": b"x", "asked_by": self.staff[Role.MODERATOR], "asked_at": self.now}
        return Widening.objects.create(case=self.case(), **asked)

    def appeal(self) -> Appeal:
        decision = self.decision()
        Case.objects.filter(id=decision.case_id).update(state=CaseState.APPEALED, decided_at=self.now)
        return Appeal.objects.create(decision=decision, person=self.buddy, at=self.now, due_at=self.now)

    def escalation(self) -> Escalation:
        return Escalation.objects.create(
            escalation_id=uuid4(), circle=self.circle, conversation=self.circle.conversation, by=self.buddy, urgency="today",
            data_key=DataKey.objects.make(now=self.now), at=self.now, due_at=self.now,
        )  # fmt: skip

    def shift(self) -> Shift:
        count = Shift.objects.count()
        begins = time(count // 7 % 24)
        person = self.staff[Role.MODERATOR]
        return Shift.objects.create(organisation=self.organisation, person=person, weekday=count % 7, begins=begins, ends=time(0))

    def absence(self) -> Absence:
        return Absence.objects.create(person=self.staff[Role.MODERATOR], first_date=date(2026, 3, 1), last_date=date(2026, 3, 2))

    def word_list(self) -> WordList:
        made = {"language": "nl", "version": WordList.objects.count() + 1, "text": "", "review_by": date(2026, 9, 1)}
        return WordList.objects.create(organisation=self.organisation, made_at=self.now, **made)

    def template(self) -> Template:
        return Template.objects.create(organisation=self.organisation, name=str(uuid4()), kind="warn", language="nl", text="Dag")
