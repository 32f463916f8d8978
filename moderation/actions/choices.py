"""What an organisation chooses: its deadlines and limits, which groups are moderated before, an outside classifier, and templates of words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Person
from audit import actions as audit
from core import facts
from core.errors import NotFound
from moderation import policy
from moderation.errors import RulesUnfit
from moderation.facts import ScreeningChanged
from moderation.models import PreModeration, Rules, Template
from moderation.permissions import Permission
from programmes.models import Organisation, Programme

# What may be chosen, and between which ends: a deadline can be shorter than ours, and not so long that nobody ever looks.
BOUNDS: dict[str, tuple[int, int]] = {
    "danger_minutes": (5, 60),
    "danger_on_call_minutes": (15, 240),
    "safeguarding_minutes": (30, 1_440),
    "harassment_minutes": (60, 4_320),
    "other_minutes": (60, 10_080),
    "appeal_days": (1, 30),
    "lease_minutes": (10, 240),
    "first_weeks": (0, 52),
    "most_distressing": (1, 200),
}


def change(organisation: Organisation, *, values: Mapping[str, int], by: Person, now: datetime) -> Rules:
    """Keep these choices, all of `BOUNDS` or some. :raises RulesUnfit: :raises Forbidden: :raises NotFound:"""
    policy.ensure_may_in(by, Permission.CHANGE_RULES, organisation.id)
    problems = {name: [f"{low}–{high}"] for name, (low, high) in BOUNDS.items() if name in values and not low <= values[name] <= high}
    if problems or not values.keys() <= BOUNDS.keys():
        raise RulesUnfit(problems=problems)
    with transaction.atomic():
        Rules.objects.get_or_create(organisation=organisation)
        rules = Rules.objects.select_for_update(no_key=True).get(organisation=organisation)
        changed = {name: value for name, value in values.items() if getattr(rules, name) != value}
        for name, value in changed.items():
            setattr(rules, name, value)
        rules.save()
        if changed:
            _audit("rules.changed", organisation.id, by=by, now=now, **changed)
    return rules


def moderate_before(programme: Programme, *, holds: str, hours: int, by: Person, now: datetime) -> PreModeration | None:
    """Let messages of its groups wait: `signals`, `all`, or `none`, at most so many hours. :raises RulesUnfit: :raises Forbidden: :raises NotFound:"""
    policy.ensure_may_in(by, Permission.CHANGE_RULES, programme.organisation_id)
    if holds not in {"none", "signals", "all"} or not 1 <= hours <= 72:
        raise RulesUnfit(problems={"hours": ["1–72"]})
    with transaction.atomic():
        found = None
        if holds == "none":
            PreModeration.objects.filter(programme=programme).delete()
        else:
            found, _ = PreModeration.objects.update_or_create(programme=programme, defaults={"holds": holds, "hours": hours})
        _audit("rules.moderate_before", programme.organisation_id, by=by, now=now, programme=str(programme.id), holds=holds, hours=hours)
        facts.record(ScreeningChanged(programme.organisation_id))
    return found


def classify(organisation: Organisation, *, wants: bool, by: Person, now: datetime) -> Rules:
    """Let the classifier that the operator named see what its people write, or no more. :raises RulesUnfit: there is none. :raises Forbidden: :raises NotFound:"""
    policy.ensure_may_in(by, Permission.CHANGE_RULES, organisation.id)
    if wants and not settings.MAATJE_CLASSIFIER_URL:
        raise RulesUnfit(problems={"wants": ["this installation has none"]})
    with transaction.atomic():
        rules, _ = Rules.objects.update_or_create(organisation=organisation, defaults={"uses_classifier": wants})
        _audit("rules.classifier", organisation.id, by=by, now=now, wants=wants)
        facts.record(ScreeningChanged(organisation.id))
    return rules


def keep_template(
    organisation: Organisation, *, values: Mapping[str, Any], by: Person, now: datetime, template_id: UUID | None = None
) -> Template:
    """Add a template, or change one. :raises RulesUnfit: :raises Forbidden: :raises NotFound:"""
    policy.ensure_may_in(by, Permission.CHANGE_TEMPLATES, organisation.id)
    template = Template(organisation=organisation) if template_id is None else _template(template_id, organisation)
    for name in ("name", "kind", "about", "language", "text"):
        setattr(template, name, values[name])
    try:
        template.full_clean(validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            template.save()
            _audit("template.kept", organisation.id, by=by, now=now, template=str(template.id))
    except ValidationError as problem:
        raise RulesUnfit(problems=problem.message_dict) from None
    except IntegrityError:
        raise RulesUnfit(problems={"name": ["there is one of that name in this language"]}) from None
    return template


def drop_template(template_id: UUID, organisation: Organisation, *, by: Person, now: datetime) -> None:
    """:raises NotFound: :raises Forbidden:"""
    policy.ensure_may_in(by, Permission.CHANGE_TEMPLATES, organisation.id)
    with transaction.atomic():
        _template(template_id, organisation).delete()
        _audit("template.dropped", organisation.id, by=by, now=now, template=str(template_id))


def _template(template_id: UUID, organisation: Organisation) -> Template:
    found = Template.objects.filter(id=template_id, organisation=organisation).first()
    if found is None:
        raise NotFound
    return found


def _audit(action: str, organisation_id: UUID, *, by: Person, now: datetime, **detail: Any) -> None:
    audit.write(action=action, by=by.id, subject=f"organisation:{organisation_id}", detail=detail, now=now)
