"""Nadia and Wim: a conversation in which two lines were flagged, so that the console has something to show."""

from datetime import datetime, time

from accounts.models import Language, Role
from core.ids import new_id
from moderation.actions import choices, flags, shifts
from moderation.demo.scenes import scene_of
from moderation.roster import staff_of
from moderation.words import DecisionKind, FlagReason, SignalClass
from programmes.demo import FLAGGING
from programmes.models import Organisation

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


def seed(*, now: datetime) -> None:
    """Let Wim and Nadia have talked and Nadia have flagged two lines; and what a lead would have prepared for the desk."""
    scene = scene_of(FLAGGING)
    if scene is None:
        return
    seqs = scene.says_all(_SAID, now=now)
    for line, reason, words in _FLAGGED:
        flags.flag(
            by_id=scene.people["Nadia"], conversation_id=scene.conversation.id, flag_id=new_id(), reason=reason, target=seqs[line - 1],
            words=words, now=now,
        )  # fmt: skip
    organisation = scene.conversation.circle.programme.organisation
    _keep_templates(organisation, now=now)
    _keep_roster(organisation, now=now)


def _keep_templates(organisation: Organisation, *, now: datetime) -> None:
    """Words to begin a decision with, as a lead would write them."""
    lead = staff_of(organisation.id, Role.LEAD).first()
    if lead is None:
        return
    for name, kind, about, text in _TEMPLATES:
        values = {"name": name, "kind": kind, "about": about, "language": Language.NL, "text": text}
        choices.keep_template(organisation, values=values, by=lead, now=now)


def _keep_roster(organisation: Organisation, *, now: datetime) -> None:
    """Moderators by day, all week; the lead by telephone at night."""
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
