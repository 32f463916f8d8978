"""Forms of the pages beside the cases: roster, circles, appeals, lists."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from accounts.models import Person
from console.reading import staff

_CLOCK = forms.TimeInput(attrs={"type": "time"})
_DAY = {"type": "date"}
_CHOOSE = {"required": "Kies een collega.", "invalid_choice": "Kies een collega."}


class _OfColleagues(forms.Form):
    """A form in which colleagues are chosen; whoever left meanwhile is refused."""

    def __init__(self, *args: Any, colleagues: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = staff.choices(colleagues)
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField) and field.coerce is UUID:
                field.choices = people if field.required else [("", "–"), *people]


class ShiftForm(_OfColleagues):
    person = forms.TypedChoiceField(label="Wie", coerce=UUID, error_messages=_CHOOSE)
    weekday = forms.TypedChoiceField(label="Dag", coerce=int, choices=list(enumerate(staff.DAYS)))
    begins = forms.TimeField(label="Van", widget=_CLOCK, initial="09:00")
    ends = forms.TimeField(label="Tot", widget=_CLOCK, initial="17:00", help_text="Vroeger dan het begin: tot de volgende dag.")
    on_call = forms.BooleanField(label="alleen bereikbaar per telefoon", required=False)


class AbsenceForm(_OfColleagues):
    person = forms.TypedChoiceField(label="Wie", coerce=UUID, required=False, empty_value=None, help_text="Leeg: jijzelf.")
    first = forms.DateField(label="Eerste dag", widget=forms.DateInput(attrs=_DAY))
    last = forms.DateField(label="Laatste dag", widget=forms.DateInput(attrs=_DAY))
    stand_in = forms.TypedChoiceField(label="Vervanger", coerce=UUID, required=False, empty_value=None)


class VersionForm(forms.Form):
    """A button on something that others may have changed meanwhile."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ClosingForm(VersionForm):
    note = forms.CharField(
        label="Wat er gedaan is (voor collega’s)",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Zeg wat er gedaan is."},
    )
    answer = forms.CharField(
        label="Antwoord (voor wie het vroeg)",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Gewone woorden. Leeg: ze lezen alleen dat het afgerond is.",
    )
