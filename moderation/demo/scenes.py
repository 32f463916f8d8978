"""Where a scene of the demo takes place, and who says what there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chat import frames
from chat.actions.entries import append_draft
from chat.drafts import Draft
from chat.models import Conversation, Entry
from core.ids import new_id
from programmes.demo import ORGANISATION


@dataclass(frozen=True, slots=True)
class Scene:
    """A conversation in which nothing was said yet, and its people by name."""

    conversation: Conversation
    people: dict[str, UUID]

    def says(self, name: str, words: str, *, now: datetime) -> int:
        """Where in the log it stands then."""
        return append_draft(draft=Draft(self.people[name], self.conversation.id, new_id(), "message", words), now=now).seq

    def meets(self, name: str, *, now: datetime, **asked: object) -> None:
        """Ask something of a meeting, in the fields of the frame."""
        place = (self.conversation.id, new_id())
        meet = frames.Meet(1, *place, **asked)  # type: ignore[arg-type]  # the frame's own names
        append_draft(draft=Draft(self.people[name], *place, "meeting", meet=meet), now=now)

    def says_all(self, lines: Sequence[tuple[str, str]], *, now: datetime) -> list[int]:
        return [self.says(name, words, now=now) for name, words in lines]


def scene_of(names: Collection[str]) -> Scene | None:
    """Where just these talk; nothing among others, and where somebody talked already."""
    of_the_demo = Conversation.objects.filter(circle__programme__organisation__name=ORGANISATION).select_related(
        "circle__programme__organisation"
    )
    for conversation in of_the_demo.prefetch_related("members__person__data_key"):
        people = {member.person.name: member.person_id for member in conversation.members.all()}
        if people.keys() == set(names) and not Entry.objects.filter(conversation=conversation).exists():
            return Scene(conversation, people)
    return None
