"""Members and messages, with the columns that anybody would give them."""

from django.db import models


class Member(models.Model):
    conversation = models.UUIDField()
    person = models.UUIDField()

    class Meta:
        app_label = "baseline"
        constraints = (models.UniqueConstraint(fields=["conversation", "person"], name="one_membership"),)

    def __str__(self) -> str:
        return f"member {self.pk}"


class Message(models.Model):
    conversation = models.UUIDField(db_index=True)
    author = models.UUIDField()
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "baseline"

    def __str__(self) -> str:
        return f"message {self.pk}"
