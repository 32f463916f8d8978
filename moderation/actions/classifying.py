"""Ask outside classifiers about lines that are long in their logs: nothing waits for them, and a signal of theirs is one among others."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import transaction

from chat.facts import Line
from chat.models import Conversation, Entry, EntryKind
from chat.screening import SeenEntry, Signal
from moderation.actions import evidence, gathering
from moderation.actions.evidence import Window
from moderation.models import Rules, ToClassify
from moderation.screening.outside import Classifier

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
LONGEST_WAIT = timedelta(hours=24)  # a classifier that is away so long hears no more of it

_classifier = cache(Classifier)  # by its address, with what it knows of it


def note(lines: Iterable[Line], *, organisations: frozenset[UUID], now: datetime) -> None:
    """Remember lines of organisations with a classifier, in the transaction that made them."""
    said = [line for line in lines if line.sender_id is not None and line.kind in {EntryKind.MESSAGE, EntryKind.EDIT}]
    of_theirs = Conversation.objects.filter(circle__programme__organisation_id__in=organisations)
    places = set(of_theirs.filter(id__in={line.conversation_id for line in said}).values_list("id", flat=True))
    rows = [ToClassify(conversation_id=line.conversation_id, seq=line.seq, at=now) for line in said if line.conversation_id in places]
    ToClassify.objects.bulk_create(rows, ignore_conflicts=True)


def classify_due(*, now: datetime) -> int:
    """Ask about what waits, the oldest first; how many lines were answered. What nobody answers is asked again, for a day."""
    ToClassify.objects.filter(at__lt=now - LONGEST_WAIT).delete()
    rows = list(
        ToClassify.objects.select_related("conversation__data_key", "conversation__circle__programme").order_by("id")[:MOST_AT_ONCE]
    )
    url = settings.MAATJE_CLASSIFIER_URL
    wanting = set(Rules.objects.filter(uses_classifier=True).values_list("organisation_id", flat=True)) if url else set()
    asked = [row for row in rows if row.conversation.circle.programme.organisation_id in wanting]
    _forget([row for row in rows if row not in asked])
    return _classify(_classifier(url), asked, now=now) if asked else 0


def _classify(classifier: Classifier, rows: Sequence[ToClassify], *, now: datetime) -> int:
    found = [(row, _said(row)) for row in rows]
    asked = [(row, said) for row, said in found if said is not None]
    _forget([row for row, said in found if said is None])
    answers = classifier.ask([(language, text) for _, (_, language, text) in asked])
    answered = [(row, entry, answer) for (row, (entry, _, _)), answer in zip(asked, answers, strict=True) if answer is not None]
    for row, entry, signals in answered:
        _take(row, entry, signals, now=now)
    if len(answered) < len(asked):
        log.warning("classifier_silent lines=%s", len(asked) - len(answered))
    return len(answered)


def _said(row: ToClassify) -> tuple[Entry, str, str] | None:
    """The entry, its writer's language and its words as they are now; nothing where nothing is left."""
    entry = Entry.objects.select_related("sender").filter(conversation_id=row.conversation_id, seq=row.seq).first()
    key = row.conversation.data_key
    if entry is None or entry.sender is None or key is None:
        return None
    line = entry
    if entry.kind == EntryKind.EDIT and entry.target_seq is not None:
        line = Entry.objects.get(conversation_id=row.conversation_id, seq=entry.target_seq)
    text = evidence.body_of(line, key=key.unwrap(), window=Window())
    return (entry, entry.sender.language, text) if text else None


def _take(row: ToClassify, entry: Entry, signals: tuple[Signal, ...], *, now: datetime) -> None:
    with transaction.atomic():
        list(Conversation.objects.locked().filter(id=row.conversation_id))
        row.delete()
        if signals and entry.sender_id is not None:
            gathering.signals_seen([SeenEntry(row.conversation_id, row.seq, entry.sender_id, signals, entry.at)], now=now)


def _forget(rows: Sequence[ToClassify]) -> None:
    if rows:
        ToClassify.objects.filter(id__in=[row.id for row in rows]).delete()
