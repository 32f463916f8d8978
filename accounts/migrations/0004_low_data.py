import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_first_passwords_and_words"),
    ]

    operations = [
        migrations.AddField("person", "low_data", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("person", "data_budget", models.BigIntegerField(blank=True, null=True)),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                condition=models.Q(("data_budget", None), ("data_budget__range", (100000, 10000000000)), _connector="OR"),
                name="data_budget_is_one_that_can_be_kept",
            ),
        ),
        migrations.CreateModel(
            name="DataUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("device_id", models.UUIDField()),
                ("month", models.DateField()),
                ("sent", models.BigIntegerField()),
                ("received", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="data_uses", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "device_id", "month"), name="one_count_per_device_and_month"),
                    models.CheckConstraint(
                        condition=models.Q(("received__gte", 0), ("sent__gte", 0)), name="nobody_uses_less_than_nothing"
                    ),
                ],
            },
        ),
    ]
