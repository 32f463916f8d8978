"""The consumer of every tutorial, with a membership check."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import transaction

from bench.baseline.models import Member, Message


class ChatConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels is not typed
    async def connect(self) -> None:
        self.conversation = self.scope["url_route"]["kwargs"]["conversation"]
        self.person = self.scope["url_route"]["kwargs"]["person"]
        self.group = f"chat.{self.conversation}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        message = await self.save(content["body"])
        if message is not None:
            event = {"type": "chat.message", "id": message.pk, "author": self.person, "body": message.body}
            await self.channel_layer.group_send(self.group, event)

    @database_sync_to_async  # type: ignore[untyped-decorator]  # channels is not typed
    def save(self, body: str) -> Message | None:
        with transaction.atomic():
            if not Member.objects.filter(conversation=self.conversation, person=self.person).exists():
                return None
            return Message.objects.create(conversation=self.conversation, author=self.person, body=body)

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send_json({key: value for key, value in event.items() if key != "type"})
