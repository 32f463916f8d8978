"""Fatima and Annemie, whom a newcomer is told to be: a few lines of a good week, and a walk that is planned."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chat.frames import AskedTime
from moderation.demo.scenes import scene_of

_ZONE = ZoneInfo("Europe/Brussels")
_SAID = (  # minutes ago
    (2900, "Annemie", "Dag Fatima! Hoe was het op de ouderavond?"),
    (2880, "Fatima", "Goed 😊 Samir leest al beter. De juf was heel vriendelijk."),
    (2875, "Annemie", "Wat fijn, daar hebben jullie hard voor gewerkt."),
    (1500, "Fatima", "Ik vond een brief van school die ik niet goed begrijp."),
    (1480, "Annemie", "Breng hem mee, dan lezen we hem samen. Met koffie?"),
    (1470, "Fatima", "Graag! Tot dan 😊"),
)
_AHEAD = timedelta(days=3)


def seed(*, now: datetime) -> None:
    scene = scene_of(("Fatima", "Annemie"))
    if scene is None:
        return
    for ago, name, words in _SAID[:-1]:
        scene.says(name, words, now=now - timedelta(minutes=ago))
    day = (now + _AHEAD).astimezone(_ZONE).date()
    asked = {"times": [AskedTime(f"{day}T14:00", 60)], "place": "Cafetaria van de bib", "purpose": "leisure"}
    scene.meets("Annemie", act="propose", now=now - timedelta(minutes=1475), **asked)
    scene.meets("Fatima", act="accept", meeting=1, version=1, now=now - timedelta(minutes=1472))
    ago, name, words = _SAID[-1]
    scene.says(name, words, now=now - timedelta(minutes=ago))
