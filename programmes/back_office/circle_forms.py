"""Forms about circles: who is in one, who answers for it, and why it ends."""

from typing import Any

from django import forms

from accounts.models import Person, Role
from programmes import policy
from programmes.back_office.choices import choices_of, people_of, professionals_of
from programmes.models import Circle, CircleKind, EndReason, MemberRole, Programme
from programmes.policy import Invited

_NOBODY = ("", "— kies —")


class KindForm(forms.Form):
    """The first half of a proposal: the other half depends on it."""

    programme = forms.ChoiceField(label="Programma")
    kind = forms.ChoiceField(label="Vorm", choices=CircleKind.choices)

    def __init__(self, *args: Any, programmes: list[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._programmes = {str(one.id): one for one in programmes}
        named = [(str(one.id), f"{one.name} · {one.organisation.name}") for one in programmes]
        self.fields["programme"].choices = named  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def chosen_programme(self) -> Programme:
        return self._programmes[self.cleaned_data["programme"]]

    @property
    def chosen_kind(self) -> CircleKind:
        return CircleKind(self.cleaned_data["kind"])


class PeopleForm(forms.Form):
    """A form that offers people as choices and gives them back as people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people: dict[str, Person] = {}

    def offer(self, name: str, label: str, people: list[Person], *, many: bool = False) -> None:
        """Add a field: one of these people, or any number of them."""
        self._people |= {str(person.id): person for person in people}
        if many:
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=choices_of(people), widget=forms.CheckboxSelectMultiple, required=False
            )
        else:
            self.fields[name] = forms.ChoiceField(label=label, choices=[_NOBODY, *choices_of(people)])

    def chosen(self, name: str) -> list[Person]:
        said = self.cleaned_data[name]
        return [self._people[one] for one in (said if isinstance(said, list) else [said])]


class CoordinatorsForm(PeopleForm):
    """Who answers for a circle."""

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        professionals = professionals_of(programme.organisation)
        self.offer("coordinator", "Coördinator", professionals)
        self.offer("deputy", "Vervanger", professionals)


class ProposeForm(CoordinatorsForm):
    """The second half of a proposal: the people."""

    def __init__(self, *args: Any, programme: Programme, kind: CircleKind, **kwargs: Any) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        self._roles = sorted(policy.ROLES_IN[kind], key=list(MemberRole).index)
        for role in self._roles:
            is_pair = kind is CircleKind.PAIR
            label = role.label.capitalize() if is_pair else _PLURALS[role]
            self.offer(role.value, label, _candidates(programme, role), many=not is_pair)
        self.order_fields([role.value for role in self._roles])

    def invited(self) -> list[Invited]:
        return [Invited(person, role) for role in self._roles for person in self.chosen(role.value)]


class NewMemberForm(PeopleForm):
    """Somebody else for a group."""

    def __init__(self, *args: Any, circle: Circle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = sorted(policy.ROLES_IN[CircleKind(circle.kind)], key=list(MemberRole).index)
        there = set(circle.members.filter(left_at=None).values_list("person_id", flat=True))
        everybody = people_of(circle.programme.organisation, Role.PARTICIPANT, Role.BUDDY)
        self.offer("person", "Wie", [person for person in everybody if person.id not in there])
        self.fields["role"] = forms.ChoiceField(label="Als", choices=[(role.value, role.label) for role in roles])


class EndForm(forms.Form):
    reason = forms.ChoiceField(label="Waarom", choices=[_NOBODY, *EndReason.choices])


_PLURALS = {
    MemberRole.PARTICIPANT: "Deelnemers",
    MemberRole.BUDDY: "Buddy's",
    MemberRole.FAMILY: "Gezinsleden",
    MemberRole.PEER: "Lotgenoten",
}


def _candidates(programme: Programme, role: MemberRole) -> list[Person]:
    return people_of(programme.organisation, Role.BUDDY if role is MemberRole.BUDDY else Role.PARTICIPANT)
