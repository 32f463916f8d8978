"""Knox makes a table of its own even when ours takes its place: empty, but it stops a TRUNCATE of people.

Where the settings keep knox's migrations or knox itself away, there is nothing to drop.
"""

from django.apps import apps as installed
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_KNOX_MIGRATES = installed.is_installed("knox") and settings.MIGRATION_MODULES.get("knox", "knox.migrations") is not None


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if _KNOX_MIGRATES:
        schema_editor.delete_model(apps.get_model("knox", "AuthToken"))


def restore(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if _KNOX_MIGRATES:
        schema_editor.create_model(apps.get_model("knox", "AuthToken"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_people_devices_invites"),
        *([("knox", "0009_extend_authtoken_field")] if _KNOX_MIGRATES else []),
    ]

    operations = [migrations.RunPython(drop, restore)]
