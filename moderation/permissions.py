"""Who of the staff may do what: the whole of it on one page. Whether it is *this* case, `policy` says."""

from enum import StrEnum

from accounts.models import Person, Role


class Permission(StrEnum):
    """Things to do in the console. Those marked * show what people wrote: each look is a row of the audit log. Of a case or an appeal it takes a claim."""

    SEE_QUEUE = "see_queue"  # open cases: what about, how urgent, since when; no words, no names
    TRIAGE = "triage"
    CLAIM = "claim"
    READ_CASE = "read_case"  # * the flagged line and five on each side
    NOTE = "note"
    HIDE_FOR_NOW = "hide_for_now"
    DECIDE = "decide"  # nothing, note, warn, hide
    DECIDE_FOR_CIRCLE = "decide_for_circle"  # pause the circle, part ways
    DECIDE_FOR_PERSON = "decide_for_person"  # suspend, ban, refer out
    AGREE = "agree"  # be the second person
    HAND_OVER = "hand_over"
    ESCALATE_CASE = "escalate_case"
    WIDEN = "widen"  # * read more around it, with a reason
    SEE_WHO_FLAGGED = "see_who_flagged"
    HOLD_EVIDENCE = "hold_evidence"
    DECIDE_APPEAL = "decide_appeal"  # *
    SEE_CIRCLES = "see_circles"  # one's own
    ANSWER_ESCALATION = "answer_escalation"  # * what the member wrote to their professional
    SPEAK_FOR = "speak_for"  # * the letter to somebody of one's own circles who was shut out, and their appeal
    SEE_ROSTER = "see_roster"
    CHANGE_ROSTER = "change_roster"
    SEE_LISTS = "see_lists"
    CHANGE_LISTS = "change_lists"
    CHANGE_TEMPLATES = "change_templates"
    CHANGE_RULES = "change_rules"
    SEE_WORKLOAD = "see_workload"
    SEE_AUDIT = "see_audit"
    VERIFY_AUDIT = "verify_audit"


P = Permission
MODERATOR = frozenset({
    P.SEE_QUEUE, P.TRIAGE, P.CLAIM, P.READ_CASE, P.NOTE, P.HIDE_FOR_NOW, P.DECIDE, P.HAND_OVER, P.ESCALATE_CASE, P.SEE_ROSTER, P.SEE_LISTS,
    P.SEE_WORKLOAD,
})  # fmt: skip
COORDINATOR = frozenset({P.SEE_CIRCLES, P.ANSWER_ESCALATION, P.SPEAK_FOR, P.SEE_ROSTER, P.SEE_LISTS})
LEAD = MODERATOR | COORDINATOR | frozenset({
    P.DECIDE_FOR_CIRCLE, P.DECIDE_FOR_PERSON, P.AGREE, P.WIDEN, P.SEE_WHO_FLAGGED, P.HOLD_EVIDENCE, P.DECIDE_APPEAL, P.CHANGE_ROSTER, P.CHANGE_LISTS,
    P.CHANGE_TEMPLATES,
})  # fmt: skip
REVIEWER = frozenset({P.DECIDE_APPEAL, P.SEE_ROSTER})
AUDITOR = frozenset({P.SEE_AUDIT, P.VERIFY_AUDIT, P.SEE_WORKLOAD})
ADMINISTRATOR = frozenset({
    P.SEE_ROSTER, P.CHANGE_ROSTER, P.SEE_LISTS, P.CHANGE_LISTS, P.CHANGE_TEMPLATES, P.CHANGE_RULES, P.SEE_WORKLOAD, P.VERIFY_AUDIT,
})  # fmt: skip

MAY: dict[Role, frozenset[Permission]] = {
    Role.MODERATOR: MODERATOR,
    Role.COORDINATOR: COORDINATOR,
    Role.LEAD: LEAD,
    Role.REVIEWER: REVIEWER,
    Role.AUDITOR: AUDITOR,
    Role.ADMINISTRATOR: ADMINISTRATOR,
}


def may(person: Person, permission: Permission) -> bool:
    """Whether somebody of the staff, present and not suspended, may do such a thing at all."""
    return person.may_use_the_service() and permission in MAY.get(Role(person.role), frozenset())


def permissions_of(person: Person) -> frozenset[Permission]:
    return MAY.get(Role(person.role), frozenset()) if person.may_use_the_service() else frozenset()
