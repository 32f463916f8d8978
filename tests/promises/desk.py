"""The office's own end: `python -m tests.promises.desk` answers lines of JSON with the domain's actions."""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

import django
import msgspec

django.setup()

from django.db import close_old_connections, connection

from accounts.actions import devices, invites, people
from accounts.models import Device, Invite, Person, Role
from chat import bodies
from chat.models import Conversation, ConversationMember, Entry
from core import clock
from core.errors import DomainError
from moderation.actions import appeals, cases, climbing, decisions, opening
from moderation.models import Appeal, Case, Decision, Escalation, Flag, Signal
from moderation.words import DecisionKind
from programmes.actions import circles, members
from programmes.models import Circle, CircleKind, EndReason, MemberRole, State
from programmes.policy import Invited
from tests import factories
from tests.promises.words import NAME_CANARY

factories._numbers = count(time.time_ns() // 10**8)  # an office that opens again makes no programme twice
_TASKS: dict[str, Callable[..., Any]] = {}


def task(function: Callable[..., Any]) -> Callable[..., Any]:
    _TASKS[function.__name__] = function
    return function


def _person(role: Role, name: str) -> Person:
    return factories.make_person(role=role, name=f"{name} {NAME_CANARY}")


def _described(person: Person) -> dict[str, str]:
    device, token = factories.make_device(person=person)
    return {"person": str(person.id), "name": person.name, "token": token, "device": str(device.id)}


def _actor(by: str | None) -> Person | None:
    return Person.objects.get(id=by) if by else None


@task
def circle(*, kind: str = "pair", size: int = 3, state: str = "active", grace_days: int = 7, phones: Sequence[str] = ()) -> dict[str, Any]:
    """A circle that lived until `state`, with a device for each member, and the number of the first so many."""
    if kind == "pair":
        who = [_person(Role.PARTICIPANT, "Fatima"), _person(Role.BUDDY, "Annemie")]
    else:
        who = [_person(Role.PARTICIPANT, f"Buur {number}") for number in range(1, size + 1)]
    for somebody, number in zip(who, phones, strict=False):
        somebody.take_phone(number)
        somebody.save()
    made = factories.make_circle(
        kind=CircleKind(kind), state=State(state), people=who, programme=factories.make_programme(grace_days=grace_days)
    )
    conversation = Conversation.objects.filter(circle=made).first()
    return {
        "circle": str(made.id),
        "conversation": str(conversation.id) if conversation else None,
        "people": [_described(person) for person in who],
        "coordinator": _described(cast(Person, made.coordinator)),
    }


@task
def person(*, role: str = "participant", name: str = "Samira") -> dict[str, str]:
    return _described(_person(Role(role), name))


@task
def invited(*, role: str = "participant", name: str = "Samira") -> dict[str, str]:
    """Somebody without a device, and the code on their paper."""
    made = _person(Role(role), name)
    return {"person": str(made.id), "name": made.name, "code": invites.make(person=made, by=None, now=clock.now())[1]}


@task
def invite(*, person: str, is_expired: bool = False) -> str:
    made, code = invites.make(person=Person.objects.get(id=person), by=None, now=clock.now())
    if is_expired:
        Invite.objects.filter(id=made.id).update(made_at=clock.now() - timedelta(days=8), expires_at=clock.now() - timedelta(days=1))
    return code


@task
def device(*, person: str) -> dict[str, str]:
    """One device more for somebody."""
    return _described(Person.objects.get(id=person))


@task
def propose(*, people: list[str], coordinator: str, kind: str = "pair", grace_days: int = 7) -> str:
    roles = [MemberRole.PARTICIPANT, MemberRole.BUDDY] if kind == "pair" else [MemberRole.PEER] * len(people)
    by = Person.objects.get(id=coordinator)
    made = circles.propose(
        programme=factories.make_programme(grace_days=grace_days),
        kind=CircleKind(kind),
        members=[Invited(Person.objects.get(id=id_), role) for id_, role in zip(people, roles, strict=True)],
        coordinator=by,
        deputy=_person(Role.COORDINATOR, "Bram"),
        by=by,
        now=clock.now(),
    )
    return str(made.id)


@task
def step(*, circle: str, to: str, by: str | None = None, reason: str = "") -> str:
    """Move a circle along: introduce, start_trial, activate, pause, resume or end."""
    actor = _actor(by)
    subject = Circle.objects.get(id=circle)
    if to == "end":
        return circles.end(circle=subject, reason=EndReason(reason), by=actor, now=clock.now()).state
    action = {
        "introduce": circles.introduce, "start_trial": circles.start_trial, "activate": circles.activate,
        "pause": circles.pause, "resume": circles.resume,
    }[to]  # fmt: skip
    return action(circle=subject, by=actor, now=clock.now()).state


@task
def let_grace_pass(*, conversation: str) -> None:
    """Bring the closing time of an ended circle's conversation to now."""
    Conversation.objects.filter(id=conversation).update(closes_at=clock.now())


@task
def ask_in(*, circle: str, person: str, by: str | None = None) -> None:
    """Ask somebody else into a group; they join at their own yes."""
    members.add(
        circle=Circle.objects.get(id=circle), person=Person.objects.get(id=person), role=MemberRole.PEER, by=_actor(by), now=clock.now()
    )


@task
def take_out(*, circle: str, person: str, by: str | None = None) -> None:
    members.remove(circle=Circle.objects.get(id=circle), person=Person.objects.get(id=person), by=_actor(by), now=clock.now())


@task
def revoke(*, device: str) -> None:
    devices.revoke(device=Device.objects.get(id=device), by=None, now=clock.now())


@task
def suspend(*, person: str) -> None:
    people.suspend(person=Person.objects.get(id=person), by=None, now=clock.now())


@task
def log(*, conversation: str) -> list[dict[str, Any]]:
    """The log as the database holds it."""
    row = Conversation.objects.select_related("data_key").get(id=conversation)
    key = row.data_key.unwrap() if row.data_key else None
    entries = Entry.objects.filter(conversation=row).order_by("seq")
    return [_line(entry, key) for entry in entries]


def _line(entry: Entry, key: bytes | None) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "author": entry.author_number,
        "body": _body(entry, key),
        "meeting": _meeting(entry, key),
        "edited_seq": entry.edited_seq,
        "retracted_seq": entry.retracted_seq,
        "draft_id": str(entry.draft_id) if entry.draft_id else None,
    }


