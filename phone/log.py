"""What a device keeps of one conversation's log. No I/O.

Every entry that changes another one is applied to it at once and only once, so that the log on the device ends the same
whatever came in one batch or in several, twice, or after a reconnection; and what was taken back is not kept anywhere.
What changes something that is not here keeps its words until a page brings that; of a page nothing is applied to itself.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from phone.wire import Entry

CHANGES = frozenset({"edit", "retract", "hide", "restore"})


class Hole(Exception):
    """The next entry is not the one after the last: come back with `resume`, from the cursor."""


class Log(Struct):
    """Entries in rising seq without holes; `cursor` is the last one, or None before the first is known."""

    entries: list[Entry] = []
    cursor: int | None = None

    def take(self, entries: Iterable[Entry]) -> list[Entry]:
        """Append what follows the cursor, leave out what is known; give back what was new.

        :raises Hole: what came before it is kept.
        """
        new = []
        for entry in entries:
            if self.cursor is not None and entry.seq <= self.cursor:
                continue
            if self.cursor is not None and entry.seq != self.cursor + 1:
                raise Hole
            self.entries.append(entry)
            self.cursor = entry.seq
            self._apply(entry)
            new.append(entry)
        return new

    def start_at(self, seq: int) -> None:
        """What comes before `seq` is not, or no longer, this person's to see."""
        if self.cursor is not None and self.cursor >= seq - 1:
            self.entries = [entry for entry in self.entries if entry.seq >= seq]
        else:
            self.entries, self.cursor = [], seq - 1

    def put_before(self, page: Sequence[Entry]) -> None:
        """Put an older page in front. It is as it was when it was made: only what came as an event is applied to it."""
        first = self.first_seq
        older = [_done(entry) for entry in page if first is not None and entry.seq < first]
        if first is None or not older or older[-1].seq + 1 != first:
            return
        self.entries = older + self.entries
        for entry in [entry for entry in self.entries if entry.target is not None and entry.target < first]:
            self._apply(entry)

    def keep_newest(self, count: int) -> None:
        del self.entries[:-count]

    @property
    def first_seq(self) -> int | None:
        return self.entries[0].seq if self.entries else None

    def at(self, seq: int | None) -> Entry | None:
        first = self.first_seq
        if seq is None or first is None or not first <= seq < first + len(self.entries):
            return None
        return self.entries[seq - first]

    def _apply(self, change: Entry) -> None:
        """Bring the target up to date; words that live on in it, or nowhere any more, are not kept a second time."""
        if change.kind not in CHANGES:
            return
        target = self.at(change.target)
        if target is not None:
            self._put(changed_by(target, change))
            self._put(_done(change))
        elif change.kind in {"retract", "hide"}:
            for entry in self.entries:
                if entry.target == change.target and entry.seq < change.seq:
                    self._put(_without_words(entry))

    def _put(self, entry: Entry) -> None:
        self.entries[entry.seq - self.entries[0].seq] = entry


def changed_by(target: Entry, change: Entry) -> Entry:
    """The target as it is after a change; the target itself when it already knows this change, or a newer one.

    What is hidden takes no edit. So a target with an edit of after this `hide` was given back in between.
    """
    edited, hidden, is_gone = target.edited_seq or 0, target.hidden_seq or 0, target.retracted_seq is not None
    match change.kind:
        case "retract" if not is_gone:
            return structs.replace(_without_words(target), retracted_seq=change.seq)
        case "hide" if change.seq > max(edited, hidden):
            return structs.replace(_without_words(target), hidden_seq=change.seq)
        case "restore" if change.seq > hidden > 0:
            words = {} if is_gone else {"body": change.body, "meeting": change.meeting}
            return structs.replace(target, hidden_seq=None, **words)
        case "edit" if change.seq > edited and change.body is not None and not (is_gone or hidden):
            return structs.replace(target, body=change.body, edited_seq=change.seq)
    return target


def _done(entry: Entry) -> Entry:
    """What changed another entry, and changes nothing any more; any other as it is."""
    return structs.replace(_without_words(entry), target=None) if entry.kind in CHANGES else entry


def _without_words(entry: Entry) -> Entry:
    return structs.replace(entry, body=None, meeting=None)
