"""What `chat` asks when somebody flags, or asks for a professional: `CHAT_SAFETY` in the settings names this."""

from datetime import datetime
from uuid import UUID

from msgspec import UNSET

from chat import frames
from moderation import deadlines, policy, roster
from moderation.actions import escalations, flags
from moderation.models import Escalation, Flag
from moderation.words import FlagReason, Urgency


class Safety:
    """Hands over to the actions, and says what the member may count on."""

    def flag(self, flag: frames.Flag, *, by_id: UUID, now: datetime) -> frames.Flagged:
        kept = flags.flag(
            by_id=by_id,
            conversation_id=flag.conversation,
            flag_id=flag.flag_id,
            reason=FlagReason(flag.reason),
            target=flag.target,
            member=flag.member,
            words=flag.words,
            now=now,
        )
        return _receipt_of_flag(kept, ref=flag.ref, now=now)

    def escalate(self, escalate: frames.Escalate, *, by_id: UUID, now: datetime) -> frames.Escalated:
        kept = escalations.escalate(
            by_id=by_id,
            conversation_id=escalate.conversation,
            escalation_id=escalate.escalation_id,
            urgency=Urgency(escalate.urgency),
            words=escalate.words,
            now=now,
        )
        return _receipt_of_escalation(kept, ref=escalate.ref, now=now)


def _receipt_of_flag(flag: Flag, *, ref: int, now: datetime) -> frames.Flagged:
    """Until when somebody looks follows from this flag alone: the case may be due sooner, and that would tell of other flags.

    Where nobody is there, nobody is promised before somebody is; the case is called and handed up by its own, shorter, term.
    """
    organisation_id = flag.case.organisation_id
    there = roster.on_duty(organisation_id, now=now)
    rules = roster.rules_of(organisation_id)
    priority = policy.OF_REASON[FlagReason(flag.reason)]
    answer_by = deadlines.due_at(rules, priority, at_work=bool(there.at_work), now=flag.at)
    if not there:
        answer_by = max(answer_by, roster.at_work_from(organisation_id, now=flag.at))
    return frames.Flagged(ref, flag.flag_id, flag.at, answer_by, on_duty=bool(there))


def _receipt_of_escalation(escalation: Escalation, *, ref: int, now: datetime) -> frames.Escalated:
    """Somebody who has it and is at work now: then the device need not say that nobody is there."""
    organisation_id = escalation.circle.programme.organisation_id
    has_it = escalation.assigned_to
    is_there = has_it is not None and has_it.id in roster.on_duty(organisation_id, now=now).at_work
    return frames.Escalated(
        ref, escalation.escalation_id, escalation.at, escalation.due_at, name=has_it.name if has_it else UNSET, on_duty=is_there
    )
