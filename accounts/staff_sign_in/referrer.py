"""Let the forms of staff say which page they come from, to this server and nobody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def says_where_from(view: View) -> View:
    """Answer with Referrer-Policy same-origin.

    Under `no-referrer`, which holds elsewhere, browsers post forms with `Origin: null` (Fetch, "append a request Origin
    header"), and Django's CSRF check refuses that.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        answer["Referrer-Policy"] = "same-origin"
        return answer

    return inner


def say_where_from(site: AdminSite) -> None:
    """The same for every page of a back office."""
    shown_to_staff = site.admin_view

    def admin_view(view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002  # Django's own signature
        return says_where_from(shown_to_staff(view, cacheable))

    site.admin_view = admin_view  # type: ignore[method-assign, assignment]  # the site is made by django.contrib.admin
