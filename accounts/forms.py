"""Forms of the back office about people."""

from datetime import datetime
from typing import Any

from django import forms

from accounts import policy
from accounts.actions import people
from accounts.models import Language, Person, Role
from accounts.names import LONGEST_NAME


class AddPersonForm(forms.Form):
    """Somebody new: what a coordinator knows after the first talk."""

    name = forms.CharField(label="Naam", max_length=LONGEST_NAME)
    role = forms.ChoiceField(label="Rol")
    phone = forms.CharField(label="Telefoon", max_length=32, required=False, help_text="Zoals 0470 12 34 56. Mag leeg blijven.")
    language = forms.ChoiceField(label="Taal", choices=Language.choices)
    username = forms.CharField(
        label="Aanmeldnaam", max_length=150, required=False, help_text="Alleen voor medewerkers: de naam waarmee ze zich hier aanmelden."
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role in Role if policy.may_add(by, role)]
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]  # a ChoiceField
        if not any(role.is_for_staff for role in roles):
            del self.fields["username"]

    def add(self, *, by: Person, now: datetime) -> Person:
        """:raises DomainError: what `people.add` says."""
        wanted = self.cleaned_data
        return people.add(
            role=Role(wanted["role"]),
            name=wanted["name"],
            phone=wanted["phone"] or None,
            language=Language(wanted["language"]),
            username=wanted.get("username") or None,
            by=by,
            now=now,
        )


class ChangePersonForm(forms.Form):
    """What may have been misheard, or changed since."""

    name = forms.CharField(label="Naam", max_length=LONGEST_NAME)
    phone = forms.CharField(label="Telefoon", max_length=32, required=False, help_text="Leeg: geen nummer.")
    language = forms.ChoiceField(label="Taal", choices=Language.choices)

    @classmethod
    def of(cls, person: Person) -> "ChangePersonForm":
        return cls(initial={"name": person.name, "phone": person.phone or "", "language": person.language})

    def change(self, person: Person, *, by: Person, now: datetime) -> Person:
        """:raises DomainError: what `people.update_settings` says."""
        wanted = self.cleaned_data
        language = Language(wanted["language"])
        return people.update_settings(person=person, name=wanted["name"], phone=wanted["phone"], language=language, by=by, now=now)
