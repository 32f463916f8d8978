"""The words that frames, tables and pages share: what is reported, seen, decided and wished, in stable codes."""

from django.db.models import IntegerChoices, TextChoices


class FlagReason(TextChoices):
    """Why a member flags something. The labels are for the console."""

    UNSAFE = "unsafe", "bedreiging of geweld"
    HARASSMENT = "harassment", "pesten of beledigen"
    HATE = "hate", "haat of discriminatie"
    SEXUAL = "sexual", "seksueel"
    MONEY = "money", "geld of oplichting"
    WORRY = "worry", "bezorgd, of iets anders"


class SignalClass(TextChoices):
    """What screening looks for."""

    CRISIS = "crisis", "crisis of zelfbeschadiging"
    THREAT = "threat", "bedreiging"
    SEXUAL = "sexual", "seksuele druk"
    HATE = "hate", "haat of discriminatie"
    MONEY = "money", "geld of oplichting"
    CONTACT = "contact", "contactgegevens"


class Priority(IntegerChoices):
    """How soon somebody must have looked; the smaller, the sooner."""

    DANGER = 0, "direct gevaar"
    SAFEGUARDING = 1, "veiligheid en geld"
    HARASSMENT = 2, "pesten en haat"
    OTHER = 3, "overige"


class CaseState(TextChoices):
    NEW = "new", "nieuw"
    TRIAGED = "triaged", "ingeschat"
    CLAIMED = "claimed", "in behandeling"
    ESCALATED = "escalated", "bij de leidinggevende"
    REFERRED = "referred", "doorverwezen"
    DECIDED = "decided", "beslist"
    NOTIFIED = "notified", "meegedeeld"
    CLOSED = "closed", "gesloten"
    REOPENED = "reopened", "heropend"
    APPEALED = "appealed", "in beroep"


class DecisionKind(TextChoices):
    """What can be decided, from the lightest on."""

    NOTHING = "nothing", "geen maatregel"
    NOTE = "note", "bespreken"
    WARN = "warn", "verwittigen"
    HIDE = "hide", "bericht verbergen"
    PAUSE_CIRCLE = "pause_circle", "kring pauzeren"
    PART_WAYS = "part_ways", "kring beëindigen"
    SUSPEND = "suspend", "schorsen"
    BAN = "ban", "uitsluiten"
    REFER_OUT = "refer_out", "doorverwijzen"

    @property
    def is_restriction(self) -> bool:
        """Whether it takes something away from somebody, who then gets a statement of reasons and may appeal."""
        return self not in {DecisionKind.NOTHING, DecisionKind.NOTE, DecisionKind.REFER_OUT}

    @property
    def needs_two_people(self) -> bool:
        return self is DecisionKind.BAN


class AskedOfCircle(TextChoices):
    """What a decision asks of whoever answers for the circle. The labels are for the console."""

    TALK = "talk", "bespreek het met deze persoon"
    PAUSED = "paused", "de kring staat op pauze: spreek met wie erin zit"
    PARTED = "parted", "de kring is beëindigd: spreek met wie erin zat"
    SHUT_OUT = "shut_out", "deze persoon kan er niet meer in: spreek met wie achterblijft"
    UNDONE = "undone", "het einde van de kring is herzien: stel ze opnieuw voor, als zij dat willen"


class Urgency(TextChoices):
    """How soon a member wants a professional; as they themselves say it."""

    TODAY = "today", "vandaag"
    TWO_DAYS = "two_days", "binnen twee werkdagen"
    NEXT_CONTACT = "next_contact", "bij het volgende contact"


class StatementKind(TextChoices):
    """What a letter to somebody is about."""

    RESTRICTION = "restriction", "maatregel"  # the statement of reasons, to whom it concerns
    OUTCOME = "outcome", "uitkomst"  # to who flagged
    APPEAL = "appeal", "uitkomst van het beroep"
    RESTORED = "restored", "hersteld"  # an interim hiding that nobody confirmed
    ESCALATION = "escalation", "antwoord van de begeleider"
