"""Knox makes its own table of tokens even when ours takes its place; empty, but it stops a TRUNCATE of people."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.delete_model(apps.get_model("knox", "AuthToken"))


def restore(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.create_model(apps.get_model("knox", "AuthToken"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people_devices_invites"), ("knox", "0009_extend_authtoken_field")]

    operations = [migrations.RunPython(drop, restore)]
