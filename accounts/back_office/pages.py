"""The shape of every back-office page: seen by some roles, changed only through actions, deleted by nobody."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest

from accounts.models import Person, Role
from core.errors import DomainError

RESPONSIBLE = frozenset({Role.COORDINATOR, Role.LEAD, Role.ADMINISTRATOR})

if TYPE_CHECKING:  # Django's own classes take no type argument when they run
    _Page = admin.ModelAdmin[Any]
    _Inline = admin.TabularInline[Any, Any]
else:
    _Page, _Inline = admin.ModelAdmin, admin.TabularInline


class BackOfficeAdmin(_Page):
    """Read only; `viewers` are the roles that may look."""

    viewers: ClassVar[frozenset[Role]] = RESPONSIBLE

    def has_module_permission(self, request: HttpRequest) -> bool:
        return colleague(request).role in self.viewers

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return colleague(request).role in self.viewers

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class BackOfficeInline(_Inline):
    """Rows that belong to the page's row; to be looked at."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def colleague(request: HttpRequest) -> Person:
    """The member of staff at the screen; the site let nobody else in."""
    return cast(Person, request.user)


def tell(request: HttpRequest, what: Callable[[], object], done: str) -> bool:
    """Do something and say on the page that it is done, or why it is not."""
    try:
        what()
    except DomainError as problem:
        messages.error(request, problem.sentence)
        return False
    messages.success(request, done)
    return True
