"""Who looks at meetings: the words they read, and what they may do here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import UNSET

from accounts.models import Person
from chat import frames
from meetings import policy
from web.plain.times import said_time, said_zone, today_in


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, where, in which words, and when."""

    person: Person
    card: frames.Card
    words: Mapping[str, Any]
    now: datetime

    @property
    def meet(self) -> Mapping[str, Any]:
        """The words of meetings."""
        found: Mapping[str, Any] = self.words["meet"]
        return found

    @property
    def may_write(self) -> bool:
        return self.card.state == "open" and not self.card.left

    @property
    def may_plan(self) -> bool:
        """Nothing new is asked in a conversation that is about to close."""
        return self.may_write and self.card.closes_at is UNSET

    def may_move(self, meeting: frames.Meeting) -> bool:
        roles = {member.number: member.role for member in self.card.members if not member.left}
        return policy.may_move(meeting, self.card.you, is_pair=self.card.kind == "pair", roles=roles)

    def said(self, moment: frames.MeetingTime, zone: str) -> str:
        """A time on the clock of `zone`; of which town that is, where it is not the person's own."""
        when = said_time(moment, self.words, today=today_in(zone, self.now))
        return when if zone == self.person.zone else f"{when} ({said_zone(zone, self.words)})"

    def names(self, numbers: Iterable[int]) -> list[str]:
        known = {member.number: member.name for member in self.card.members}
        return [str(self.words["you"]) if number == self.card.you else known.get(number, "?") for number in numbers]
