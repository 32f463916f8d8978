"""Data keys: one for each conversation and each person, wrapped by the keyring."""

import os
from datetime import datetime
from typing import ClassVar

from django.db import models

from core.ids import new_id
from privacy.key_material import KEY_BYTES, LONGEST_ID
from privacy.keyring import keyring


class DataKeyManager(models.Manager["DataKey"]):
    def make(self, *, now: datetime) -> "DataKey":
        """Make a random key and store it wrapped."""
        key = DataKey(made_at=now)
        key.wrap(os.urandom(KEY_BYTES))
        key.save(force_insert=True, using=self.db)
        return key


class DataKey(models.Model):
    """The key of what belongs together. Deleting the row erases everything sealed under it, here and in later backups."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kek_id = models.CharField(max_length=LONGEST_ID, db_index=True)
    wrapped = models.BinaryField(max_length=64)
    made_at = models.DateTimeField()

    objects: ClassVar[DataKeyManager] = DataKeyManager()

    def __str__(self) -> str:
        return f"data key {self.id}"

    def wrap(self, dek: bytes) -> None:
        """Wrap under the current key of the keyring; does not save."""
        self.kek_id, self.wrapped = keyring().wrap(dek, aad=self.id.bytes)

    def unwrap(self) -> bytes:
        """The 32 bytes that seal and open. :raises KeyringError: :raises CannotOpen:"""
        return keyring().unwrap(self.kek_id, bytes(self.wrapped), aad=self.id.bytes)
