"""What a form wants said, under a draft_id that is the same however often the form arrives."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
from rest_framework.request import Request

from accounts.models import Person
from chat import frames
from chat.drafts import Draft, DraftKind, Sent, Waiting
from chat.errors import ConversationNotFound
from chat.views.carrying import send
from web.plain.errors import AlreadyDone, AlreadySent, StaleForm
from web.plain.page import field

_OURS = UUID("8a6e0f5e-3c0b-5b6d-9d0a-5f6c1c7be0a4")  # any constant; ids made from a form then meet no others
_FORM = re.compile(r"[\w-]{12}", re.ASCII)
ONE_PRESS = timedelta(minutes=1)  # a double press, or a network that tries again


def new_form(conversation_id: UUID) -> str:
    """The number of a form: the hidden `draft_id`, whose end says for which conversation the form was made. It is no secret."""
    return secrets.token_urlsafe(6) + _end_for(conversation_id)


def _end_for(conversation_id: UUID) -> str:
    return urlsafe_b64encode(hashlib.sha256(conversation_id.bytes).digest()[:3]).decode()


def typed(request: Request) -> str:
    """The words of a form as they were typed; browsers send new lines as CR LF (HTML, form submission)."""
    return field(request, "body").replace("\r\n", "\n").replace("\r", "\n")


def draft(
    request: Request,
    *,
    person: Person,
    conversation_id: UUID,
    kind: DraftKind = "message",
    body: str | None = None,
    target: int | None = None,
) -> Draft:
    """The draft of a form that was sent. Its id holds the words too: a browser that shows an old page again, and other words
    in it, says something new.

    :raises StaleForm: without its number, two presses could not be told from two messages.
    :raises ConversationNotFound: the page was made for another conversation: a restored backup may give a slot away again.
    """
    draft_id = id_of_form(request, conversation_id, kind, str(target), body or "")
    return Draft(person.id, conversation_id, draft_id, kind, body, target)


def meeting_draft(request: Request, *, person: Person, conversation_id: UUID, act: frames.AskedAct, **asked: Any) -> Draft:
    """The same for what a form asks about a meeting; `asked` are fields of `frames.Meet`.

    :raises StaleForm: :raises ConversationNotFound:
    """
    bare = frames.Meet(0, conversation_id, conversation_id, act, **asked)
    draft_id = id_of_form(request, conversation_id, "meeting", msgspec.json.encode(bare).decode())
    return Draft(person.id, conversation_id, draft_id, "meeting", meet=msgspec.structs.replace(bare, draft_id=draft_id))


def id_of_form(request: Request, conversation_id: UUID, *said: str) -> UUID:
    """The same for what a form said, however often it arrives. :raises StaleForm: :raises ConversationNotFound:"""
    form = field(request, "draft_id")
    if not _FORM.fullmatch(form):
        raise StaleForm(form=new_form(conversation_id))
    if not form.endswith(_end_for(conversation_id)):
        raise ConversationNotFound
    return uuid5(_OURS, "\0".join([form, str(conversation_id), *said]))


def send_once(wanted: Draft, *, now: datetime) -> Sent | Waiting:
    """Append it, or let it wait for a moderator.

    :raises AlreadySent: :raises AlreadyDone: long ago; the person may mean it again. :raises DomainError: its refusal.
    """
    sent = send(wanted)
    if isinstance(sent, Sent) and sent.appended is None and now - sent.at > ONE_PRESS:
        before = AlreadySent if wanted.meet is None else AlreadyDone
        raise before(form=new_form(wanted.conversation_id))
    return sent
