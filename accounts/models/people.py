"""A person: one role, a sealed name, and no password unless they are staff."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q

from core.clock import now
from core.ids import new_id
from privacy.blind_index import blind_index
from privacy.fields import open_field, seal_field
from privacy.models import DataKey

LEAST_BUDGET, MOST_BUDGET = 100_000, 10_000_000_000  # bytes a month; less would not carry a day's text


class Role(models.TextChoices):
    """What somebody does here; a person has one role. The labels are for the back office."""

    PARTICIPANT = "participant", "deelnemer"
    BUDDY = "buddy", "buddy"
    COORDINATOR = "coordinator", "coördinator"
    MODERATOR = "moderator", "moderator"
    LEAD = "lead", "leidinggevende"
    REVIEWER = "reviewer", "wie beroep behandelt"
    AUDITOR = "auditor", "auditor"
    ADMINISTRATOR = "administrator", "beheerder"

    @property
    def is_for_staff(self) -> bool:
        return self not in {Role.PARTICIPANT, Role.BUDDY}

    @property
    def answers_for_circles(self) -> bool:
        return self in {Role.COORDINATOR, Role.LEAD}


class Language(models.TextChoices):
    NL = "nl", "Nederlands"
    FR = "fr", "Français"
    EN = "en", "English"
    TR = "tr", "Türkçe"
    AR = "ar", "العربية"


class PersonManager(BaseUserManager["Person"]):
    def locked(self, person_id: UUID) -> "Person":
        """One person, whose access nobody else changes until this transaction ends.

        Rows that merely refer to the person are not held up (`no_key`), or a message being sent could deadlock with us.
        """
        return self.select_for_update(of=("self",), no_key=True).get(id=person_id)

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """Make the first administrator, for `manage.py createsuperuser`."""
        person = Person(username=username, role=Role.ADMINISTRATOR, is_staff=True, is_superuser=True, **fields)
        person.data_key = DataKey.objects.make(now=now())
        person.take_name(username)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with a place here. The name and phone number are sealed; nothing else says who they are."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=150, unique=True, null=True, blank=True)  # unique, so absent is null
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001  # allauth compares with null
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    role = models.CharField("rol", max_length=16, choices=Role)
    password_until = models.DateTimeField(null=True, blank=True)  # somebody else made it: works until then, is replaced at once

    language = models.CharField("taal", max_length=2, choices=Language, default=Language.NL)
    zone = models.CharField(max_length=64, default="Europe/Brussels")
    shows_read_marks = models.BooleanField(default=False)
    low_data = models.BooleanField(default=False, db_default=False)  # fewer and smaller bytes before liveliness
    data_budget = models.BigIntegerField(null=True, blank=True)  # bytes a month, of all devices together

    data_key = models.ForeignKey(DataKey, null=True, on_delete=models.SET_NULL, related_name="+")
    name_sealed = models.BinaryField(max_length=512)
    phone_sealed = models.BinaryField(max_length=128, null=True)
    phone_index = models.BinaryField(max_length=32, unique=True, null=True)

    suspended_at = models.DateTimeField("geschorst", null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    access_version = models.PositiveIntegerField(default=0)
    unread_statements = models.PositiveSmallIntegerField(default=0, db_default=0)  # letters about decisions; counted by `moderation`
    made_at = models.DateTimeField("toegevoegd", default=now, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = "persoon"
        verbose_name_plural = "mensen"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="staff_have_a_username_and_others_none",
                condition=Q(is_staff=True, username__isnull=False) | Q(is_staff=False, username__isnull=True),
            ),
            models.CheckConstraint(
                name="participants_and_buddies_are_not_staff",
                condition=~Q(role__in=["participant", "buddy"]) | Q(is_staff=False, is_superuser=False),
            ),
            models.CheckConstraint(
                name="phone_is_sealed_and_indexed_together",
                condition=Q(phone_sealed=None, phone_index=None) | Q(phone_sealed__isnull=False, phone_index__isnull=False),
            ),
            models.CheckConstraint(name="erased_person_keeps_no_key", condition=Q(erased_at=None) | Q(data_key=None)),
            models.CheckConstraint(
                name="data_budget_is_one_that_can_be_kept",
                condition=Q(data_budget=None) | Q(data_budget__range=(LEAST_BUDGET, MOST_BUDGET)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {str(self.id)[-6:]}"

    @property
    def name(self) -> str:
        """The name, opened; empty once the person is erased."""
        return self._open("name", self.name_sealed)

    @property
    def phone(self) -> str | None:
        """The number in E.164, opened, if there is one."""
        return self._open("phone", self.phone_sealed) or None

    def take_name(self, name: str) -> None:
        """Seal a name that was already checked; the caller saves."""
        self.name_sealed = self._seal("name", name)

    def take_phone(self, phone: str | None) -> None:
        """Seal and index a number in E.164; the caller saves."""
        self.phone_sealed = self._seal("phone", phone) if phone else None
        self.phone_index = blind_index("phone", phone) if phone else None

    def may_use_the_service(self) -> bool:
        return self.is_active and self.suspended_at is None and self.erased_at is None

    def _seal(self, column: str, value: str) -> bytes:
        if self.data_key is None:
            raise RuntimeError("A person gets a data key before anything is sealed.")
        return seal_field(self.data_key.unwrap(), value, table="accounts_person", column=column, row_id=self.id)

    def _open(self, column: str, sealed: bytes | memoryview | None) -> str:
        if self.data_key is None or not sealed:
            return ""
        return open_field(self.data_key.unwrap(), bytes(sealed), table="accounts_person", column=column, row_id=self.id)
