"""Who somebody is, which devices they hold, and how they came in."""

from accounts.models.attempts import AttemptCount
from accounts.models.blocks import Block
from accounts.models.data_use import DataUse
from accounts.models.devices import Device
from accounts.models.invites import Invite
from accounts.models.people import Language, Person, Role

__all__ = ["AttemptCount", "Block", "DataUse", "Device", "Invite", "Language", "Person", "Role"]
