"""Meetings in the back office: read by those who answer for the circle, and by nobody else. Where they are and what about is not shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.back_office.pages import BackOfficeAdmin, colleague
from core import clock
from core.errors import DomainError
from meetings.back_office import words
from meetings.back_office.held import held
from meetings.back_office.notes import open_note
from meetings.back_office.opened import meetings_answered_for, opened
from meetings.models import Meeting, Report
from privacy.errors import CannotOpen
from programmes.back_office.choices import names_of

CANNOT_READ = "Deze notitie kan niet meer gelezen worden: de woorden van dit gesprek zijn gewist."


class OpenedList(ChangeList):
    """A page of the list, all of whose meetings are opened at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        found = opened(rows)
        for row in rows:
            row.opened = found.get(row.id)
        self.result_list = rows


@admin.register(Meeting)
class MeetingAdmin(BackOfficeAdmin):
    """In the order in which they were made; by what happened at them nothing is ordered, filtered or counted."""

    list_display = ("shown_circle", "shown_state", "shown_last", "shown_next")
    sortable_by = ()
    deeds: ClassVar[tuple[str, ...]] = ("read-note",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return meetings_answered_for(colleague(request))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OpenedList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Afspraken van je kringen", **(extra_context or {})})

    @admin.display(description="kring")
    def shown_circle(self, row: Any) -> str:
        return names_of(row.conversation.circle)

    @admin.display(description="hoe het staat")
    def shown_state(self, row: Any) -> str:
        return words.state_of(row.opened.plan, over_at=row.open_until, now=clock.now()) if row.opened else words.ERASED

    @admin.display(description="laatste keer")
    def shown_last(self, row: Any) -> str:
        return _shown(row.opened.last(now=clock.now()) if row.opened else None)

    @admin.display(description="volgende keer")
    def shown_next(self, row: Any) -> str:
        return _shown(row.opened.next(now=clock.now()) if row.opened else None)

    def row_page(self, request: HttpRequest, row: Meeting) -> HttpResponse:
        return self.show(request, "admin/meetings/meeting/page.html", title="Afspraak", **_facts_of(row, now=clock.now()))

    def do_read_note(self, request: HttpRequest, row: Meeting) -> HttpResponse | None:
        """Show a note this once, on the page that answers the button."""
        said = request.POST.get("report", "")
        report = next((one for one in _reports_of(row) if str(one.id) == said and one.note_sealed), None)
        if report is None:
            return None
        try:
            note = open_note(report, by=colleague(request), now=clock.now())
        except (DomainError, CannotOpen):
            messages.error(request, CANNOT_READ)
            return None
        shown: dict[str, Any] = {"meeting": row, "note": note, "name": report.person.name or words.GONE, "at": report.at}
        return self.show(request, "admin/meetings/meeting/note.html", title="Notitie", **shown)


def _facts_of(row: Meeting, *, now: datetime) -> dict[str, Any]:
    meeting = opened([row]).get(row.id)
    circle = row.conversation.circle
    facts: dict[str, Any] = {"meeting": row, "circle": circle, "names": names_of(circle), "state": words.ERASED}
    if meeting is None:
        return facts
    return facts | {
        "state": words.state_of(meeting.plan, over_at=row.open_until, now=now),
        "rhythm": words.rhythm_of(meeting.plan),
        "next": meeting.next(now=now),
        "asked": meeting.asked(now=now),
        "dates": held(meeting, _reports_of(row), now=now),
    }


def _reports_of(row: Meeting) -> Sequence[Report]:
    reports = Report.objects.filter(meeting=row).select_related("person__data_key", "meeting__conversation")
    return list(reports.select_related("meeting__conversation__circle", "meeting__conversation__data_key").order_by("id"))


def _shown(at: datetime | None) -> str:
    return "–" if at is None else date_format(timezone.localtime(at), "D j F Y H:i")
