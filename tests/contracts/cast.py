"""Everybody who may knock: one of each role, with what is theirs, what is another's and what nobody has."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.contracts.wire import ask
from tests.media.pictures import photo
from tests.promises.houses import House

SETTINGS: dict[str, Any] = {
    "MAATJE_COMMANDS_PER_SECOND": "100000",
    "MAATJE_COMMANDS_BURST": "100000",
    "MAATJE_TEXT_BYTES_BURST": "100000000",
    "MAATJE_ATTEMPTS_PER_CODE": "100000",
    "MAATJE_SOCKETS_PER_PERSON": "1000",
}
LET_IN = ("participant", "buddy", "coordinator", "former", "cookie")
KEPT_OUT = ("nobody", "suspended", "revoked", "gibberish")
ROLES = LET_IN + KEPT_OUT
PHOTO = photo(8, 6, format="PNG")


@dataclass(frozen=True)
class Belongings:
    """What stands in addresses: of oneself, of somebody else, or of nobody."""

    conversation_id: str = field(default_factory=lambda: str(uuid4()))
    circle_id: str = field(default_factory=lambda: str(uuid4()))
    device_id: str = field(default_factory=lambda: str(uuid4()))
    person_id: str = field(default_factory=lambda: str(uuid4()))
    media_id: str = field(default_factory=lambda: str(uuid4()))
    away_id: str = field(default_factory=lambda: str(uuid4()))
    address_id: str = field(default_factory=lambda: str(uuid4()))
    statement_id: str = field(default_factory=lambda: str(uuid4()))
    number: str = "1"
    seq: str = "1"

    @property
    def theirs(self) -> int:
        """A line of the other one, where the first two of a circle said something each."""
        return 4 - int(self.seq)

    def in_path(self, path: str) -> str:
        return path.format(**vars(self))


@dataclass(frozen=True)
class Somebody:
    """A role at the door. `own` is theirs; for blocking, `own.person_id` is somebody they meet."""

    role: str
    headers: dict[str, str]
    own: Belongings

    @property
    def token(self) -> str:
        return self.headers["Authorization"].removeprefix("Bearer ")


@dataclass(frozen=True)
class Cast:
    people: dict[str, Somebody]
    other: Belongings
    missing: Belongings

    def __getitem__(self, role: str) -> Somebody:
        return self.people[role]


def gather(house: House, *, state: str = "active") -> Cast:
    """A fresh cast, in circles that lived until `state`; participant, buddy and cookie are each in a pair of their own."""
    pair, second, web, others = (_circle(house, state=state) for _ in range(4))
    group = _circle(house, kind="peer_group", size=4, state=state)
    former, peer = group["people"][0], group["people"][1]
    house.office.ask_now("take_out", circle=group["circle"], person=former["person"])
    suspended, revoked = _circle(house, state=state), _circle(house, state=state)
    house.office.ask_now("suspend", person=suspended["people"][0]["person"])
    house.office.ask_now("revoke", device=revoked["people"][0]["device"])
    coordinator = second["coordinator"]
    people = [
        Somebody("participant", _bearer(pair["people"][0]), _belongings(pair, 0, meets=pair["people"][1])),
        Somebody("buddy", _bearer(second["people"][1]), _belongings(second, 1, meets=second["people"][0])),
        Somebody("coordinator", _bearer(coordinator), _belongings(second, 0, meets=second["people"][0], device=coordinator["device"])),
        Somebody("former", _bearer(former), _belongings(group, 0, meets=peer)),
        Somebody("cookie", by_cookie(house, web["people"][0]), _belongings(web, 0, meets=web["people"][1])),
        Somebody("nobody", {}, _belongings(pair, 0, meets=pair["people"][1])),
        Somebody("suspended", _bearer(suspended["people"][0]), _belongings(suspended, 0, meets=suspended["people"][1])),
        Somebody("revoked", _bearer(revoked["people"][0]), _belongings(revoked, 0, meets=revoked["people"][1])),
        Somebody("gibberish", {"Authorization": "Bearer mtj_" + "0" * 64}, _belongings(pair, 0, meets=pair["people"][1])),
    ]
    return Cast({one.role: one for one in people}, _belongings(others, 0, meets=others["people"][0]), Belongings())


def by_cookie(house: House, person: dict[str, str]) -> dict[str, str]:
    """What a browser sends from our own page."""
    return {"Cookie": f"__Host-maatje={person['token']}; __Host-maatje-who=1", "Origin": house.server.url}


def _circle(house: House, **how: Any) -> dict[str, Any]:
    """A circle whose first two members have each shown a photo in it, if there is a conversation."""
    made: dict[str, Any] = house.office.ask_now("circle", **how)
    if made["conversation"]:
        for one in made["people"][:2]:
            media = str(uuid4())
            ask(house.server.port, "PUT", f"conversations/{made['conversation']}/media/{media}", PHOTO, _bearer(one))
            said = {"draft_id": str(uuid4()), "body": "Dag!", "media": media}
            house.rest(one).ask_now("POST", f"conversations/{made['conversation']}/entries", said)
            plan = {"draft_id": str(uuid4()), "times": [{"start": soon()}]}
            ask(house.server.port, "POST", f"conversations/{made['conversation']}/meetings", plan, _bearer(one))
    for one in [*made["people"][:2], made["coordinator"]]:
        one["away"] = _made(house, one, "away", first_date=soon()[:10], last_date=soon()[:10])
        one["address"] = _made(house, one, "notices/addresses", kind="fcm_fid", value=uuid4().hex)
    return made


def _made(house: House, person: dict[str, str], path: str, **said: str) -> str:
    """The id of something that somebody made for themselves."""
    made: str = ask(house.server.port, "POST", path, said, _bearer(person)).json["id"]
    return made


def soon() -> str:
    """A time to meet that is a few days ahead for as long as the tests last."""
    return (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%dT14:00")


def _bearer(person: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {person['token']}"}


def _belongings(circle: dict[str, Any], index: int, *, meets: dict[str, str], device: str | None = None) -> Belongings:
    whose = circle["people"][index] if device is None else circle["coordinator"]
    return Belongings(
        conversation_id=circle["conversation"] or str(uuid4()),
        circle_id=circle["circle"],
        device_id=device or circle["people"][index]["device"],
        person_id=meets["person"],
        seq=str(2 * index + 1),
        number=str(index + 1),
        away_id=whose["away"],
        address_id=whose["address"],
    )
