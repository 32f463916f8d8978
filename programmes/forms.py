"""Forms of the back office about organisations and programmes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms import AddPersonForm
from accounts.models import Language, Person, Role
from accounts.names import LONGEST_NAME
from programmes.actions import organisations, programmes
from programmes.back_office.choices import organisations_of
from programmes.models import LARGEST_CIRCLE, Organisation, Programme, WorkingModel

Clock = Callable[[], datetime]


class OrganisationForm(forms.Form):
    name = forms.CharField(label="Naam", max_length=LONGEST_NAME)
    language = forms.ChoiceField(label="Taal", choices=Language.choices)
    zone = forms.CharField(label="Tijdzone", max_length=64)

    def add(self, *, by: Person, now: Clock) -> Organisation:
        return organisations.add(**self._wanted(), by=by, now=now())

    def change(self, organisation: Organisation, *, by: Person, now: Clock) -> Organisation:
        return organisations.change(organisation=organisation, **self._wanted(), by=by, now=now())

    def _wanted(self) -> dict[str, Any]:
        return {**self.cleaned_data, "language": Language(self.cleaned_data["language"])}


class ChangeProgrammeForm(forms.Form):
    """A programme stays with its organisation."""

    name = forms.CharField(label="Naam", max_length=LONGEST_NAME)
    working_model = forms.ChoiceField(label="Werkwijze", choices=WorkingModel.choices)
    grace_days = forms.IntegerField(
        label="Dagen om afscheid te nemen", initial=7, help_text="Zo lang kan er nog geschreven worden in een kring die beëindigd is."
    )
    max_members = forms.IntegerField(label="Leden per kring, hoogstens", initial=LARGEST_CIRCLE, help_text="Een duo heeft er altijd twee.")

    def change(self, programme: Programme, *, by: Person, now: Clock) -> Programme:
        return programmes.change(programme=programme, **self._wanted(), by=by, now=now())

    def _wanted(self) -> dict[str, Any]:
        return {**self.cleaned_data, "working_model": WorkingModel(self.cleaned_data["working_model"])}


class ProgrammeForm(ChangeProgrammeForm):
    organisation = forms.ModelChoiceField(label="Organisatie", queryset=Organisation.objects.order_by("name"))
    field_order = ("organisation",)

    def add(self, *, by: Person, now: Clock) -> Programme:
        return programmes.add(**self._wanted(), by=by, now=now())


class AddOwnPersonForm(AddPersonForm):
    """Somebody new in an organisation; who has one organisation need not say which."""

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        mine = organisations_of(by)
        is_free = by.role == Role.ADMINISTRATOR
        if len(mine) > 1 or (is_free and mine):
            choices = Organisation.objects.filter(id__in=[one.id for one in mine]).order_by("name")
            self.fields["organisation"] = forms.ModelChoiceField(
                label="Organisatie",
                queryset=choices,
                required=not is_free,
                initial=mine[0] if len(mine) == 1 else None,
                help_text="Een beheerder mag dit leeg laten." if is_free else "",
            )


class WelcomeForm(forms.Form):
    """Somebody joins an organisation."""

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ModelChoiceField(label="Organisatie", queryset=organisations.order_by("name"))
