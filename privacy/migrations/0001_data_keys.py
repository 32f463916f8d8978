from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("kek_id", models.CharField(db_index=True, max_length=32)),
                ("wrapped", models.BinaryField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
        ),
    ]
