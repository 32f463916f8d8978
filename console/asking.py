"""Forms of the pages beside the cases: roster, circles, appeals, lists."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from accounts.models import Language, Person
from console.reading import staff
from moderation.actions import choices
from moderation.models import PreModeration, Template
from moderation.words import DecisionKind, SignalClass

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
                field.choices = [("", "Kies…" if field.required else "–"), *people]


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


class RulesForm(forms.Form):
    """The choices of an organisation, within the ends that `moderation.actions.choices` keeps."""

    labels: ClassVar[dict[str, str]] = {
        "danger_minutes": "Direct gevaar, als er iemand aan het werk is (minuten)",
        "danger_on_call_minutes": "Direct gevaar, als iemand per telefoon bereikbaar is (minuten)",
        "safeguarding_minutes": "Veiligheid en geld (minuten)",
        "harassment_minutes": "Pesten en haat (minuten)",
        "other_minutes": "Overige (minuten)",
        "appeal_days": "Beroep (dagen)",
        "lease_minutes": "Hoe lang iemand een dossier houdt (minuten)",
        "first_weeks": "Weken waarin contactgegevens opvallen",
        "most_distressing": "Zware dossiers per dag en collega, hoogstens",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in choices.BOUNDS.items():
            told = f"Van {least} tot {most}."
            self.fields[name] = forms.IntegerField(label=self.labels[name], min_value=least, max_value=most, help_text=told)


class BeforeForm(forms.Form):
    """Whether the groups of one programme are moderated before."""

    holds = forms.ChoiceField(
        label="Berichten in groepen",
        choices=[("none", "gaan meteen door"), ("signals", "wachten als er iets opvalt"), ("all", "wachten allemaal")],
    )
    hours = forms.IntegerField(label="Hoogstens (uren)", min_value=1, max_value=72)

    @classmethod
    def of(cls, chosen: PreModeration | None, *, prefix_id: UUID) -> "BeforeForm":
        initial = {"holds": chosen.holds, "hours": chosen.hours} if chosen else {"holds": "none", "hours": 24}
        return cls(initial=initial, auto_id=f"before_{prefix_id}_%s")


class TemplateForm(forms.Form):
    """Words to begin from when somebody decides."""

    name = forms.CharField(label="Naam", max_length=80)
    kind = forms.ChoiceField(label="Bij welke beslissing", choices=DecisionKind.choices)
    about = forms.ChoiceField(label="Waarover", required=False, choices=[("", "alles"), *SignalClass.choices])
    language = forms.ChoiceField(label="Taal", choices=Language.choices)
    text = forms.CharField(label="Tekst", max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, instance_of: Template | None = None, **kwargs: Any) -> None:
        if instance_of is not None:
            initial = {name: getattr(instance_of, name) for name in ("name", "kind", "about", "language", "text")}
            kwargs = {"initial": initial, "auto_id": f"template_{instance_of.id}_%s", **kwargs}
        super().__init__(*args, **kwargs)


class ListForm(forms.Form):
    """A new version of the organisation's own list."""

    language = forms.ChoiceField(label="Taal", choices=Language.choices)
    text = forms.CharField(
        label="Lijst (TOML)", widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "dir": "auto"}), strip=False
    )


class AnswerForm(VersionForm):
    """What whoever looked again decides."""

    outcome = forms.ChoiceField(
        label="Uitkomst",
        choices=[("upheld", "De beslissing blijft"), ("overturned", "De beslissing wordt herzien")],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="Waarom (dit leest wie in beroep ging)",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Zeg in gewone woorden waarom."},
    )
