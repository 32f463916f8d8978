"""Refuse to migrate a database whose keys are not here, before anything new is sealed under other keys."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from privacy import keyring
from privacy.errors import KeyringError
from privacy.keyring import FileKeys
from privacy.models import DataKey

HINT = "Put the keys that belong to this database back from their backup; others cannot open what it holds."


@register(Tags.database)
def keys_belong_to_the_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error when data keys are wrapped by a key-encryption key that the keyring does not hold."""
    return [problem for alias in databases or () for problem in _problems(alias)]


def _problems(alias: str) -> list[CheckMessage]:
    if DataKey._meta.db_table not in connections[alias].introspection.table_names():
        return []
    used = set(DataKey.objects.using(alias).values_list("kek_id", flat=True).order_by().distinct())
    if not used:
        return []
    try:
        held = _held()
    except KeyringError as problem:
        return [Error(str(problem), hint=HINT, id="privacy.E001")]
    if lost := used - held:
        return [
            Error(f"Data keys are wrapped by {', '.join(sorted(lost))}, which the keyring does not hold.", hint=HINT, id="privacy.E002")
        ]
    return []


def _held() -> set[str]:
    """The ids of the keys that are there; makes none, unlike the keyring itself."""
    source = keyring.source()
    if isinstance(source, FileKeys) and not source.path.exists():
        raise KeyringError(f"{source.path} is missing, and this database holds what is sealed under its keys.")
    return set(source.load().keys)
