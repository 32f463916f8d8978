"""Pages that add or remove a second factor leave a row in the audit log.

Signals of allauth come after the commit for some of them, so a row that they wrote could be missing. The page is the edge that we hold.
"""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from accounts.actions.second_factors import written_down
from accounts.models import Person
from accounts.staff_sign_in.referrer import View
from core import clock


def changes_factors(view: View) -> View:
    """What the form of this page does to somebody's own second factors, and its row of the log: both or neither."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or not isinstance(request.user, Person):
            return view(request, *args, **kwargs)
        person = Person.objects.get(pk=request.user.pk)  # not the lazy one of the request
        with written_down(person=person, by=person, now=clock.now()):
            return view(request, *args, **kwargs)

    return inner
