"""What `chat` asks of every message: `CHAT_SCREENER` in the settings names this."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from chat import frames
from chat.screening import Place, Seen, SeenEntry, Signal, ToHold
from moderation.actions import gathering, waiting
from moderation.actions.gathering import LEAST_SEVERITY
from moderation.beside import compile_beside
from moderation.reading import choices
from moderation.screening.engine import Engine
from moderation.screening.looking import engine, look

LEAST_FOR_HELP = 2
WITHOUT_CARD = frozenset({"secret_meeting"})  # the card of its class speaks of numbers and addresses, and here is none
SOMEWHERE = ("nl", "fr", "en")  # what is spoken where nobody is left


class Screener:
    """Looks with our lists and those of the organisation, and hands over to the actions."""

    def __init__(self) -> None:
        host = urlsplit(settings.MAATJE_PUBLIC_URL).hostname
        self.own_hosts = (host,) if host else ()
        compile_beside(engine)  # before the first message comes, if it can be

    def look(self, text: str, *, place: Place, languages: Sequence[str]) -> Seen | None:
        known = choices.current()
        also = _engine_of(place, known) if known.engines else None
        signals = look(text, *(languages or SOMEWHERE), also=also, own_hosts=self.own_hosts) if text else ()
        holds = not place.is_pair and bool(known.holds) and _holds(place, known, signals)
        return Seen(signals, _help(signals), holds) if signals or holds else None

    def keep(self, seen: Sequence[SeenEntry], *, held: Sequence[ToHold], now: datetime) -> None:
        """All cases are locked before the audit log, whose end is everybody's lock."""
        gathered = waiting.gather(held, now=now)
        if seen:
            gathering.signals_seen(seen, now=now)
        waiting.write(gathered, now=now)

    def hold(self, line: ToHold, *, now: datetime) -> datetime:
        hours = choices.current().holds[choices.home_of(line.conversation_id).programme_id].hours
        return waiting.hold(line, hours=hours, now=now).until

    def held(self, *, place: Place, person_id: UUID, draft_id: UUID, digest: bytes) -> datetime | None:
        known = choices.current()
        if place.id not in known.waiting_in and not (known.holds and choices.home_of(place.id).programme_id in known.holds):
            return None
        return waiting.held(conversation_id=place.id, person_id=person_id, draft_id=draft_id, digest=digest)


def _engine_of(place: Place, known: choices.Choices) -> Engine | None:
    return known.engines.get(choices.home_of(place.id).organisation_id)


def _holds(place: Place, known: choices.Choices, signals: Sequence[Signal]) -> bool:
    hold = known.holds.get(choices.home_of(place.id).programme_id)
    return hold is not None and (hold.all or any(signal.severity >= LEAST_SEVERITY for signal in signals))


def _help(signals: Sequence[Signal]) -> frames.Help | None:
    """The most severe first, as they come; who is in a crisis is helped with that."""
    serious = [signal for signal in signals if signal.severity >= LEAST_FOR_HELP and signal.reason not in WITHOUT_CARD]
    crisis = next((signal for signal in serious if signal.klass == "crisis"), None)
    chosen = crisis or next(iter(serious), None)
    return cast(frames.Help, chosen.klass) if chosen else None
