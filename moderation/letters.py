"""Letters to members: from codes and instants to plain words, in the language of whoever reads. Nothing is sent; nothing changes.

The words stand in `words_of_letters`, one file a language. Of other people a letter says nothing: not who flagged, not what
others wrote. The flagged words are quoted to their own author alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from moderation.clauses import sentence_of
from moderation.letter_words import Words, words_in
from moderation.models import Evidence, Statement
from moderation.words import DecisionKind, StatementKind
from privacy.errors import CannotOpen

INTERIM, DECLINED = "interim", "declined"  # in the place of a decision's kind: hidden until somebody looked; never let through
ENDS = frozenset({DecisionKind.PAUSE_CIRCLE, DecisionKind.SUSPEND})  # measures that can have an end


@dataclass(frozen=True, slots=True)
class Letter:
    """One page. `appeal_until` is there in a letter against which its reader may appeal."""

    title: str
    paragraphs: list[str]
    appeal_until: datetime | None = None


def tell(statement: Statement, *, language: str) -> Letter:
    """The letter in that language, its times in its reader's zone."""
    writer = _Writer(statement, words_in(language), language)
    match StatementKind(statement.kind):
        case StatementKind.RESTRICTION:
            return writer.restriction()
        case StatementKind.OUTCOME:
            return writer.outcome()
        case StatementKind.APPEAL:
            return writer.appeal()
        case StatementKind.RESTORED:
            return writer.restored()
        case StatementKind.ESCALATION:
            return writer.escalation()


