"""What moderation tells: a letter to whom it concerns, and a duty to the staff."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from moderation.models import Appeal, Case, CircleTask, Escalation
from moderation.states import UNDECIDED
from notifications.actions.notices import News, tell
from notifications.models import Notice, NoticeKind
from notifications.policy import NOW

LETTER_LASTS = timedelta(days=7)
DUTY_LASTS = timedelta(days=1)  # after which it was handed up, or is called again
TASK_LASTS = timedelta(days=7)  # nobody else is asked in their place


def tell_of_statement(*, person_id: UUID, now: datetime) -> int:
    """That there is a letter; one notice, however many letters wait."""
    news = News(
        kind=NoticeKind.STATEMENT,
        detail="",
        topic="statement",
        collapse_key=person_id.hex,
        expires_at=now + LETTER_LASTS,
    )
    return tell([person_id], news, now=now)


def tell_staff(*, person_ids: Collection[UUID], what: str, subject_id: UUID, is_urgent: bool, now: datetime) -> int:
    """That something waits for them in the console. Who is told now, is told by every way there is; how many."""
    news = News(
        kind=NoticeKind.DUTY,
        detail=f"{NOW if is_urgent else ''}{what}",
        topic=f"duty:{subject_id.hex}",
        collapse_key=subject_id.hex,
        expires_at=now + (TASK_LASTS if what == "circle" else DUTY_LASTS),
    )
    return tell(person_ids, news, now=now)


def done(notices: Sequence[Notice]) -> set[UUID]:
    """The ids of the duties that somebody did meanwhile: decided, acknowledged, seen, or gone."""
    duties = {notice.id: UUID(notice.collapse_key) for notice in notices if notice.kind == NoticeKind.DUTY}
    if not duties:
        return set()
    subjects = set(duties.values())
    waiting = {
        *Case.objects.filter(id__in=subjects, state__in=UNDECIDED, decided_at=None).values_list("id", flat=True),
        *Escalation.objects.unanswered().filter(id__in=subjects).values_list("id", flat=True),
        *Appeal.objects.filter(id__in=subjects, outcome="").values_list("id", flat=True),
        *CircleTask.objects.open().filter(id__in=subjects).values_list("id", flat=True),
    }
    return {notice_id for notice_id, subject_id in duties.items() if subject_id not in waiting}
