"""How letters, and who read what, look to the person whom they are about."""

from typing import Any

from rest_framework import serializers

from moderation.words import StatementKind


class LetterLine(serializers.Serializer[Any]):
    """One of the list: what about, and since when."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=StatementKind.choices)
    title = serializers.CharField()
    at = serializers.DateTimeField()
    is_read = serializers.BooleanField()


class LetterList(serializers.Serializer[Any]):
    statements = LetterLine(many=True)
    unread = serializers.IntegerField()


class LetterAnswer(LetterLine):
    """The whole letter, in the person's language, a paragraph a sentence or two. `appeal_until` is there when they may still appeal."""

    paragraphs = serializers.ListField(child=serializers.CharField())
    appeal_until = serializers.DateTimeField(allow_null=True)
    appealed_at = serializers.DateTimeField(allow_null=True)


class AppealAnswer(serializers.Serializer[Any]):
    """The receipt. Somebody who had no part in the decision looks again before `answer_by`."""

    at = serializers.DateTimeField()
    answer_by = serializers.DateTimeField()


class ReadingLine(serializers.Serializer[Any]):
    """Somebody of the staff was shown `lines` of what this person wrote. Not who: which role, of which organisation."""

    at = serializers.DateTimeField()
    role = serializers.CharField()
    organisation = serializers.CharField()
    lines = serializers.IntegerField()


class ReadingList(serializers.Serializer[Any]):
    readings = ReadingLine(many=True)
