"""The shapes of what is asked and answered about meetings beside the frames."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import StrictSerializer
from meetings.models import Away


class AgendaItem(serializers.Serializer[Any]):
    """One date of one meeting, in local time and as an instant."""

    conversation = serializers.UUIDField()
    meeting = serializers.IntegerField(source="meeting.number", help_text="Its number in the conversation.")
    version = serializers.IntegerField(source="meeting.version")
    state = serializers.ChoiceField(choices=["proposed", "agreed", "declined"], source="meeting.state")
    repeat = serializers.CharField(source="meeting.repeat", help_text="RFC 5545; empty when it is no series.")
    date = serializers.CharField(source="occurrence.date", allow_null=True, help_text="The name of this date of a series.")
    start = serializers.CharField(source="occurrence.time.start", help_text="On the clock of `zone`, such as 2026-11-25T14:00.")
    at = serializers.DateTimeField(source="occurrence.time.at")
    minutes = serializers.IntegerField(source="occurrence.time.minutes")
    zone = serializers.CharField(source="occurrence.zone")
    place = serializers.CharField(source="meeting.place")
    online = serializers.BooleanField(source="meeting.online")
    purpose = serializers.SerializerMethodField()
    you = serializers.ChoiceField(choices=["yes", "no", "asked"])
    goes_ahead = serializers.BooleanField(source="occurrence.goes_ahead")
    why_not = serializers.ChoiceField(choices=["", "holiday", "away", "unanswered"], source="occurrence.why_not")
    warnings = serializers.ListField(child=serializers.ChoiceField(choices=["clash", "tight", "quiet_hours", "holiday", "away"]))
    took_place = serializers.BooleanField(allow_null=True, help_text="What this person said afterwards.")
    asks_held = serializers.SerializerMethodField()

    def get_purpose(self, item: Any) -> str | None:
        return None if not isinstance(item.meeting.purpose, str) else item.meeting.purpose

    def get_asks_held(self, item: Any) -> bool:
        return bool(item.asks_held(now=self.context["now"]))


class Agenda(serializers.Serializer[Any]):
    meetings = AgendaItem(many=True)


class CheckedTime(serializers.Serializer[Any]):
    start = serializers.CharField()
    at = serializers.DateTimeField(required=False)
    warnings = serializers.ListField(child=serializers.CharField(), required=False)
    code = serializers.CharField(required=False, help_text="Why this cannot be proposed.")
    next = serializers.CharField(required=False, help_text="With `time_does_not_exist`: what the clock shows instead.")
    instants = serializers.ListField(child=serializers.CharField(), required=False, help_text="With `time_is_ambiguous`: `fold` 0 and 1.")


class Checked(serializers.Serializer[Any]):
    times = CheckedTime(many=True)


class AwayAsked(StrictSerializer):
    first_date = serializers.DateField()
    last_date = serializers.DateField()


class AwayAnswer(serializers.ModelSerializer[Away]):
    class Meta:
        model = Away
        fields = ("id", "first_date", "last_date")
        read_only_fields = fields


class AwayList(serializers.Serializer[Any]):
    away = AwayAnswer(many=True)
