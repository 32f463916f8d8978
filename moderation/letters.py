"""Letters to members: from codes and instants to plain words, in the language of whoever reads. Nothing is sent; nothing changes.

The words stand in `words_of_letters`, one file a language. Of other people a letter says nothing: not who flagged, not what
others wrote. The flagged words are quoted to their own author alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from moderation import quotes
from moderation.clauses import sentence_of
from moderation.letter_words import Words, words_in
from moderation.models import Statement
from moderation.words import DecisionKind, StatementKind

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
        decision = self.statement.decision
        appeal_until = decision.appeal_until if decision is not None else None
        said = [self.words.what[self.kind], *self._also(), self._how_long(), *self._why()]
        said += [self.words.ground["rule"].format(rule=sentence_of(self.facts["clause"], self.language))] if self.kind != INTERIM else []
        said += [self.words.appeal["how"].format(date=self._date(appeal_until)), self.words.appeal["elsewhere"]] if appeal_until else []
        said += [self.words.appeal["interim"]] if self.kind == INTERIM else []
        return Letter(self.words.titles[self.kind], said, appeal_until)

    def outcome(self) -> Letter:
        date = self._date(self._instant("flagged_at"))
        again = self.words.outcome["again"]
        for corrects in ("overturned", "ended"):
            if self.facts.get(corrects):
                said = [self.words.outcome[corrects].format(date=date), *self._undone(), again]
                return Letter(self.words.titles["looked_again" if corrects == "overturned" else "outcome"], said)
        said = [self.words.outcome["looked"].format(date=date), self._done(), self.words.outcome["thanks"], again]
        return Letter(self.words.titles["outcome"], said)

    def appeal(self) -> Letter:
        outcome = self.facts["outcome"]
        said = [self.words.looked_again["looked"], self.words.looked_again[outcome]]
        if outcome == "overturned":
            said += self._given_back()
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

    def _also(self) -> Iterator[str]:
        if self.facts.get("also_hidden"):
            yield self.words.what["also_hidden"]
        if self.facts.get("declined") and self.kind != DECLINED:
            yield self.words.what["also_declined"]

    def _why(self) -> Iterator[str]:
        """What it is about, what was found and how; of a suspension beside any case, that it could not wait."""
        if self.facts.get("at_once"):
            yield self.words.about["at_once"]
            return
        yield from self._about()
        yield from self._found()
        yield self._source()
        yield self.words.automated["looked"] if self.kind == INTERIM else self._automated()
        if self.kind == DecisionKind.BAN:
            yield self.words.automated["two_people"]

    def _done(self) -> str:
        """What came of a flag. What never reached the group was hidden from nobody; what was hidden before needed no measure now."""
        if self.facts.get("declined") and self.kind == DecisionKind.HIDE:
            return self.words.done["declined"]
        is_hidden = self.facts.get("was_hidden") and self.kind in {DecisionKind.NOTHING, DecisionKind.NOTE}
        return self.words.done["was_hidden" if is_hidden else self.kind]

    def _undone(self) -> Iterator[str]:
        """What of it is otherwise now, for who had flagged it."""
        if self.kind == DecisionKind.HIDE:
            line = self.facts.get("line")
            yield from [self.words.undone[f"hide_{line}"]] if line in {"back", "stays"} else []
        else:
            yield self.words.undone[self.kind]

    def _given_back(self) -> Iterator[str]:
        """What of it is otherwise now, for whom it was taken from: never more than could be."""
        line, held = self.facts.get("line"), self.facts.get("held")
        if self.kind not in {DecisionKind.HIDE, DECLINED}:
            yield self.words.back[self.kind]
        if line and (self.kind == DecisionKind.HIDE or self.facts.get("also_hidden")):
            yield self.words.back[f"hide_{line}"]
        if held and self.kind != DecisionKind.PART_WAYS:
            yield self.words.back[f"held_{held}"]

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
            return [self.words.about["declined"], *(self.words.quote.format(words=said) for said in quotes.unsent_of(self.statement))]
        if line_at is None:
            return [self.words.about["person"]]
        said = quotes.line_of(self.statement)
        if not said:
            return [self.words.about["line_gone"].format(date=self._date(line_at))]
        return [self.words.about["line"].format(date=self._date(line_at)), self.words.quote.format(words=said)]

    def _found(self) -> Iterator[str]:
        """What the decision rests on, in the words of who decided; of a case that was referred, those are for whoever helps."""
        if self.facts["kind"] == DecisionKind.REFER_OUT:
            return
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
    is_all = kind in {DecisionKind.HIDE, DecisionKind.REFER_OUT} and statement.kind != StatementKind.OUTCOME
    return DECLINED if is_all and statement.facts.get("declined") else kind
