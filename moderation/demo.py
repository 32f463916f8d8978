"""The demo: two conversations in which something was flagged, so that the console has something to show."""

from datetime import datetime, time

from django.db import transaction

from accounts.models import Language, Role
from chat.actions.entries import append_drafts
from chat.drafts import Draft, Sent
from chat.models import Conversation, Entry, EntryKind
from core.ids import new_id
from moderation.actions import choices, flags, shifts
from moderation.roster import staff_of
from moderation.words import DecisionKind, FlagReason, SignalClass
from programmes import demo

_SAID = (
    ("Wim", "Dag Nadia, hoe was je week?"),
    ("Nadia", "Goed, dank je. De kinderen zijn weer naar school."),
    ("Wim", "Fijn! Zullen we zaterdag naar de markt gaan?"),
    ("Nadia", "Graag."),
    ("Wim", "Zeg, kan jij mij 50 euro lenen? Zeg het tegen niemand, ook niet tegen Nele."),
    ("Nadia", "Dat kan ik niet, Wim."),
    ("Wim", "Jij bent ook altijd zo ondankbaar. Na alles wat ik voor jou deed."),
    ("Nadia", "Daar word ik verdrietig van."),
)
_FLAGGED = ((5, FlagReason.MONEY, "Hij vroeg dit vorige week ook al"), (7, FlagReason.UNSAFE, "Ik durf niet meer alleen met hem afspreken"))
_TEMPLATES = (
    ("Geld", DecisionKind.WARN, SignalClass.MONEY, "Je vroeg iemand van je kring om geld. Dat doen we hier niet, ook niet om te lenen. Heb je het moeilijk? Praat erover met je coördinator."),
    ("Kwetsende woorden", DecisionKind.HIDE, SignalClass.HATE, "Je schreef iets dat iemand pijn doet. We verbergen dat bericht. Je kan gewoon verder praten."),
    ("Even bespreken", DecisionKind.NOTE, "", "Er was een misverstand in het gesprek. Je coördinator belt je deze week om het te bespreken."),
)  # fmt: skip


@transaction.atomic
def seed(*, now: datetime) -> None:
    """Let Wim and Nadia have talked and Nadia have flagged two lines, once; among people who are no demo there are none of that."""
    conversation = _conversation()
    if conversation is None or Entry.objects.filter(conversation=conversation, kind=EntryKind.MESSAGE).exists():
        return
    people = {member.person.name: member.person_id for member in conversation.members.all()}
    said = append_drafts(drafts=[Draft(people[name], conversation.id, new_id(), "message", words) for name, words in _SAID], now=now)
    seqs = [outcome.seq for outcome in said if isinstance(outcome, Sent)]
    for line, reason, words in _FLAGGED:
        flags.flag(
            by_id=people["Nadia"], conversation_id=conversation.id, flag_id=new_id(), reason=reason, target=seqs[line - 1], words=words,
            now=now,
        )  # fmt: skip
    _keep_templates(conversation, now=now)
    _keep_roster(conversation, now=now)


def _keep_templates(conversation: Conversation, *, now: datetime) -> None:
    """Words to begin a decision with, as a lead would write them."""
    organisation = conversation.circle.programme.organisation
    lead = staff_of(organisation.id, Role.LEAD).first()
    if lead is None:
        return
    for name, kind, about, text in _TEMPLATES:
        values = {"name": name, "kind": kind, "about": about, "language": Language.NL, "text": text}
        choices.keep_template(organisation, values=values, by=lead, now=now)


def _keep_roster(conversation: Conversation, *, now: datetime) -> None:
    """Moderators by day, all week; the lead by telephone at night."""
    organisation = conversation.circle.programme.organisation
    lead = staff_of(organisation.id, Role.LEAD).first()
    moderators = list(staff_of(organisation.id, Role.MODERATOR))
    if lead is None or not moderators:
        return
    for weekday in range(7):
        who = moderators[weekday // 4 % len(moderators)]
        for person, begins, ends, on_call in ((who, time(9), time(17), False), (lead, time(17), time(9), True)):
            shifts.add(
                organisation=organisation, person=person, weekday=weekday, begins=begins, ends=ends, on_call=on_call, by=lead, now=now
            )


def _conversation() -> Conversation | None:
    """Where the two of them talk."""
    of_the_demo = Conversation.objects.filter(circle__programme__organisation__name=demo.ORGANISATION)
    for conversation in of_the_demo.prefetch_related("members__person__data_key"):
        if {member.person.name for member in conversation.members.all()} == set(demo.FLAGGING):
            return conversation
    return None
