"""The word lists of an organisation: each version is kept, one in each language is used."""

import logging
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from audit import actions as audit
from core import facts
from core.errors import NotFound
from core.ids import new_id
from moderation import policy
from moderation.errors import ListInvalid, ListTooSlow, OwnList
from moderation.facts import ScreeningChanged
from moderation.models import WordList
from moderation.permissions import Permission
from moderation.screening.engine import Engine
from moderation.screening.lists import LANGUAGES, BadList, WordRules, in_package, parse
from moderation.screening.weighing import too_dear
from programmes.models import Organisation

log = logging.getLogger(__name__)


def add(organisation: Organisation, *, language: str, text: str, by: Person, now: datetime) -> WordList:
    """Keep a new version, not in use yet.

    :raises ListInvalid: with everything that is wrong with it, up to a limit. :raises ListTooSlow: :raises Forbidden: :raises NotFound:
    """
    rules = check(text, language)
    with transaction.atomic():
        policy.ensure_may_in(by, Permission.CHANGE_LISTS, organisation.id)
        Organisation.objects.select_for_update(no_key=True).get(id=organisation.id)  # two at once are two versions
        latest = WordList.objects.filter(organisation=organisation, language=language).aggregate(Max("version"))["version__max"] or 0
        row = WordList.objects.create(
            id=new_id(), organisation=organisation, language=language, version=latest + 1, text=text, review_by=rules.review_by,
            made_at=now, made_by=by,
        )  # fmt: skip
        _write("list.added", row, by=by, now=now, rules=len(rules.rules))
    return row


def use(list_id: UUID, *, by: Person, now: datetime) -> WordList:
    """From now on this version is looked with, in place of the one before; an older one may come back.

    A list decides which messages somebody may read: one person alone could aim it at a conversation, so its writer asks another.

    :raises NotFound: :raises Forbidden: :raises OwnList: whoever wrote it
    """
    _check_again(list_id, by)
    with transaction.atomic():
        row = _locked(list_id, by)
        if row.made_by_id == by.id:
            raise OwnList
        if not row.in_use:
            WordList.objects.filter(organisation_id=row.organisation_id, language=row.language, in_use=True).update(in_use=False)
            row.in_use = True
            row.save(update_fields=["in_use"])
            facts.record(ScreeningChanged(row.organisation_id))
            _write("list.used", row, by=by, now=now)
    return row


def stop(list_id: UUID, *, by: Person, now: datetime) -> WordList:
    """Look with our own lists alone in this language. :raises NotFound: :raises Forbidden:"""
    with transaction.atomic():
        row = _locked(list_id, by)
        if row.in_use:
            row.in_use = False
            row.save(update_fields=["in_use"])
            facts.record(ScreeningChanged(row.organisation_id))
            _write("list.stopped", row, by=by, now=now)
    return row


def check(text: str, language: str) -> WordRules:
    """The list, if it can be used as it is. Takes seconds for a long one: never inside a transaction. :raises ListInvalid: :raises ListTooSlow:"""
    if language not in LANGUAGES:
        raise ListInvalid(problems={"language": [f"One of {', '.join(LANGUAGES)}."]})
    try:
        rules = parse(text, language)
        made = Engine.of([rules])
    except BadList as problem:
        raise ListInvalid(problems={"text": problem.problems}) from None
    if reasons := too_dear(made):
        raise ListTooSlow(problems={"text": [f"{reason}: {ListTooSlow.sentence}" for reason in reasons]})
    return rules


def overdue(*, today: date) -> list[WordList]:
    """Lists in use whose date to look at them again has passed."""
    return list(WordList.objects.filter(in_use=True, review_by__lt=today).order_by("review_by", "id"))


def warn_of_overdue(*, today: date) -> None:
    """Tell whoever watches the logs, once a day; the console tells those who keep the lists."""
    for language, text in in_package().items():
        if parse(text, language).review_by < today:
            log.warning("word_list_overdue language=%s", language)
    for row in overdue(today=today):
        log.warning("word_list_overdue organisation=%s language=%s version=%s", row.organisation_id, row.language, row.version)


def _check_again(list_id: UUID, by: Person) -> None:
    """A release since may have become stricter; a version never changes. :raises ListInvalid: :raises NotFound: :raises Forbidden:"""
    row = WordList.objects.filter(id=list_id).first()
    if row is None:
        raise NotFound
    policy.ensure_may_in(by, Permission.CHANGE_LISTS, row.organisation_id)
    check(row.text, row.language)


def _locked(list_id: UUID, by: Person) -> WordList:
    row = WordList.objects.filter(id=list_id).select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise NotFound
    policy.ensure_may_in(by, Permission.CHANGE_LISTS, row.organisation_id)
    return row


def _write(action: str, row: WordList, *, by: Person, now: datetime, **detail: object) -> None:
    told = {"language": row.language, "version": row.version, **detail}
    audit.write(action=action, by=by.id, subject=f"organisation:{row.organisation_id}", detail=told, now=now)
