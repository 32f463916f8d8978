"""Every way in which circles say no."""

from core.errors import DomainError


class NotInThisState(DomainError):
    """Carries `state`, in which the circle is, and `action`, which it does not allow."""

    code = "not_in_this_state"
    status = 409
    sentence = "The circle is not at that point."


class CoordinatorsMissing(DomainError):
    code = "coordinators_missing"
    status = 409
    sentence = "A circle needs a named coordinator and a deputy first."


class CoordinatorsUnfit(DomainError):
    code = "coordinators_unfit"
    status = 409
    sentence = "Coordinator and deputy are two different members of staff, outside the circle."


class MembersUnfit(DomainError):
    """Carries `kind`, whose rules these members do not meet."""

    code = "members_unfit"
    status = 409
    sentence = "These people cannot form a circle of this kind."


class CircleFull(DomainError):
    """Carries `limit`."""

    code = "circle_full"
    status = 409
    sentence = "The circle has as many members as the programme allows."


class AlreadyJoined(DomainError):
    code = "already_joined"
    status = 409
    sentence = "You are in this circle already. Ask the coordinator if you want to stop."


class TooFewWouldRemain(DomainError):
    code = "too_few_would_remain"
    status = 409
    sentence = "Too few people would remain. End the circle instead."
