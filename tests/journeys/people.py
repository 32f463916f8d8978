"""How people of a story come in: with a code on paper."""

from typing import Any

from tests.promises.houses import House
from tests.promises.rest import Answer


async def enrol(house: House, code: str, *, label: str = "my phone") -> dict[str, Any]:
    """Turn a code into what a phone keeps: its token, and who it belongs to."""
    answer = await house.rest().post("enrol", {"code": code, "label": label, "keep": "token"})
    assert answer.status in {200, 201}, answer
    me = await house.rest({"token": answer.body["token"]}).get("me")
    return {"token": answer.body["token"], "me": me.body}


async def somebody(house: House, name: str, *, role: str = "participant") -> dict[str, Any]:
    """A new person who enrols with the code their coordinator gave them."""
    invited = await house.office.ask("invited", role=role, name=name)
    return {**await enrol(house, invited["code"]), "person": invited["person"], "name": invited["name"]}


async def circle_of(house: House, holder: dict[str, Any]) -> dict[str, Any]:
    """The only circle of somebody, as their phone shows it."""
    answer: Answer = await house.rest(holder).get("circles")
    (circle,) = answer.body["circles"]
    found: dict[str, Any] = circle
    return found
