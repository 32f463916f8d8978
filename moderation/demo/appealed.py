"""The group of the praatcafé: a line that was decided about yesterday, and its writer, who does not agree."""

from datetime import datetime, timedelta

from accounts.models import Role
from core.ids import new_id
from moderation.actions import appeals, cases, decisions, flags
from moderation.demo.scenes import scene_of
from moderation.models import Statement
from moderation.roster import staff_of
from moderation.words import DecisionKind, FlagReason, StatementKind
from programmes.demo import PEERS

_SAID = (
    ("Sofie", "Wie komt er donderdag naar het praatcafé?"),
    ("Luc", "Moi ! J’apporte un gâteau."),
    ("Dirk", "Weer die Waal met zijn Frans. Blijf gewoon in Charleroi, daar hoor je thuis."),
    ("Sofie", "Dirk, dat is niet mooi. Luc hoort er bij ons helemaal bij."),
)
_WHY = "Je schreef dat iemand van de groep niet welkom is omdat hij Frans spreekt."
_DISAGREES = "Dat was een grap. Luc en ik plagen elkaar altijd."


def seed(*, now: datetime) -> None:
    """Said, flagged, decided and appealed within a day, so that it is late for nobody yet."""
    scene = scene_of(PEERS)
    if scene is None:
        return
    karim = staff_of(scene.conversation.circle.programme.organisation_id, Role.MODERATOR).first()
    if karim is None:
        return
    said_at, decided_at, appealed_at = (now - timedelta(hours=hours) for hours in (18, 16, 2))
    seqs = scene.says_all(_SAID, now=said_at)
    flagged = flags.flag(
        by_id=scene.people["Luc"], conversation_id=scene.conversation.id, flag_id=new_id(), reason=FlagReason.HATE, target=seqs[2],
        now=said_at,
    )  # fmt: skip
    case = cases.claim(flagged.case_id, by=karim, version=flagged.case.version, now=decided_at)
    warning = decisions.decide(
        case.id, kind=DecisionKind.WARN, clause="no_hate", words=_WHY, by=karim, version=case.version, now=decided_at
    )  # fmt: skip
    letter = Statement.objects.get(decision=warning, kind=StatementKind.RESTRICTION)
    appeals.appeal(statement_id=letter.id, words=_DISAGREES, by=letter.person, now=appealed_at)
