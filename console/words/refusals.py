"""What the console says when something is refused."""

from core.errors import DomainError

_REFUSALS = {
    "forbidden": "Dat mag jij hier niet. Een leidinggevende kan wel helpen.",
    "not_found": "Dat is er niet (meer).",
    "case_not_found": "Dit dossier is er niet (meer).",
    "escalation_not_found": "Deze vraag is er niet (meer).",
    "appeal_not_found": "Dit beroep is er niet (meer).",
    "statement_not_found": "Deze brief is er niet (meer).",
    "stale_version": "Iemand veranderde dit intussen. Hieronder staat hoe het nu is; kijk nog eens voor je verdergaat.",
    "not_your_claim": "Dit dossier ligt niet (meer) bij jou: je tijd was om, of een collega heeft het.",
    "already_claimed": "Een collega heeft dit dossier nu.",
    "not_from_here": "Dat kan niet meer: het dossier staat op een ander punt.",
    "own_circle": "Je kent deze kring. Een collega neemt dit dossier.",
    "own_decision": "Hierover beslist iemand die er nog geen deel aan had.",
    "clause_needed": "Kies de huisregel waarop dit steunt.",
    "words_needed": "Zeg in een paar woorden waarover het gaat.",
    "daily_cap": "Je zag vandaag al veel. Een collega neemt het volgende. Rust even.",
    "too_late_to_appeal": "Beroep kan tot zes maanden na de beslissing.",
    "nothing_to_appeal": "Hier is niets om beroep tegen te doen, of dat gebeurde al.",
    "case_open": "Er loopt nog een dossier over deze persoon.",
    "decision_holds": "Een beslissing in een dossier houdt deze persoon weg.",
    "task_not_found": "Dit is er niet (meer).",
    "widening_not_found": "Deze vraag om meer te lezen is er niet (meer).",
    "nothing_to_hide": "Hier is geen bericht om te verbergen, of het is al verborgen.",
    "proposal_open": "Er ligt al een voorstel. Een tweede persoon zegt eerst ja of nee.",
    "subject_needed": "Dit dossier gaat over niemand in het bijzonder; dit kan je hier niet beslissen.",
    "already_acknowledged": "Een collega antwoordde al.",
    "too_many_flags": "Dat is veel ineens. Wat eerder gemeld is, wordt bekeken.",
    "too_many_escalations": "Dat is veel ineens. Wat eerder gevraagd is, wordt bekeken.",
    "shift_unfit": "Deze dienst past niet: kijk de dag, de uren en de collega na.",
    "rules_unfit": "Deze afspraken passen niet: kijk de getallen na.",
    "absence_unfit": "Deze afwezigheid past niet: kijk de dagen en de vervanger na.",
    "flag_reused": "Dit werd al voor iets anders gemeld.",
    "escalation_reused": "Dit werd al voor iets anders gevraagd.",
    "nothing_to_flag": "Hier is niets om te melden.",
    "list_invalid": "Deze lijst kan niet gebruikt worden.",
    "own_list": "Wie een lijst schreef, zet ze niet zelf in gebruik. Vraag het aan een collega.",
    "list_too_slow": "Deze lijst maakt elk bericht traag. Gebruik minder open plaatsen en keuzes, of langere woorden.",
    "not_in_this_state": "Dat kan nu niet: de kring is op een ander punt.",
    "invalid": "Er klopt iets niet in wat je invulde.",
    "try_again": "Het lukt nu even niet. Probeer het opnieuw.",
}


def sentence_of(problem: DomainError) -> str:
    """In Dutch where we have it; a code that is new here still says something."""
    return _REFUSALS.get(problem.code, problem.sentence)
