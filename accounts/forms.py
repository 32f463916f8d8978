"""Forms of the back office."""

from datetime import datetime

from django import forms

from accounts.actions import people
from accounts.models import Language, Person, Role
from accounts.names import LONGEST_NAME
from core.errors import DomainError, Invalid


class AddPersonForm(forms.Form):
    """Somebody new: what a coordinator knows after the first talk."""

    name = forms.CharField(max_length=LONGEST_NAME)
    role = forms.ChoiceField(choices=Role.choices)
    phone = forms.CharField(max_length=32, required=False, help_text="Such as 0470 12 34 56.")
    language = forms.ChoiceField(choices=Language.choices)
    username = forms.CharField(max_length=150, required=False, help_text="Staff only: the name they sign in with.")

    def add(self, *, by: Person, now: datetime) -> Person | None:
        """Add the person, or put what is wrong beside the field it is about."""
        wanted = self.cleaned_data
        try:
            return people.add(
                role=Role(wanted["role"]),
                name=wanted["name"],
                phone=wanted["phone"] or None,
                language=Language(wanted["language"]),
                username=wanted["username"] or None,
                by=by,
                now=now,
            )
        except Invalid as problem:
            for field, sentences in problem.facts["problems"].items():
                self.add_error(field, sentences)
        except DomainError as problem:
            self.add_error(None, problem.sentence)
        return None
