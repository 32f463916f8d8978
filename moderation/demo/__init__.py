"""The demo: what its people said before somebody came to be one of them, so that the first look shows something."""

from datetime import datetime

from django.db import transaction

from moderation.demo import appealed, flagged, friends


@transaction.atomic
def seed(*, now: datetime) -> None:
    """Let the demo people have talked, planned, flagged and disagreed, each scene once and only where nobody said anything yet.

    Among people who are no demo there are none of that.
    """
    friends.seed(now=now)
    flagged.seed(now=now)
    appealed.seed(now=now)
