"""Every refusal of moderation, on one page."""

from core.errors import DomainError, Forbidden, Invalid, NotFound


class CaseNotFound(NotFound):
    code = "case_not_found"
    sentence = "There is no such case here."


class WideningNotFound(NotFound):
    code = "widening_not_found"
    sentence = "Nobody asked for this here."


class EscalationNotFound(NotFound):
    code = "escalation_not_found"
    sentence = "There is no such escalation here."


class StatementNotFound(NotFound):
    code = "statement_not_found"
    sentence = "There is no such letter here."


class AppealNotFound(NotFound):
    code = "appeal_not_found"
    sentence = "There is no such appeal here."


class TaskNotFound(NotFound):
    code = "task_not_found"
    sentence = "Nothing was asked of you here."


class FlagReused(DomainError):
    code = "flag_reused"
    status = 409
    sentence = "This flag_id was already used for something else."


class EscalationReused(DomainError):
    code = "escalation_reused"
    status = 409
    sentence = "This escalation_id was already used for something else."


class NothingToFlag(Invalid):
    code = "nothing_to_flag"
    sentence = "Name one entry or one other member; nobody flags themselves."


class TooManyFlags(DomainError):
    """Carries `retry_after`, in whole seconds."""

    code = "too_many_flags"
    status = 429
    sentence = "That is a lot at once. What was flagged before is being looked at."


class StaleVersion(DomainError):
    """Carries `version`, the one that it has now."""

    code = "stale_version"
    status = 409
    sentence = "Somebody changed this meanwhile. Look again before you go on."


class NotYourClaim(DomainError):
    code = "not_your_claim"
    status = 409
    sentence = "You do not hold this now: your time was over, or a colleague has it."


class AlreadyClaimed(DomainError):
    code = "already_claimed"
    status = 409
    sentence = "A colleague has this now."


class NotFromHere(DomainError):
    """Carries `state`."""

    code = "not_from_here"
    status = 409
    sentence = "This cannot follow on where the case stands."


class OwnCircle(Forbidden):
    code = "own_circle"
    sentence = "You know this circle: a colleague takes it."


class OwnDecision(Forbidden):
    code = "own_decision"
    sentence = "Somebody who had no part in it decides this."


class ClauseNeeded(Invalid):
    code = "clause_needed"
    sentence = "Name the rule of the house that this rests on."


class WordsNeeded(Invalid):
    code = "words_needed"
    sentence = "Say in a few words what it is about."


class DailyCap(DomainError):
    code = "daily_cap"
    status = 409
    sentence = "You saw a lot today. A colleague takes the next one."


class TooLateToAppeal(DomainError):
    code = "too_late_to_appeal"
    status = 409
    sentence = "An appeal can be made for six months."


class NothingToAppeal(DomainError):
    code = "nothing_to_appeal"
    status = 409
    sentence = "There is nothing here that can be appealed, or it was appealed before."


class CaseOpen(DomainError):
    """Carries `cases`, how many."""

    code = "case_open"
    status = 409
    sentence = "A case about this person is open: erasing waits until it is closed."


class DecisionHolds(DomainError):
    code = "decision_holds"
    status = 409
    sentence = "A decision in a case keeps this person out: it is lifted there, or an appeal undoes it."


class ListInvalid(Invalid):
    """Carries `problems`: what is wrong, and where."""

    code = "list_invalid"
    sentence = "This list cannot be used; see `problems`."


class ListTooSlow(ListInvalid):
    """Its `problems` name the reasons of the rules."""

    code = "list_too_slow"
    sentence = "A message with its own words takes too long to look at. Use fewer gaps and choices, or longer words."


class OwnList(Forbidden):
    code = "own_list"
    sentence = "Somebody who did not write it puts a list into use."


class TooManyEscalations(DomainError):
    """Carries `retry_after`, in whole seconds."""

    code = "too_many_escalations"
    status = 429
    sentence = "You asked several times just now. Is it urgent? Call one of the numbers under Help."


class AlreadyAcknowledged(DomainError):
    code = "already_acknowledged"
    status = 409
    sentence = "A colleague has answered this."


class RulesUnfit(Invalid):
    """Carries `problems`, by field."""

    code = "rules_unfit"
    sentence = "These choices cannot be kept; see `problems`."


class ShiftUnfit(Invalid):
    code = "shift_unfit"
    sentence = "A shift is for somebody of the staff of this organisation, once at a time."


class AbsenceUnfit(Invalid):
    code = "absence_unfit"
    sentence = "An absence ends after it begins, lasts a year at most, and a stand-in is somebody else of the staff."


class NothingToHide(DomainError):
    code = "nothing_to_hide"
    status = 409
    sentence = "There is no message here that could be hidden, or its author took it back."


class ProposalOpen(DomainError):
    """Carries `decision`, its id."""

    code = "proposal_open"
    status = 409
    sentence = "A colleague proposed something here. Agree to it, or refuse it, first."


class SubjectNeeded(DomainError):
    code = "subject_needed"
    status = 409
    sentence = "This case is about nobody in particular: only the message can be decided on."
