"""What a letter quotes: to its reader, of its reader's own words, and of nobody else's."""

from moderation.models import Evidence, HeldDraft, Statement
from privacy.errors import CannotOpen

MOST = 3  # of messages that did not go through


def line_of(statement: Statement) -> str:
    """The line that it is about, as it stood when it was flagged; nothing once the case's key is gone."""
    case = statement.case
    if case is None or case.target_seq is None:
        return ""
    lines = Evidence.objects.filter(case=case, seq=case.target_seq, author_id=statement.person_id, kind="message")
    newest = lines.filter(taken_at__lte=statement.at).order_by("-taken_at").first()
    try:
        return "" if newest is None else newest.body
    except CannotOpen:  # somebody changed the row: the rest of the letter still stands
        return ""


def unsent_of(statement: Statement) -> list[str]:
    """What its reader wanted to send, at most three; nothing once it went after all, or its time is over."""
    drafts = HeldDraft.objects.filter(decision=statement.decision, sender_id=statement.person_id, state="declined")
    try:
        said = [draft.words for draft in drafts.select_related("conversation__data_key").order_by("at", "id")[:MOST]]
    except CannotOpen:  # as above
        return []
    return [words for words in said if words]
