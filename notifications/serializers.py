"""The shapes of requests and answers about notices. Strict: what is not known is refused."""

from collections.abc import Mapping
from datetime import time
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import Choice, StrictSerializer, Text, WholeNumber, YesNo
from notifications.models import AddressKind, Delivery, Notice, PushAddress, Shows


@extend_schema_field({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$", "example": "22:00"})
class Clock(serializers.Field[time, Any, str, Any]):
    """A time of day, such as 22:00."""

    def to_internal_value(self, data: Any) -> time:
        try:
            if not isinstance(data, str) or len(data) != 5:
                raise ValueError  # noqa: TRY301  # 2200, 22, T22:00 are times to Python, and no times of ours
            return time.fromisoformat(data)
        except ValueError:
            raise serializers.ValidationError("Give a time of day, such as 22:00.") from None

    def to_representation(self, value: time) -> str:
        return f"{value:%H:%M}"


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "object"}]})
class AddressValue(serializers.Field[Any, Any, Any, Any]):
    """Text, or what a browser's subscription writes of itself; the action reads it."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str | dict):
            raise serializers.ValidationError("Give text, or a subscription.")
        return data


class ChoicesChange(StrictSerializer):
    """Only what is given changes."""

    messages = YesNo(required=False)
    meetings = YesNo(required=False)
    circles = YesNo(required=False)
    reminder_day = YesNo(required=False, help_text="24 hours before a meeting.")
    reminder_hours = YesNo(required=False, help_text="2 hours before a meeting.")
    nudges = YesNo(required=False, help_text="One gentle question a day at most.")
    shows = Choice(choices=Shows.choices, required=False, help_text="`kind`: a notice also says that it is about a meeting.")
    quiet_from = Clock(required=False, help_text="In the person's zone; the same as `quiet_until`: never quiet.")
    quiet_until = Clock(required=False)
    every_minutes = WholeNumber(required=False, min_value=0, max_value=1440, help_text="One notice of a conversation in so many at most.")
    sms_after = WholeNumber(
        required=False, allow_null=True, min_value=1, max_value=1440, help_text="Minutes after which what was not read comes by SMS too."
    )
    by_mail = YesNo(required=False, help_text="Also by mail when a phone is reached.")
    calendar_mail = YesNo(required=False, help_text="Invitations for a calendar, which show day and hour.")


class AddressRequest(StrictSerializer):
    kind = Choice(choices=AddressKind.choices)
    value = AddressValue(
        required=False, default="", help_text="A token of Firebase, a browser's subscription, or an e-mail address; nothing for `sms`."
    )


class ConfirmRequest(StrictSerializer):
    code = Text(max_length=16, help_text="The six digits of the mail.")


class AddressAnswer(serializers.ModelSerializer[PushAddress]):
    hint = serializers.SerializerMethodField(help_text="Enough to recognise it: `…42`, `f…@…`; empty for a phone or browser.")
    this_device = serializers.SerializerMethodField()
    confirmed = serializers.SerializerMethodField()

    class Meta:
        model = PushAddress
        fields = ("id", "kind", "hint", "this_device", "confirmed", "reached_at", "failing_since")
        read_only_fields = fields

    def get_hint(self, address: PushAddress) -> str:
        opened: Mapping[UUID, str] = self.context["values"]
        value = opened.get(address.id, "")
        match address.kind:
            case AddressKind.SMS:
                return f"…{value[-2:]}" if value else ""
            case AddressKind.EMAIL:
                return f"{value[:1]}…@…" if value else ""
            case _:
                return ""

    def get_this_device(self, address: PushAddress) -> bool:
        device_id: UUID = self.context["device_id"]
        return address.device_id == device_id

    def get_confirmed(self, address: PushAddress) -> bool:
        return address.confirmed_at is not None


class ChoicesAnswer(serializers.Serializer[Any]):
    messages = serializers.BooleanField()
    meetings = serializers.BooleanField()
    circles = serializers.BooleanField()
    reminder_day = serializers.BooleanField()
    reminder_hours = serializers.BooleanField()
    nudges = serializers.BooleanField()
    shows = serializers.ChoiceField(choices=Shows.choices)
    quiet_from = Clock()
    quiet_until = Clock()
    every_minutes = serializers.IntegerField()
    sms_after = serializers.IntegerField(allow_null=True)
    by_mail = serializers.BooleanField()
    calendar_mail = serializers.BooleanField()
    vapid = serializers.CharField(allow_null=True, help_text="The key with which a browser subscribes; null: there is no web push here.")
    addresses = AddressAnswer(many=True)


class DeliveryAnswer(serializers.ModelSerializer[Delivery]):
    class Meta:
        model = Delivery
        fields = ("kind", "state", "last_error", "settled_at")
        read_only_fields = fields


class NoticeAnswer(serializers.ModelSerializer[Notice]):
    """One notice, in codes; what it was about stands in the conversation."""

    conversation = serializers.UUIDField(source="conversation_id", allow_null=True, read_only=True)
    deliveries = DeliveryAnswer(many=True, read_only=True)

    class Meta:
        model = Notice
        fields = ("id", "kind", "detail", "conversation", "state", "fate", "made_at", "due_at", "told_at", "deliveries")
        read_only_fields = fields


class NoticeList(serializers.Serializer[Any]):
    notices = NoticeAnswer(many=True)
