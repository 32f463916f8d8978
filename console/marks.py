"""What templates may say: addresses of our files, the menu, and words of others made plain."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from console import serving
from console.menu import Item, menu_of, uses_the_office
from console.words import meeting_in_words, seen
from moderation.models import Signal
from moderation.words import FlagReason, SignalClass
from programmes.models import CircleKind

register = template.Library()

# What no reader sees and what still changes what they read: order, joins, nothing at all. A joiner inside an emoji belongs to it.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_EMOJI_JOIN = re.compile("(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])")
_NAMES = {
    "\u200b": "nulbreedte", "\u200c": "niet verbinden", "\u200d": "verbinden", "\u200e": "links→rechts", "\u200f": "rechts→links", "\u202a": "links→rechts",
    "\u202b": "rechts→links", "\u202c": "einde richting", "\u202d": "dwing links→rechts", "\u202e": "dwing rechts→links", "\u2066": "links→rechts",
    "\u2067": "rechts→links", "\u2068": "eigen richting", "\u2069": "einde richting", "\ufeff": "nulbreedte", "\u00ad": "zacht streepje",
}  # fmt: skip


@register.filter
def plainly(words: str) -> SafeString:
    """Somebody's words, escaped, with every character that is not seen shown by its name. A name per mark; nothing is left out."""
    joins = {found.start() for found in _EMOJI_JOIN.finditer(words)}
    parts, done = [], 0
    for found in _UNSEEN.finditer(words):
        if found.start() in joins:
            continue
        parts += [conditional_escape(words[done : found.start()]), _shown(found.group())]
        done = found.end()
    parts.append(conditional_escape(words[done:]))
    return mark_safe("".join(parts))  # noqa: S308  # every part was escaped above


def _shown(character: str) -> SafeString:
    return format_html('<span class="unseen">{}</span>', _NAMES.get(character, f"U+{ord(character):04X}"))


@register.simple_tag
def own(name: str) -> str:
    """The address of one of our files."""
    return serving.address_of(name)


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[tuple[Item, bool]]:
    """The pages of this reader's menu, and whether we are on one now."""
    request = context["request"]
    return [(item, request.path.startswith(item.address)) for item in menu_of(request.user)]


@register.simple_tag(takes_context=True)
def office(context: dict[str, Any]) -> bool:
    return uses_the_office(context["request"].user)


@register.filter
def short(row_id: UUID) -> str:
    """What people call a case: the end of its id."""
    return str(row_id)[-6:]


@register.filter
def meeting(body: str) -> str:
    """A meeting as it was kept, in one line; the place is somebody's words, so it is shown as words are."""
    return meeting_in_words(body)


@register.filter
def of(names: Mapping[Any, str], key: Any) -> str:
    """What a table of names says of a key."""
    return names.get(key, "een collega")


@register.filter
def saw(signal: Signal) -> str:
    """What a signal is for, and what saw it where that is a list (“nl 2”: the second version of the Dutch one) or a program elsewhere."""
    return seen(signal.reason) if signal.source == "detector" else f"{seen(signal.reason)}, {signal.source}"


@register.filter
def circle_kind(kind: str) -> str:
    return str(CircleKind(kind).label)


@register.filter
def flag_reasons(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most frequent first."""
    return sorted(((str(FlagReason(code).label), count) for code, count in counts.items()), key=lambda one: -one[1])


@register.filter
def signal_classes(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most frequent first."""
    return sorted(((str(SignalClass(code).label), count) for code, count in counts.items()), key=lambda one: -one[1])
