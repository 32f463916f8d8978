from collections import defaultdict

from django.conf import settings
from django.db import migrations, models


def number_the_conversations(apps, schema_editor):
    """Every person's conversations get 1, 2, 3 … in the order in which they came into them."""
    stays = apps.get_model("chat", "ConversationMember").objects.order_by("id")
    slots = defaultdict(dict)
    for stay in stays.iterator(chunk_size=2000):
        mine = slots[stay.person_id]
        stay.slot = mine.setdefault(stay.conversation_id, len(mine) + 1)
        stay.save(update_fields=["slot"])


class Migration(migrations.Migration):
    atomic = True

    dependencies = [
        ("chat", "0001_conversations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("conversationmember", "slot", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.RunPython(number_the_conversations, migrations.RunPython.noop),
        migrations.AddConstraint(
            "conversationmember",
            models.UniqueConstraint(
                condition=models.Q(("left_seq__isnull", True)), fields=("person", "slot"), name="one_conversation_per_slot"
            ),
        ),
    ]
