"""What moderation does when facts of the apps below arrive, and how its letters reach open sockets."""

from accounts.facts import PersonErasing, PersonSuspended, PersonUnsuspended
from accounts.models import Person
from chat import hints
from chat.facts import EntriesAppended
from core import clock
from core.facts import heard_by, heard_live
from moderation.actions import at_once, classifying, holding
from moderation.errors import CaseOpen
from moderation.facts import ScreeningChanged, StatementMade, StatementRead
from moderation.models import Case, Recusal
from moderation.reading import choices
from programmes.facts import CoordinatorsChanged


@heard_by(PersonErasing)
def wait_for_open_cases(fact: PersonErasing) -> None:
    """Raising here undoes it: nobody's part in what is being looked at vanishes meanwhile. What was not let through goes with its writer."""
    open_cases = Case.objects.open().filter(subject_id=fact.person_id).count()
    if open_cases:
        raise CaseOpen(cases=open_cases)
    holding.forget(fact.person_id)


@heard_by(PersonSuspended)
def give_them_a_letter(fact: PersonSuspended) -> None:
    """Whoever loses access hears why and how to appeal, also when no case decided it. The operator's own act is nobody's."""
    person = Person.objects.get(id=fact.person_id)
    if fact.by_id is not None and person.suspended_at is not None:
        at_once.write_down(person, by=Person.objects.get(id=fact.by_id), now=person.suspended_at)


@heard_by(PersonUnsuspended)
def wait_for_decisions(fact: PersonUnsuspended) -> None:
    """Raising here undoes it: what leads decided is lifted in its case or overturned, and never by one person in the back office."""
    by = None if fact.by_id is None else Person.objects.get(id=fact.by_id)
    at_once.end(Person.objects.get(id=fact.person_id), by=by, now=clock.now())


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
