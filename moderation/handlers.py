"""What moderation does when facts of the apps below arrive, and how its letters reach open sockets."""

from accounts.facts import PersonErasing
from chat import hints
from chat.facts import EntriesAppended
from core import clock
from core.facts import heard_by, heard_live
from moderation.actions import classifying
from moderation.errors import CaseOpen
from moderation.facts import ScreeningChanged, StatementMade, StatementRead
from moderation.models import Case
from moderation.reading import choices


@heard_by(PersonErasing)
def wait_for_open_cases(fact: PersonErasing) -> None:
    """Raising here undoes it: nobody's part in what is being looked at vanishes meanwhile."""
    open_cases = Case.objects.open().filter(subject_id=fact.person_id).count()
    if open_cases:
        raise CaseOpen(cases=open_cases)


@heard_by(EntriesAppended)
def note_for_classifiers(fact: EntriesAppended) -> None:
    """Nobody has one unless their organisation chose so."""
    if organisations := choices.current().classified:
        classifying.note(fact.lines, organisations=organisations, now=clock.now())


@heard_live(ScreeningChanged)
def look_at_choices_again(fact: ScreeningChanged) -> None:
    choices.forget()


@heard_live(StatementMade)
def hint_letter(fact: StatementMade) -> None:
    hints.announce(hints.Hints(recheck=[fact.person_id]))


@heard_live(StatementRead)
def hint_letter_read(fact: StatementRead) -> None:
    hints.announce(hints.Hints(recheck=[fact.person_id]))
