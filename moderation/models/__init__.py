"""The tables of moderation."""

from moderation.models.appeals import Appeal
from moderation.models.asked import CircleTask
from moderation.models.cases import Case, CaseNote, Evidence, Reading, Widening
from moderation.models.classifying import ToClassify
from moderation.models.decisions import Decision, Statement
from moderation.models.duties import Absence, Exposure, Shift
from moderation.models.escalations import Escalation
from moderation.models.flags import Flag, Signal
from moderation.models.held import HeldDraft
from moderation.models.rules import PreModeration, Recusal, Rules, Template, WordList

__all__ = [
    "Absence", "Appeal", "Case", "CaseNote", "CircleTask", "Decision", "Escalation", "Evidence", "Exposure", "Flag", "HeldDraft", "PreModeration", "Reading", "Recusal", "Rules",
    "Shift", "Signal", "Statement", "Template", "ToClassify", "Widening", "WordList",
]  # fmt: skip
