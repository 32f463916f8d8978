"""The back office tells the time where its reader is."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from accounts.models import Person

View = Callable[..., HttpResponse]


def tell_local_time(site: AdminSite) -> None:
    """Show every instant on this site's pages in the zone of the person who looks."""
    shown_to_staff = site.admin_view

    def admin_view(view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002  # Django's own signature
        return shown_to_staff(_in_their_zone(view), cacheable)

    site.admin_view = admin_view  # type: ignore[method-assign, assignment]  # the site is made by django.contrib.admin


def _in_their_zone(view: View) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, Person):
            return view(request, *args, **kwargs)
        with timezone.override(ZoneInfo(request.user.zone)):
            answer = view(request, *args, **kwargs)
            return answer.render() if isinstance(answer, SimpleTemplateResponse) else answer

    return inner
