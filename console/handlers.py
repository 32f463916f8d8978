"""What happens in moderation is told to the open pages of this process at once; those of others look by themselves."""

from console.watching import watch
from core.facts import heard_live
from moderation.facts import CaseChanged, EscalationChanged


@heard_live(CaseChanged)
def look_at_cases(fact: CaseChanged) -> None:
    watch.nudge()


@heard_live(EscalationChanged)
def look_at_escalations(fact: EscalationChanged) -> None:
    watch.nudge()
