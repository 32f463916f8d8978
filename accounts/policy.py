"""Who may do what to whom, among people. `by` is absent when the operator works on the command line.

Which organisation somebody belongs to is not known here; `programmes.handlers` refuses strangers.
"""

from accounts.models import Person, Role
from accounts.models.people import LEAST_BUDGET, MOST_BUDGET
from core.errors import Invalid

STEPS = (50, 80, 100)  # per cent of a month's bytes
_SUPPORTED = frozenset({Role.PARTICIPANT, Role.BUDDY})


def may_add(by: Person | None, role: Role) -> bool:
    """Coordinators add those they support; only an administrator adds staff."""
    return _answers_for(by, role)


def may_invite(by: Person | None, person: Person) -> bool:
    """Whoever may add a person may let a phone of theirs in; coordinators also their own."""
    return _answers_for(by, Role(person.role)) or (by == person and Role(person.role).answers_for_circles)


def may_suspend(by: Person | None, person: Person) -> bool:
    """Nobody suspends themselves, so that nobody locks the last administrator out by mistake."""
    return by != person and _answers_for(by, Role(person.role))


def may_erase(by: Person | None, person: Person) -> bool:
    """There is no way back: leads and administrators do it, for those whom the organisation supports; never for staff, who answer for acts."""
    is_supported = Role(person.role) in _SUPPORTED
    return is_supported and (by is None or by.role in {Role.LEAD, Role.ADMINISTRATOR})


def may_lift_suspension(by: Person | None, person: Person) -> bool:
    """Who may suspend, and whoever looks again at decisions: what they overturn, they undo."""
    return may_suspend(by, person) or (by is not None and by.role == Role.REVIEWER and Role(person.role) in _SUPPORTED)


def may_change(by: Person | None, person: Person) -> bool:
    """Of who is erased, there is nothing to change."""
    return person.erased_at is None and (by == person or _answers_for(by, Role(person.role)))


def may_let_staff_in(by: Person | None, person: Person) -> bool:
    """Only an administrator gives passwords and forgets second factors, and never their own: another one does that."""
    return Role(person.role).is_for_staff and by != person and (by is None or by.role == Role.ADMINISTRATOR)


def may_sign_out(by: Person | None, person: Person) -> bool:
    """Somebody whose phone is stolen calls their coordinator."""
    return by == person or _answers_for(by, Role(person.role))


def step_of(used: int, budget: int | None) -> int:
    """How far into their month's bytes somebody is: 50, 80 or 100 per cent, or 0 below that and without a budget."""
    return 0 if budget is None else max((step for step in STEPS if used * 100 >= step * budget), default=0)


def leaves_no_room_for_media(step: int) -> bool:
    """From 80 per cent on what is left is for words."""
    return step >= 80


def leaves_no_room_for_a_socket(step: int) -> bool:
    """At 100 per cent words go by POST alone, where nothing comes that was not asked for. Safety is never counted against anybody."""
    return step >= 100


def ensure_budget_can_be_kept(budget: int | None) -> None:
    """:raises Invalid:"""
    if budget is not None and not LEAST_BUDGET <= budget <= MOST_BUDGET:
        raise Invalid(problems={"data_budget": [f"Give between {LEAST_BUDGET:,} and {MOST_BUDGET:,} bytes a month, or null for no limit."]})


def _answers_for(by: Person | None, role: Role) -> bool:
    if by is None or by.role == Role.ADMINISTRATOR:
        return True
    return Role(by.role).answers_for_circles and role in _SUPPORTED
