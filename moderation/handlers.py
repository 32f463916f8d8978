"""What moderation does when facts of the apps below arrive, and how its letters reach open sockets."""

from accounts.facts import PersonErasing, PersonUnsuspended
from chat import hints
from chat.facts import EntriesAppended
from core import clock
from core.facts import heard_by, heard_live
from moderation.actions import classifying
from moderation.actions.effects import OF_PERSON
from moderation.errors import CaseOpen, DecisionHolds
from moderation.facts import ScreeningChanged, StatementMade, StatementRead
from moderation.models import Case, Decision, Recusal
from moderation.reading import choices
from programmes.facts import CoordinatorsChanged


@heard_by(PersonErasing)
def wait_for_open_cases(fact: PersonErasing) -> None:
    """Raising here undoes it: nobody's part in what is being looked at vanishes meanwhile."""
    open_cases = Case.objects.open().filter(subject_id=fact.person_id).count()
    if open_cases:
        raise CaseOpen(cases=open_cases)


@heard_by(PersonUnsuspended)
def wait_for_decisions(fact: PersonUnsuspended) -> None:
    """Raising here undoes it: what leads decided is lifted in its case or overturned, and never by one person in the back office."""
    if Decision.objects.in_force().filter(kind__in=OF_PERSON, case__subject_id=fact.person_id).exists():
        raise DecisionHolds


@heard_by(CoordinatorsChanged)
def keep_out_of_their_cases(fact: CoordinatorsChanged) -> None:
    """Nobody becomes the judge of a circle by handing it to a colleague."""
    now = clock.now()
    rows = [Recusal(person_id=person_id, circle_id=fact.circle_id, at=now) for person_id in fact.former_ids]
    Recusal.objects.bulk_create(rows, ignore_conflicts=True)


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
