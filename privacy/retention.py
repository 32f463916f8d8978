"""How long each kind of row is kept and why: `retention.toml` says it, `apply_retention` does it."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Exists, OuterRef

from privacy.models import DataKey

POLICY_FILE = Path(__file__).with_name("retention.toml")
ROWS_AT_A_TIME = 500


class BadPolicy(Exception):
    """The retention policy cannot be read; the message names the model and what is wrong."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What becomes of the rows of one model: `days` past the instant in `after` they go, or their words do; or `keep` says until when."""

    model: str
    why: str
    keep: str | None = None
    days: int | None = None
    after: str | None = None
    erases: str | None = None  # the field with the data key: the row stays, its words can no longer be read
    unless: str | None = None  # a text field: while anything stands in it, the row stays as it is
    waits_for: str | None = None  # "cases.closed_at": the row stays as it is while one of its cases has nothing there

    @property
    def model_class(self) -> type[models.Model]:
        return apps.get_model(self.model)

    def __str__(self) -> str:
        if self.keep:
            return f"kept {self.keep}"
        return f"{'words erased' if self.erases else 'deleted'} {self.days} days after {self.after}"


def policies(path: Path = POLICY_FILE) -> list[Policy]:
    """Read the policy. :raises BadPolicy:"""
    tables: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_policy(f"{app}.{name}", told) for app, named in tables.items() for name, told in named.items()]


def _policy(model: str, told: dict[str, Any]) -> Policy:
    try:
        policy = Policy(model=model, **told)
    except TypeError as problem:
        raise BadPolicy(f"{model}: {problem}.") from None
    if not policy.why.strip():
        raise BadPolicy(f"{model}: say why.")
    timed = policy.days is not None and policy.after is not None
    if timed == bool(policy.keep):
        raise BadPolicy(f"{model}: say either `days` and `after`, or `keep`.")
    return policy


def expired(policy: Policy, *, now: datetime) -> models.QuerySet[Any]:
    """The rows that are past their time; none for what is kept."""
    rows = policy.model_class._base_manager.all()
    if policy.days is None:
        return rows.none()
    past = rows.filter(**{f"{policy.after}__lt": now - timedelta(days=policy.days)})
    if policy.unless:
        past = past.filter(**{policy.unless: ""})
    past = past.filter(**{f"{policy.erases}__isnull": False}) if policy.erases else past
    return past.exclude(Exists(_waiting(policy.model_class, policy.waits_for))) if policy.waits_for else past


def _waiting(model: type[models.Model], waits_for: str) -> models.QuerySet[Any]:
    """The rows of another model that are about a row of this one, and not over."""
    name, _, field = waits_for.partition(".")
    relation: Any = model._meta.get_field(name)
    about = {relation.field.name: OuterRef("pk"), field: None}
    found: models.QuerySet[Any] = relation.related_model._base_manager.filter(**about)
    return found


def apply(policy: Policy, *, now: datetime) -> int:
    """Delete or erase what is past its time, in small transactions; how many rows."""
    done = 0
    while batch := list(expired(policy, now=now).order_by("pk")[:ROWS_AT_A_TIME]):
        with transaction.atomic():
            if policy.erases:
                DataKey.objects.filter(pk__in=[getattr(row, f"{policy.erases}_id") for row in batch]).delete()
            else:
                policy.model_class._base_manager.filter(pk__in=[row.pk for row in batch]).delete()
        done += len(batch)
    return done
