"""What the back office says when something is refused, in the language of its staff."""

from collections.abc import Mapping, Sequence

from accounts.names import LONGEST_NAME
from core.errors import DomainError

_REFUSALS = {
    "forbidden": "Dat mag je niet. Het mag wel voor wie er verantwoordelijk voor is, of voor een beheerder.",
    "not_found": "Dat is er niet (meer).",
    "phone_taken": "Iemand anders is al ingeschreven met dit telefoonnummer.",
    "username_taken": "Iemand anders meldt zich al aan met deze naam.",
    "person_absent": "Deze persoon is geschorst of weg, en kan niet binnengelaten worden.",
    "case_open": "Er loopt nog een dossier over deze persoon. Wissen wacht tot het gesloten is.",
    "decision_holds": "Een beslissing in een dossier houdt deze persoon weg. Een leidinggevende heft ze daar op, of een beroep doet dat.",
    "not_in_this_state": "Dat kan nu niet: de kring is op een ander punt.",
    "coordinators_missing": "Een kring heeft eerst een coördinator en een vervanger nodig.",
    "coordinators_unfit": "Coördinator en vervanger zijn twee verschillende medewerkers van de organisatie, van buiten de kring.",
    "members_unfit": "Deze mensen kunnen samen geen kring van deze vorm zijn.",
    "circle_full": "De kring heeft zoveel leden als het programma toelaat.",
    "too_few_would_remain": "Er zouden te weinig mensen overblijven. Beëindig de kring.",
    "try_again": "Het lukt nu even niet. Probeer het opnieuw.",
}
_PROBLEMS = {
    "name": f"Geef een naam van gewone letters, hoogstens {LONGEST_NAME}, die nog niemand anders hier heeft.",
    "phone": "Geef een telefoonnummer, zoals 0470 12 34 56 of +32 470 12 34 56.",
    "zone": "Geef de naam van een tijdzone, zoals Europe/Brussels.",
    "username": "Medewerkers melden zich aan met een naam.",
    "grace_days": "Geef 0 tot 90 dagen.",
    "max_members": "Een kring heeft 2 tot 50 leden.",
}


def sentence_of(problem: DomainError) -> str:
    return _REFUSALS.get(problem.code, problem.sentence)


def problems_of(problem: DomainError) -> Mapping[str, Sequence[str]]:
    """What is wrong with which field."""
    found: Mapping[str, Sequence[str]] = problem.facts.get("problems", {})
    return {field: [_PROBLEMS[field]] if field in _PROBLEMS else sentences for field, sentences in found.items()}
