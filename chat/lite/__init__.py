"""The low-data wire, `maatje.v1.lite`: the frames of `chat.frames` as short MessagePack arrays (docs/lite.md)."""

from chat.lite.codec import Lite, goodbye, read_post
from chat.lite.offers import Offer, read_offer

__all__ = ["Lite", "Offer", "goodbye", "read_offer", "read_post"]
