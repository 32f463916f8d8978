"""What the page of one circle shows: how far it is, who said yes, and which buttons the table of states allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Person
from programmes import policy
from programmes.back_office.choices import names_of
from programmes.back_office.circle_forms import CoordinatorsForm, EndForm, NewMemberForm
from programmes.models import Circle, CircleKind, CircleMember, State
from programmes.states import NEXT, Action


@dataclass(frozen=True, slots=True)
class Button:
    """One step along the table of states."""

    deed: str
    label: str


_STEPS = {
    Action.INTRODUCE: "Laten kennismaken",
    Action.START_TRIAL: "Proefperiode starten",
    Action.ACTIVATE: "Actief maken",
    Action.PAUSE: "Pauzeren",
    Action.RESUME: "Hervatten",
}
_TAKE_OVER = Button("pause", "Zelf pauzeren")
_WHAT_NOW = {
    State.PROPOSED: "Wacht op het ja van {waiting}. Dat zeggen ze zelf, op hun eigen toestel; niemand kan het in hun plaats.",
    State.AGREED: "Iedereen zei ja. Laat ze kennismaken: vanaf dan kunnen ze met elkaar praten.",
    State.INTRODUCED: "Ze kunnen met elkaar praten. Start de proefperiode wanneer ze van start gaan.",
    State.TRIAL: "Ze proberen het uit. Loopt het goed, maak de kring dan actief.",
    State.ACTIVE: "De kring loopt.",
    State.PAUSED: "Er kan nu niet geschreven worden. Hervat de kring wanneer het weer kan.",
}
_A_MEMBERS_REST = " Een lid begon deze pauze en kan ze weer beëindigen. Pauzeer zelf als dat niet mag."


def facts_of(circle: Circle, *, by: Person) -> dict[str, Any]:
    """The page of a circle from `with_people()`."""
    may_answer = policy.may_answer_for(by, circle)
    return {
        "circle": circle,
        "names": names_of(circle),
        "kind": CircleKind(circle.kind).label,
        "state": State(circle.state).label,
        "what_now": what_now(circle) + (_A_MEMBERS_REST if policy.may_take_over_rest(by, circle) else ""),
        "way": list(_way(circle)),
        "members": list(CircleMember.objects.filter(circle=circle).select_related("person__data_key")),
        "may_answer": may_answer,
        **(_buttons(circle, by=by) if may_answer else {}),
    }


def what_now(circle: Circle) -> str:
    if circle.state == State.ENDED:
        closes_at, reason = circle.closes_at(), circle.get_end_reason_display()
        goodbye = "" if closes_at == circle.ended_at else " Er kan nog even afscheid genomen worden."
        return f"Beëindigd: {reason}.{goodbye}"
    members: list[CircleMember] = circle.present_members  # type: ignore[attr-defined]  # from with_people()
    waiting = " en ".join(member.person.name for member in members if member.agreed_at is None)
    return _WHAT_NOW[State(circle.state)].format(waiting=waiting)


def allows(circle: Circle, action: Action) -> bool:
    return (State(circle.state), action) in NEXT


def _buttons(circle: Circle, *, by: Person) -> dict[str, Any]:
    is_group = circle.kind != CircleKind.PAIR
    coordinators = {"coordinator": str(circle.coordinator_id or ""), "deputy": str(circle.deputy_id or "")}
    steps = [Button(action.value.replace("_", "-"), label) for action, label in _STEPS.items() if allows(circle, action)]
    return {
        "steps": [_TAKE_OVER, *steps] if policy.may_take_over_rest(by, circle) else steps,
        "may_remove": is_group and allows(circle, Action.REMOVE_MEMBER),
        "add_form": NewMemberForm(circle=circle) if is_group and allows(circle, Action.ADD_MEMBER) else None,
        "coordinators_form": CoordinatorsForm(programme=circle.programme, initial=coordinators)
        if allows(circle, Action.SET_COORDINATORS)
        else None,
        "end_form": EndForm() if allows(circle, Action.END) else None,
        "may_find_unsafe": circle.state == State.ENDED and circle.closes_at() != circle.ended_at,
    }


def _way(circle: Circle) -> Iterator[tuple[str, datetime]]:
    """When it reached which state, in order."""
    reached = [(state, getattr(circle, f"{state.value}_at")) for state in State]
    for state, at in sorted(
        ((state, at) for state, at in reached if at is not None), key=lambda pair: (pair[1], list(State).index(pair[0]))
    ):
        yield state.label, at