def _body(entry: Entry, key: bytes | None) -> str | None:
    if entry.kind == "meeting" or entry.body_sealed is None or entry.sender_id is None or key is None:
        return None
    return bodies.open_body(
        bytes(entry.body_sealed), key=key, conversation_id=entry.conversation_id, entry_id=entry.id, sender_id=entry.sender_id
    )


def _meeting(entry: Entry, key: bytes | None) -> Any:
    if entry.kind != "meeting" or entry.body_sealed is None or key is None:
        return None
    sealed = bytes(entry.body_sealed)
    return msgspec.to_builtins(bodies.open_meeting(sealed, key=key, conversation_id=entry.conversation_id, place_id=entry.id))


@task
def last_seq(*, conversation: str) -> int:
    return Conversation.objects.get(id=conversation).last_seq


@task
def marks(*, conversation: str) -> dict[str, list[int]]:
    rows = ConversationMember.objects.filter(conversation_id=conversation)
    return {str(row.person_id): [row.delivered_seq, row.read_seq] for row in rows}


@task
def window(*, conversation: str, person: str) -> list[int | None]:
    row = ConversationMember.objects.filter(conversation_id=conversation, person_id=person).order_by("-number")[0]
    return [row.joined_seq, row.left_seq]


@task
def flags(*, conversation: str) -> list[dict[str, Any]]:
    """What was flagged there, with the words."""
    found = Flag.objects.filter(conversation_id=conversation).select_related("case__data_key").order_by("at")
    return [
        {"by": str(one.by_id), "target": one.target_seq, "member": one.member, "reason": one.reason, "words": one.words} for one in found
    ]


@task
def escalations(*, conversation: str) -> list[list[str]]:
    found = Escalation.objects.filter(conversation_id=conversation).select_related("data_key").order_by("at")
    return [[one.urgency, one.words] for one in found]


@task
def gathered(*, conversation: str) -> dict[str, Any]:
    """The cases there, by state; what was seen, and what anybody decided."""
    found = Case.objects.filter(conversation_id=conversation)
    return {
        "states": [str(case.state) for case in found],
        "seen": sorted(set(Signal.objects.filter(case__in=found).values_list("klass", flat=True))),
        "decisions": Decision.objects.filter(case__in=found).count(),
    }


@task
def climb(*, hours: float) -> int:
    """What happens when nobody answers for so long."""
    return climbing.climb_due(now=clock.now() + timedelta(hours=hours))


@task
def answers_for(*, coordinator: str, of: str) -> None:
    """Somebody of the staff, by their account, takes over a circle of somebody, by their name."""
    circle = next(one for one in Circle.objects.with_people() if of in {member.person.name for member in one.members.all()})
    assert circle.deputy is not None
    who = Person.objects.get(username=coordinator)
    circles.set_coordinators(circle=circle, coordinator=who, deputy=circle.deputy, by=None, now=clock.now())


@task
def decide(*, conversation: str, kind: str = "hide", words: str = "Dit doet pijn.") -> str:
    """What a moderator does with the only case there."""
    moderator = _person(Role.MODERATOR, "Sofie")
    case = Case.objects.get(conversation_id=conversation)
    cases.claim(case.id, by=moderator, version=case.version, now=clock.now())
    opening.open_case(case.id, by=moderator, now=clock.now())
    version = Case.objects.get(id=case.id).version
    made = decisions.decide(case.id, kind=DecisionKind(kind), clause="respect", words=words, by=moderator, version=version, now=clock.now())
    return str(made.id)


@task
def overturn(*, conversation: str) -> None:
    """What somebody else does with the only appeal there."""
    lead = _person(Role.LEAD, "Karin")
    for step in ("claim", "decide"):
        found = Appeal.objects.get(decision__case__conversation_id=conversation)
        how = {"outcome": "overturned", "words": "Het was anders."} if step == "decide" else {}
        getattr(appeals, step)(found.id, by=lead, version=found.version, now=clock.now(), **how)


def _answer(line: str) -> dict[str, Any]:
    asked = json.loads(line)
    try:
        return {"done": _TASKS[asked["what"]](**asked["how"])}
    except DomainError as problem:
        return {"problem": problem.code}
    except Exception as problem:
        traceback.print_exc()
        connection.close()
        return {"problem": f"{type(problem).__name__}: {problem}"[:300]}


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        close_old_connections()
        answers.write(json.dumps(_answer(line)) + "\n")
        answers.flush()


main()
