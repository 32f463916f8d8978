from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.BigIntegerField(default=0)),
                (
                    "hash",
                    models.BinaryField(
                        default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                        max_length=32,
                    ),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="there_is_one_audit_head")],
            },
        ),
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("action", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=96)),
                ("detail", models.JSONField()),
                ("salt", models.BinaryField(max_length=16)),
                ("prev_hash", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "ordering": ["n"],
                "indexes": [
                    models.Index(fields=["subject", "n"], name="audit_by_subject"),
                    models.Index(fields=["actor_id", "n"], name="audit_by_actor"),
                ],
                "constraints": [models.CheckConstraint(condition=models.Q(("n__gte", 1)), name="audit_rows_count_from_one")],
            },
        ),
    ]
