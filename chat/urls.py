"""Addresses of conversations, below /api/v1/."""

from django.urls import path, register_converter

from chat.views.conversations import ConversationDetail, ConversationList, LeaveView, MarksView, MuteView
from chat.views.entries import EditView, EntryList, RetractView
from chat.views.media import EntryMedia, MediaUpload
from chat.views.poll import Poll


class SeqConverter:
    """A seq in an address: up to 15 digits."""

    regex = "[1-9][0-9]{0,14}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(SeqConverter, "seq")

urlpatterns = [
    path("conversations", ConversationList.as_view(), name="conversations"),
    path("conversations/<uuid:conversation_id>", ConversationDetail.as_view(), name="conversation"),
    path("conversations/<uuid:conversation_id>/entries", EntryList.as_view(), name="entries"),
    path("conversations/<uuid:conversation_id>/entries/<seq:seq>/edit", EditView.as_view(), name="edit"),
    path("conversations/<uuid:conversation_id>/entries/<seq:seq>/retract", RetractView.as_view(), name="retract"),
    path("conversations/<uuid:conversation_id>/entries/<seq:seq>/media", EntryMedia.as_view(), name="entry-media"),
    path("conversations/<uuid:conversation_id>/media/<uuid:media_id>", MediaUpload.as_view(), name="media"),
    path("conversations/<uuid:conversation_id>/marks", MarksView.as_view(), name="marks"),
    path("conversations/<uuid:conversation_id>/mute", MuteView.as_view(), name="mute"),
    path("conversations/<uuid:conversation_id>/leave", LeaveView.as_view(), name="leave"),
    path("poll", Poll.as_view(), name="poll"),
]
