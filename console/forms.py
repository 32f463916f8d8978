"""What the forms of the console take. Each carries the version of what its reader saw."""

from datetime import UTC, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms

from moderation.words import CaseState, DecisionKind, Priority

MOST_WORDS = 2_000


class Seen(forms.Form):
    """A button: nothing to fill in."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class Filter(forms.Form):
    """What of the queue to show. Addresses are typed and kept: what is not understood is left out."""

    state = forms.ChoiceField(required=False, choices=[("", "alle open"), *CaseState.choices])
    priority = forms.ChoiceField(required=False, choices=[("", "elke"), *Priority.choices])
    mine = forms.BooleanField(required=False)
    overdue = forms.BooleanField(required=False)

    def chosen(self) -> dict[str, Any]:
        """As `queue.rows` takes it."""
        self.is_valid()
        given = self.cleaned_data
        return {
            "state": CaseState(given["state"]) if given.get("state") else None,
            "priority": Priority(int(given["priority"])) if given.get("priority") else None,
            "mine": given.get("mine", False),
            "overdue": given.get("overdue", False),
        }


class Words(Seen):
    words = forms.CharField(
        max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3}), error_messages={"required": "Zeg er een paar woorden bij."}
    )


class Triage(Seen):
    priority = forms.TypedChoiceField(coerce=lambda value: Priority(int(value)), choices=Priority.choices)


class HandOver(Seen):
    to = forms.UUIDField(error_messages={"required": "Kies een collega.", "invalid": "Kies een collega."})


class HideForNow(Seen):
    hours = forms.IntegerField(min_value=1, max_value=72, error_messages={"required": "Geef 1 tot 72 uur."})


class Hold(Seen):
    why = forms.CharField(required=False, max_length=40)


class Widen(Seen):
    lines = forms.IntegerField(min_value=6, max_value=200)
    reason = forms.CharField(max_length=MOST_WORDS, error_messages={"required": "Zeg waarom je meer moet lezen."})


class Decide(Seen):
    """`until` is a day; the measure ends when that day does, where its reader is."""

    kind = forms.TypedChoiceField(coerce=DecisionKind, choices=DecisionKind.choices, error_messages={"required": "Kies wat je beslist."})
    clause = forms.CharField(max_length=40, error_messages={"required": "Kies de huisregel waarop dit steunt."})
    words = forms.CharField(required=False, max_length=MOST_WORDS, strip=True)
    until = forms.DateField(required=False)

    ends: ClassVar[frozenset[DecisionKind]] = frozenset({DecisionKind.PAUSE_CIRCLE, DecisionKind.SUSPEND})

    def until_in(self, zone: str) -> datetime | None:
        """The end of the day that was given, if this measure has an end at all."""
        given: dict[str, Any] = self.cleaned_data
        if given["until"] is None or given["kind"] not in self.ends:
            return None
        return datetime.combine(given["until"], time.max, ZoneInfo(zone)).replace(microsecond=0).astimezone(UTC)