class _Writer:
    """One letter while it is being written."""

    def __init__(self, statement: Statement, words: Words, language: str) -> None:
        self.statement = statement
        self.facts = statement.facts
        self.kind = _kind_of(statement)
        self.words = words
        self.language = language
        self.zone = ZoneInfo(statement.person.zone)

    def restriction(self) -> Letter:
        is_interim = self.kind == INTERIM
        decision = self.statement.decision
        appeal_until = decision.appeal_until if decision is not None else None
        said = [self.words.what[self.kind], *self._hidden_too(), self._how_long(), *self._about(), *self._found(), self._source()]
        said.append(self.words.automated["looked"] if is_interim else self._automated())
        said += [self.words.automated["two_people"]] if self.kind == DecisionKind.BAN else []
        said += [self.words.ground["rule"].format(rule=sentence_of(self.facts["clause"], self.language))] if not is_interim else []
        said += [self.words.appeal["how"].format(date=self._date(appeal_until)), self.words.appeal["elsewhere"]] if appeal_until else []
        said += [self.words.appeal["interim"]] if is_interim else []
        return Letter(self.words.titles[self.kind], said, appeal_until)

    def outcome(self) -> Letter:
        date = self._date(self._instant("flagged_at"))
        again = self.words.outcome["again"]
        if self.facts.get("overturned"):
            return Letter(self.words.titles["looked_again"], [self.words.outcome["overturned"].format(date=date), again])
        said = [self.words.outcome["looked"].format(date=date), self.words.done[self.kind], self.words.outcome["thanks"], again]
        return Letter(self.words.titles["outcome"], said)

    def appeal(self) -> Letter:
        outcome = self.facts["outcome"]
        said = [self.words.looked_again["looked"], self.words.looked_again[outcome]]
        if outcome == "overturned":
            said.append(self.words.back[self.kind])
        if self.statement.words:
            said += [self.words.looked_again["why"], self.statement.words]
        return Letter(self.words.titles[outcome], [*said, *([self.words.appeal["elsewhere"]] if outcome == "upheld" else [])])

    def restored(self) -> Letter:
        if self.kind != INTERIM:
            ended = DecisionKind.SUSPEND if self.kind == DecisionKind.BAN else self.kind
            return Letter(self.words.titles[f"ended_{ended}"], [self.words.restored[f"ended_{ended}"]])
        said = [self.words.restored["interim"].format(date=self._date(self._instant("line_at"))), self.words.restored["nothing_held"]]
        return Letter(self.words.titles["restored"], said)

    def escalation(self) -> Letter:
        asked_at = self.statement.escalation.at if self.statement.escalation else self.statement.at
        said = [self.words.escalation["asked"].format(date=self._date(asked_at))]
        answer = self.statement.words
        said += [self.words.escalation["answer"], answer] if answer else [self.words.escalation["done"]]
        return Letter(self.words.titles["escalation"], [*said, self.words.escalation["more"]])

    # Parts.

    def _hidden_too(self) -> list[str]:
        return [self.words.what["also_hidden"]] if self.facts.get("also_hidden") else []

    def _how_long(self) -> str:
        until = self._instant("until")
        if until is not None:
            return self.words.how_long[INTERIM if self.kind == INTERIM else "until"].format(moment=self._moment(until))
        if self.kind in ENDS:
            return self.words.how_long["open"]
        return self.words.how_long.get(self.kind, self.words.how_long["for_good"])

    def _about(self) -> list[str]:
        line_at = self._instant("line_at")
        if self.kind == DECLINED:
            return [self.words.about["declined"]]
        if line_at is None:
            return [self.words.about["person"]]
        said = _quoted(self.statement)
        if not said:
            return [self.words.about["line_gone"].format(date=self._date(line_at))]
        return [self.words.about["line"].format(date=self._date(line_at)), self.words.quote.format(words=said)]

    def _found(self) -> Iterator[str]:
        """What the decision rests on, in the words of who decided."""
        if self.statement.decision is not None and (found := self.statement.decision.words):
            yield self.words.about["facts"]
            yield found

    def _source(self) -> str:
        """Between two people, to say that somebody flagged would say who; so what drew attention stays open, always."""
        if self.facts.get("in_pair"):
            return self.words.source["pair"]
        match bool(self.facts.get("from_flag")), bool(self.facts.get("from_signal")):
            case True, True:
                return self.words.source["both"]
            case True, False:
                return self.words.source["flag"]
            case False, True:
                return self.words.source["signal"]
            case _:
                return self.words.source["staff"]

    def _automated(self) -> str:
        is_open = self.facts.get("from_signal") or self.facts.get("in_pair")  # "no computer" would mean that somebody flagged
        return self.words.automated["used" if is_open else "unused"]

    def _instant(self, name: str) -> datetime | None:
        said = self.facts.get(name)
        return None if said is None else datetime.fromisoformat(said)

    def _date(self, at: datetime | None) -> str:
        day = (at or self.statement.at).astimezone(self.zone)
        return self.words.date.format(day=day.day, month=self.words.months[day.month - 1], year=day.year)

    def _moment(self, at: datetime) -> str:
        return self.words.moment.format(date=self._date(at), time=f"{at.astimezone(self.zone):%H:%M}")


def _kind_of(statement: Statement) -> str:
    """Of the decision that the letter is about; a hiding that was never decided, and a message that never went, have their own."""
    kind: str = statement.facts.get("kind", "")
    is_interim = statement.facts.get("interim") or (statement.kind == StatementKind.RESTORED and kind == DecisionKind.HIDE)
    if is_interim:
        return INTERIM
    is_declined = statement.facts.get("declined") and statement.kind != StatementKind.OUTCOME
    return DECLINED if is_declined else kind


def _quoted(statement: Statement) -> str:
    """What its reader wrote, as it stood when it was flagged: nobody else's words, and none once the case's key is gone."""
    case = statement.case
    if case is None or case.target_seq is None:
        return ""
    lines = Evidence.objects.filter(case=case, seq=case.target_seq, author_id=statement.person_id, kind="message")
    newest = lines.filter(taken_at__lte=statement.at).order_by("-taken_at").first()
    try:
        return "" if newest is None else newest.body
    except CannotOpen:  # somebody changed the row: the rest of the letter still stands
        return ""
