"""The life of a circle, as one table. What is not in it cannot happen."""

from django.db.models import TextChoices


class CircleKind(TextChoices):
    """The labels here and below are for the back office."""

    PAIR = "pair", "duo"
    PEER_GROUP = "peer_group", "lotgenotengroep"
    NETWORK_CIRCLE = "network_circle", "netwerkkring"
    FAMILY_SUPPORT = "family_support", "gezinsondersteuning"


class State(TextChoices):
    PROPOSED = "proposed", "voorgesteld"
    AGREED = "agreed", "akkoord"
    INTRODUCED = "introduced", "kennisgemaakt"
    TRIAL = "trial", "proefperiode"
    ACTIVE = "active", "actief"
    PAUSED = "paused", "gepauzeerd"
    ENDED = "ended", "beëindigd"


class Action(TextChoices):
    """What is done to a circle. `AGREE_LAST` is the yes that makes all of them yes; `DECLINE_LAST` leaves too few."""

    AGREE = "agree"
    AGREE_LAST = "agree_last"
    DECLINE = "decline"
    DECLINE_LAST = "decline_last"
    INTRODUCE = "introduce"
    START_TRIAL = "start_trial"
    ACTIVATE = "activate"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    ADD_MEMBER = "add_member"
    REMOVE_MEMBER = "remove_member"
    SET_COORDINATORS = "set_coordinators"


class EndReason(TextChoices):
    GOAL_REACHED = "goal_reached", "doel bereikt"
    AGREED_TOGETHER = "agreed_together", "in overleg gestopt"
    NO_CONTACT = "no_contact", "geen contact meer"
    MOVED = "moved", "verhuisd"
    NO_MATCH = "no_match", "het klikte niet"
    ILL = "ill", "ziekte"
    DECLINED = "declined", "iemand zei nee"
    SAFETY = "safety", "onveilig (het gesprek sluit meteen)"
    OTHER_PROFESSIONAL_HELP = "other_professional_help", "andere professionele hulp"


# A circle whose members talk: somebody who joins later joins at their own yes, without stopping the others.
_RUNNING = (State.INTRODUCED, State.TRIAL, State.ACTIVE, State.PAUSED)

NEXT: dict[tuple[State, Action], State] = {
    (State.PROPOSED, Action.AGREE): State.PROPOSED,
    (State.PROPOSED, Action.AGREE_LAST): State.AGREED,
    (State.PROPOSED, Action.DECLINE): State.PROPOSED,
    (State.PROPOSED, Action.DECLINE_LAST): State.ENDED,
    (State.PROPOSED, Action.ADD_MEMBER): State.PROPOSED,
    (State.PROPOSED, Action.REMOVE_MEMBER): State.PROPOSED,
    (State.AGREED, Action.DECLINE): State.AGREED,  # a yes may be taken back until they are introduced
    (State.AGREED, Action.DECLINE_LAST): State.ENDED,
    (State.AGREED, Action.ADD_MEMBER): State.PROPOSED,  # the new one has not said yes
    (State.AGREED, Action.REMOVE_MEMBER): State.AGREED,
    (State.AGREED, Action.INTRODUCE): State.INTRODUCED,
    (State.INTRODUCED, Action.START_TRIAL): State.TRIAL,
    (State.TRIAL, Action.ACTIVATE): State.ACTIVE,
    (State.ACTIVE, Action.PAUSE): State.PAUSED,
    (State.PAUSED, Action.RESUME): State.ACTIVE,
    **{(state, Action.AGREE): state for state in _RUNNING},
    **{(state, Action.AGREE_LAST): state for state in _RUNNING},
    **{(state, Action.DECLINE): state for state in _RUNNING},
    **{(state, Action.ADD_MEMBER): state for state in _RUNNING},
    **{(state, Action.REMOVE_MEMBER): state for state in _RUNNING},
    **{(state, Action.SET_COORDINATORS): state for state in State if state is not State.ENDED},
    **{(state, Action.END): State.ENDED for state in State if state is not State.ENDED},
}
