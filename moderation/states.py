"""The life of a case, as one table. What is not in it cannot happen.

An interim hiding is no state: a line can be hidden for now wherever somebody holds its case.
"""

from django.db.models import TextChoices

from moderation.words import CaseState


class Act(TextChoices):
    """What is done to a case. `LAPSE` is a claim that nobody renewed; `OVERTURN` and `UPHOLD` answer an appeal."""

    TRIAGE = "triage"
    CLAIM = "claim"
    RELEASE = "release"
    LAPSE = "lapse"
    ESCALATE = "escalate"
    DECIDE = "decide"
    REFER = "refer"
    NOTIFY = "notify"
    CLOSE = "close"
    REOPEN = "reopen"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"


S = CaseState
WAITING = (S.NEW, S.TRIAGED, S.ESCALATED, S.REOPENED)  # nobody holds it, nobody decided
UNDECIDED = (*WAITING, S.CLAIMED)
_TOLD = (S.DECIDED, S.REFERRED, S.NOTIFIED, S.CLOSED)

NEXT: dict[tuple[CaseState, Act], CaseState] = {
    (S.NEW, Act.TRIAGE): S.TRIAGED,
    (S.TRIAGED, Act.TRIAGE): S.TRIAGED,
    (S.REOPENED, Act.TRIAGE): S.TRIAGED,
    (S.ESCALATED, Act.TRIAGE): S.ESCALATED,  # more or less urgent, and still for a lead
    **{(state, Act.CLAIM): S.CLAIMED for state in WAITING},
    **{(state, Act.ESCALATE): S.ESCALATED for state in UNDECIDED if state is not S.ESCALATED},
    (S.CLAIMED, Act.RELEASE): S.TRIAGED,  # one that is for leads goes back to them: ESCALATE
    (S.CLAIMED, Act.LAPSE): S.TRIAGED,
    (S.CLAIMED, Act.DECIDE): S.DECIDED,
    (S.CLAIMED, Act.REFER): S.REFERRED,
    (S.DECIDED, Act.NOTIFY): S.NOTIFIED,
    (S.REFERRED, Act.NOTIFY): S.NOTIFIED,
    (S.NOTIFIED, Act.CLOSE): S.CLOSED,
    **{(state, Act.REOPEN): S.REOPENED for state in (*_TOLD, S.APPEALED)},  # nobody who flags waits for somebody else's appeal
    **{(state, Act.APPEAL): S.APPEALED for state in _TOLD if state is not S.REFERRED},  # referring takes nothing from anybody
    (S.APPEALED, Act.UPHOLD): S.DECIDED,
    (S.APPEALED, Act.OVERTURN): S.DECIDED,
}
