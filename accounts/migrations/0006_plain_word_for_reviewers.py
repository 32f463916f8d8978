from django.db import migrations, models

_ROLES = [
    ("participant", "deelnemer"),
    ("buddy", "buddy"),
    ("coordinator", "coördinator"),
    ("moderator", "moderator"),
    ("lead", "leidinggevende"),
    ("reviewer", "wie beroep behandelt"),
    ("auditor", "auditor"),
    ("administrator", "beheerder"),
]


class Migration(migrations.Migration):
    """Words alone: the table stays as it is."""

    dependencies = [("accounts", "0005_reviewers_and_letters")]

    operations = [
        migrations.AlterField("person", "role", models.CharField(choices=_ROLES, max_length=16, verbose_name="rol")),
    ]
