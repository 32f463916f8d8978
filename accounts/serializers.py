"""The shapes of requests and answers about people and devices. Strict: what is not known is refused."""

from typing import Any

from rest_framework import serializers

from accounts.models import Block, Device, Language, Person, Role
from accounts.models.people import LEAST_BUDGET, MOST_BUDGET
from accounts.names import LONGEST_LABEL, LONGEST_NAME, is_plain
from accounts.policy import STEPS


class StrictSerializer(serializers.Serializer[Any]):
    """Refuse fields it does not know, so that a misspelt one is noticed."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError({field: ["There is no such field."] for field in sorted(unknown)})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A JSON string without control characters; numbers are not taken for text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if not is_plain(data):
            raise serializers.ValidationError("Use ordinary characters.")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """JSON true or false; neither 1 nor "yes"."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WholeNumber(serializers.IntegerField):
    """A JSON number without a fraction; neither text nor true or false."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class Choice(serializers.ChoiceField):
    """One of the words, as a JSON string."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class EnrolRequest(StrictSerializer):
    code = Text(max_length=64, help_text="The invite code; capitals, spaces and dashes do not matter.")
    label = Text(
        max_length=LONGEST_LABEL, required=False, default="", allow_blank=True, help_text="How the person tells their devices apart."
    )  # type: ignore[assignment]  # a field, not DRF's label
    keep = Choice(choices=["token", "cookie"], default="token", help_text="`cookie`: a browser, which never sees the token.")


class MeAnswer(serializers.ModelSerializer[Person]):
    name = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=Role.choices, read_only=True)

    class Meta:
        model = Person
        fields = ("id", "name", "role", "language", "zone", "shows_read_marks", "low_data", "data_budget")
        read_only_fields = fields


class MeChange(StrictSerializer):
    """Only what is given changes."""

    name = Text(max_length=LONGEST_NAME, required=False)
    language = Choice(choices=Language.choices, required=False)
    zone = Text(max_length=64, required=False, help_text="IANA name, such as Europe/Brussels.")
    shows_read_marks = YesNo(required=False)
    low_data = YesNo(required=False, help_text="Spare bytes: what is live waits a moment, photos stay closed.")
    data_budget = WholeNumber(
        required=False, allow_null=True, min_value=LEAST_BUDGET, max_value=MOST_BUDGET, help_text="Bytes a month; null: no limit."
    )


class DeviceAnswer(serializers.ModelSerializer[Device]):
    made_at = serializers.DateTimeField(source="created", read_only=True)
    is_this_one = serializers.SerializerMethodField()

    class Meta:
        model = Device
        fields = ("id", "label", "in_browser", "made_at", "last_seen_at", "is_this_one")
        read_only_fields = fields

    def get_is_this_one(self, device: Device) -> bool:
        this: Device = self.context["device"]
        return device.digest == this.digest


class DeviceList(serializers.Serializer[Any]):
    devices = DeviceAnswer(many=True)


class EnrolAnswer(serializers.Serializer[Any]):
    token = serializers.CharField(required=False, help_text="Told this once; absent with `keep: cookie`.")
    device = DeviceAnswer()
    person = MeAnswer()


class BlockAnswer(serializers.ModelSerializer[Block]):
    person_id = serializers.UUIDField(source="blocked_id", read_only=True)
    name = serializers.CharField(source="blocked.name", read_only=True)

    class Meta:
        model = Block
        fields = ("person_id", "name", "at")
        read_only_fields = fields


class BlockList(serializers.Serializer[Any]):
    blocks = BlockAnswer(many=True)


class BytesAnswer(serializers.Serializer[Any]):
    """Bytes as the device sees them: what it sent, and what it received."""

    sent = serializers.IntegerField()
    received = serializers.IntegerField()


class DeviceDataAnswer(BytesAnswer):
    id = serializers.UUIDField(help_text="As in `devices`, unless it is signed out since.")


class CountedAnswer(serializers.Serializer[Any]):
    """What is added to the bytes that are said, because they travel in packets that also cost."""

    per_frame = serializers.IntegerField(help_text="With each websocket message, in its direction.")
    per_ack = serializers.IntegerField(help_text="The other way, for each websocket message, request and answer.")
    per_packet = serializers.IntegerField(help_text="For each 1,400 bytes, or part of them, of a request or an answer.")
    per_setup = serializers.IntegerField(help_text="For a connection that a request opens: the first one after a minute.")
    per_connect = serializers.IntegerField(help_text="For each websocket, from its first packet to its last.")


class DataAnswer(serializers.Serializer[Any]):
    month = serializers.CharField(help_text="Such as 2026-11, in the person's zone.")
    used = serializers.IntegerField(help_text="Bytes of all devices, both ways.")
    budget = serializers.IntegerField(allow_null=True, help_text="Bytes a month; null: no limit.")
    step = serializers.ChoiceField(choices=[0, *STEPS], help_text="Per cent of the budget that is reached.")
    this_device = BytesAnswer()
    devices = DeviceDataAnswer(many=True)
    counted = CountedAnswer()
