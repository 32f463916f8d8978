"""How a circle looks to somebody in it."""

from typing import Any

from rest_framework import serializers

from accounts.models import Person
from accounts.phones import hint_of
from programmes.models import Circle, CircleKind, CircleMember, MemberRole, State, WorkingModel


class ProfessionalAnswer(serializers.Serializer[Any]):
    """Somebody who answers for the circle, and enough of their number to recognise it when they call."""

    person_id = serializers.UUIDField()
    name = serializers.CharField()
    phone_hint = serializers.CharField(allow_null=True)


class ProgrammeAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    working_model = serializers.ChoiceField(choices=WorkingModel.choices)


class MemberAnswer(serializers.Serializer[Any]):
    """Before the introduction the others have a role and no name."""

    person_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    role = serializers.ChoiceField(choices=MemberRole.choices)
    is_me = serializers.BooleanField()
    has_agreed = serializers.BooleanField()
    has_joined = serializers.BooleanField()


class CircleAnswer(serializers.Serializer[Any]):
    coordinator = ProfessionalAnswer(allow_null=True)
    deputy = ProfessionalAnswer(allow_null=True)
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=CircleKind.choices)
    state = serializers.ChoiceField(choices=State.choices)
    programme = ProgrammeAnswer()
    members = MemberAnswer(many=True)
    may_resume = serializers.BooleanField(help_text="It is paused, and this person may end the rest.")
    closes_at = serializers.DateTimeField(allow_null=True, help_text="When its conversation stops taking messages; null until it ends.")


class CircleList(serializers.Serializer[Any]):
    circles = CircleAnswer(many=True)


def describe(circle: Circle, *, to: Person) -> dict[str, Any]:
    """A circle from `with_people()`, as one person may see it: those who joined see each other, an invitation shows nobody."""
    members: list[CircleMember] = circle.present_members  # type: ignore[attr-defined]  # from with_people()
    answers_for_it = to.id in {circle.coordinator_id, circle.deputy_id}
    has_joined = any(member.person_id == to.id and member.joined_at is not None for member in members)
    return {
        "coordinator": _professional(circle.coordinator),
        "deputy": _professional(circle.deputy),
        "id": circle.id,
        "kind": circle.kind,
        "state": circle.state,
        "programme": circle.programme,
        "members": [_member(m, to=to, is_met=answers_for_it or (has_joined and m.joined_at is not None)) for m in members],
        "may_resume": circle.state == State.PAUSED and (answers_for_it or (has_joined and circle.paused_by_id == to.id)),
        "closes_at": circle.closes_at(),
    }


def _professional(person: Person | None) -> dict[str, Any] | None:
    return {"person_id": person.id, "name": person.name, "phone_hint": hint_of(person.phone)} if person else None


def _member(member: CircleMember, *, to: Person, is_met: bool) -> dict[str, Any]:
    is_me = member.person_id == to.id
    is_shown = is_me or is_met
    return {
        "person_id": member.person_id if is_shown else None,
        "name": member.person.name if is_shown else None,
        "role": member.role,
        "is_me": is_me,
        "has_agreed": member.agreed_at is not None,
        "has_joined": member.joined_at is not None,
    }
