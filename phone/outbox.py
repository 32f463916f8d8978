"""What the person wrote and the server has not answered yet. No I/O."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from phone.planned import Ask
from phone.safety import Report
from phone.wire import Command, DraftKind, Edit, Entry, Escalate, Flag, Meet, Retract, Send


class Draft(Struct):
    """One thing to say. It keeps its `draft_id` over every retry and restart, so that it is said once.

    `seq` and `sent_at` are there once the server answered; the draft stays until its entry is in the log here too.
    `ask` is of a meeting, and `body` then what was typed, which does not travel.
    `report` is a flag or a question, answered by a receipt and no entry. `held_until`: a moderator looks first.
    `refused` is the code of a refusal that no retry will change; then the words stay until the person decides.
    """

    draft_id: UUID
    conversation: UUID
    kind: DraftKind
    made_at: datetime
    body: str | None = None
    target: int | None = None
    seq: int | None = None
    sent_at: datetime | None = None
    refused: str | None = None
    ask: Ask | None = None
    report: Report | None = None
    held_until: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.seq is None and self.refused is None and self.held_until is None

    def command(self, ref: int) -> Command:
        if self.ask is not None:
            return Meet(ref, self.conversation, self.draft_id, **structs.asdict(self.ask))
        if self.report is not None:
            return self._report(ref, self.report)
        if self.kind == "edit":
            return Edit(ref, self.conversation, self.draft_id, self.target or 0, self.body or "")
        if self.kind == "retract":
            return Retract(ref, self.conversation, self.draft_id, self.target or 0)
        return Send(ref, self.conversation, self.draft_id, self.body or "")

    def _report(self, ref: int, report: Report) -> Command:
        if report.kind == "escalate":
            return Escalate(ref, self.conversation, self.draft_id, report.why, report.words)
        member = report.author if report.target is None else None
        return Flag(ref, self.conversation, self.draft_id, report.why, report.target, member, report.words)

    def entry(self, *, author: int) -> Entry:
        """The line it made, as the server would tell it to another device of its author."""
        return Entry(
            seq=self.seq or 0,
            kind=self.kind,
            author=author,
            at=self.sent_at or self.made_at,
            body=self.body,
            target=self.target,
            draft_id=self.draft_id,
        )


class Outbox(Struct):
    """Drafts in the order they were written."""

    drafts: list[Draft] = []

    def add(self, draft: Draft) -> None:
        self.drafts.append(draft)

    def find(self, draft_id: UUID | None) -> Draft | None:
        return next((draft for draft in self.drafts if draft.draft_id == draft_id), None)

    def drop(self, draft_id: UUID | None) -> None:
        self.drafts = [draft for draft in self.drafts if draft.draft_id != draft_id]

    def of(self, conversation: UUID) -> list[Draft]:
        return [draft for draft in self.drafts if draft.conversation == conversation]

    def next_of_each(self) -> list[Draft]:
        """The oldest waiting draft of each conversation: one at a time keeps the order whatever is refused for now."""
        first: dict[UUID, Draft] = {}
        for draft in self.drafts:
            if draft.waits:
                first.setdefault(draft.conversation, draft)
        return list(first.values())

    def forget_places(self) -> None:
        """The log began afresh: no place in it is what it was. Answered drafts ask again where they stand now."""
        for draft in self.drafts:
            draft.seq = draft.sent_at = draft.held_until = None
            if draft.report is not None:
                draft.report.target = None  # that place may be another message now: it is about who wrote it
            if draft.target is not None and draft.refused is None:
                draft.refused = "entry_not_found"
