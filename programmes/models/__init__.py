"""The organisations, how they work, and the circles they bring together."""

from programmes.models.circles import Circle
from programmes.models.members import CircleMember, MemberRole
from programmes.models.organisations import LARGEST_CIRCLE, Organisation, OrganisationMember, Programme, WorkingModel
from programmes.states import CircleKind, EndReason, State

__all__ = [
    "LARGEST_CIRCLE",
    "Circle",
    "CircleKind",
    "CircleMember",
    "EndReason",
    "MemberRole",
    "Organisation",
    "OrganisationMember",
    "Programme",
    "State",
    "WorkingModel",
]
