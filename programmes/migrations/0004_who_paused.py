import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0003_one_length_for_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "circle",
            "paused_by",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            "circle",
            models.CheckConstraint(
                condition=models.Q(("state", "paused"), ("paused_by", None), _connector="OR"),
                name="only_a_paused_circle_was_paused_by_somebody",
            ),
        ),
    ]
