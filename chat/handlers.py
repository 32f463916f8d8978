"""What conversations do when facts of the apps below arrive, and how what happened here reaches open sockets."""

from accounts.facts import AccessWithdrawn, PersonBlocked, PersonChanged, PersonErasing, PersonUnblocked
from chat import hints
from chat.actions import conversations, members
from chat.facts import ConversationChanged, EntriesAppended
from chat.models import Conversation
from core import clock
from core.facts import heard_by, heard_live
from programmes.facts import CircleEnded, CircleIntroduced, CircleMemberJoined, CircleMemberLeft, CirclePaused, CircleResumed
from programmes.models import Circle

ON_CARDS = frozenset({"name", "shows_read_marks"})


@heard_by(CircleIntroduced)
def open_conversation(fact: CircleIntroduced) -> None:
    conversations.open_for(circle_id=fact.circle_id, member_ids=fact.member_ids, now=clock.now())


@heard_by(CircleMemberJoined)
def let_in(fact: CircleMemberJoined) -> None:
    conversation = Conversation.objects.get(circle_id=fact.circle_id)
    members.join(conversation_id=conversation.id, person_id=fact.person_id, role=fact.role, now=clock.now())


@heard_by(CircleMemberLeft)
def take_out(fact: CircleMemberLeft) -> None:
    conversation = Conversation.objects.locked().filter(circle_id=fact.circle_id).first()
    if conversation is None:
        return
    member = conversation.members.present().of(fact.person_id).first()
    if member is not None:
        members.take_out(conversation, member, author_number=0, now=clock.now())


@heard_by(CirclePaused)
def pause(fact: CirclePaused) -> None:
    for conversation in Conversation.objects.filter(circle_id=fact.circle_id):
        conversations.pause(conversation_id=conversation.id, now=clock.now())


@heard_by(CircleResumed)
def resume(fact: CircleResumed) -> None:
    for conversation in Conversation.objects.filter(circle_id=fact.circle_id):
        conversations.resume(conversation_id=conversation.id)


@heard_by(CircleEnded)
def close(fact: CircleEnded) -> None:
    for conversation in Conversation.objects.filter(circle_id=fact.circle_id):
        conversations.close_at(conversation_id=conversation.id, closes_at=fact.closes_at, now=clock.now())


@heard_by(PersonBlocked)
def conceal(fact: PersonBlocked) -> None:
    """Whoever writes there now is either before the block, or waits for our lock and then meets it."""
    conversations.conceal(blocker_id=fact.blocker_id, blocked_id=fact.blocked_id)


@heard_by(PersonUnblocked)
def reveal(fact: PersonUnblocked) -> None:
    conversations.reveal(blocker_id=fact.blocker_id, blocked_id=fact.blocked_id)


@heard_by(PersonErasing)
def take_out_everywhere(fact: PersonErasing) -> None:
    """What they said stays with those who got it; they themselves are gone, and so is their name."""
    shared = Conversation.objects.shared_by(fact.person_id)
    list(
        Circle.objects.filter(conversation__in=shared).order_by("id").select_for_update(of=("self",), no_key=True)
    )  # before what is theirs
    for conversation in shared.locked():
        for member in conversation.members.present().of(fact.person_id):
            members.take_out(conversation, member, author_number=0, now=clock.now())


@heard_by(AccessWithdrawn)
def wait_for_writers(fact: AccessWithdrawn) -> None:
    """Entries that are being written now come before the withdrawal; later ones are delivered under the new version."""
    list(Conversation.objects.shared_by(fact.person_id).locked())


@heard_live(EntriesAppended)
def hint_entries(fact: EntriesAppended) -> None:
    hints.announce(hints.of_lines(fact.lines))


@heard_live(ConversationChanged)
def hint_change(fact: ConversationChanged) -> None:
    hints.announce(hints.Hints(refresh=list(fact.person_ids)))


@heard_live(AccessWithdrawn)
def hint_access(fact: AccessWithdrawn) -> None:
    hints.announce(hints.Hints(recheck=[fact.person_id]))


@heard_by(PersonChanged)
def show_on_cards(fact: PersonChanged) -> None:
    """A name, and whether somebody shows how far they read, stand on the cards of everybody they talk with."""
    if ON_CARDS.intersection(fact.fields):
        for conversation in Conversation.objects.shared_by(fact.person_id):
            conversations.tell_everybody(conversation)


@heard_live(PersonChanged)
def hint_settings(fact: PersonChanged) -> None:
    hints.announce(hints.Hints(recheck=[fact.person_id]))


@heard_live(PersonBlocked)
def hint_block(fact: PersonBlocked) -> None:
    hints.announce(hints.Hints(refresh=[fact.blocker_id, fact.blocked_id]))


@heard_live(PersonUnblocked)
def hint_unblock(fact: PersonUnblocked) -> None:
    hints.announce(hints.Hints(refresh=[fact.blocker_id, fact.blocked_id]))
