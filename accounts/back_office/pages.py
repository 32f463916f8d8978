"""The shape of every back-office page: seen by some roles, changed only through actions, deleted by nobody."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from accounts.back_office.doing import attempt
from accounts.models import Person, Role

RESPONSIBLE = frozenset({Role.ADMINISTRATOR, *(role for role in Role if role.answers_for_circles)})

if TYPE_CHECKING:  # Django's own classes take no type argument when they run
    _Page = admin.ModelAdmin[Any]
else:
    _Page = admin.ModelAdmin


class BackOfficeAdmin(_Page):
    """`viewers` are the roles that may look; each of `deeds` is a button that is posted to `do_<deed>`."""

    viewers: ClassVar[frozenset[Role]] = RESPONSIBLE
    deeds: ClassVar[tuple[str, ...]] = ()
    actions = None

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters on the page: whatever else an address asks about a row, it could learn letter by letter."""
        return lookup.removesuffix("__exact").removesuffix("__isnull") in self.list_filter

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

    def get_urls(self) -> list[URLPattern]:
        return [*(self._deed_url(deed) for deed in self.deeds), *super().get_urls()]

    def _deed_url(self, deed: str) -> URLPattern:
        view = self.admin_site.admin_view(require_POST(partial(self.deed_view, deed=deed)))
        return path(f"<uuid:object_id>/{deed}/", view, name=f"{self._named}_{deed.replace('-', '_')}")

    @property
    def _named(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def deed_view(self, request: HttpRequest, object_id: Any, *, deed: str) -> HttpResponse:
        """Do one thing to one row that the colleague may see, and show the row again."""
        row = self.row(request, str(object_id))
        do: Callable[[HttpRequest, Any], HttpResponse | None] = getattr(self, f"do_{deed.replace('-', '_')}")
        return do(request, row) or HttpResponseRedirect(self.address_of(row))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.new_page(request)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return self.row_page(request, self.row(request, unquote(object_id)))

    def new_page(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError

    def row_page(self, request: HttpRequest, row: Any) -> HttpResponse:
        raise NotImplementedError

    def row(self, request: HttpRequest, object_id: str) -> Any:
        """:raises PermissionDenied: :raises Http404: also when it is somebody else's."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def address_of(self, row: models.Model) -> str:
        return reverse(f"admin:{self._named}_change", args=[row.pk])

    def show(self, request: HttpRequest, template: str, *, title: str, status: int = 200, **more: Any) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **more}
        return TemplateResponse(request, template, context, status=status)

    def ask(
        self, request: HttpRequest, form: forms.Form, *, title: str, doing: Callable[[], models.Model | None], done: str, **more: Any
    ) -> HttpResponse:
        """A page with one form: once it is filled in and done, the page of the row that came of it."""
        if request.method == "POST" and form.is_valid():
            row = attempt(form, doing)
            if row is not None:
                messages.success(request, done)
                return HttpResponseRedirect(self.address_of(row))
        return self.show(request, "admin/maatje/form.html", title=title, form=form, **more)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Nothing: the audit log says it, without names."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        """Nothing: the audit log says it, without names."""


def colleague(request: HttpRequest) -> Person:
    """The member of staff at the screen; the site let nobody else in."""
    return cast(Person, request.user)
