"""The housekeeping that no person waits for; each is done once in its time, by whichever worker comes first."""

from datetime import datetime

from django.core.management import call_command

from audit import signed_heads
from audit.log import current_head
from chat.actions import conversations
from moderation.actions import cases, classifying, climbing, decisions, duties, forgetting, holding, interim, lists
from notifications.actions.periodic import every
from privacy import retention


@every(minutes=1, in_steps=True)
def close_due_conversations(*, now: datetime) -> None:
    conversations.close_due(now=now)


@every(minutes=1, in_steps=True)
def look_at_deadlines(*, now: datetime) -> None:
    duties.look_at_deadlines(now=now)
    climbing.climb_due(now=now)


@every(minutes=1, in_steps=True)
def end_what_has_an_end(*, now: datetime) -> None:
    cases.lapse_due(now=now)
    interim.restore_due(now=now)
    decisions.end_due(now=now)
    cases.close_due(now=now)


@every(minutes=1, in_steps=True)
def let_held_messages_go(*, now: datetime) -> None:
    holding.release_due(now=now)


@every(minutes=1, in_steps=True)
def ask_classifiers(*, now: datetime) -> None:
    classifying.classify_due(now=now)


@every(hours=24)
def look_at_review_dates(*, now: datetime) -> None:
    lists.warn_of_overdue(today=now.date())


@every(hours=1, in_steps=True)
def sign_audit_head(*, now: datetime) -> None:
    signed_heads.append(signed_heads.default_path(), current_head(), now=now)


@every(hours=24, in_steps=True)
def apply_retention(*, now: datetime) -> None:
    for policy in retention.policies():
        if not policy.keep:
            retention.apply(policy, now=now)


@every(hours=24, in_steps=True)
def forget_who_flagged(*, now: datetime) -> None:
    forgetting.forget_reporters()


@every(hours=24, in_steps=True)
def clear_staff_sessions(*, now: datetime) -> None:  # Django reads its own clock there
    call_command("clearsessions")
