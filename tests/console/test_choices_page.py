"""Deadlines, groups that are moderated before, templates and lists: what an organisation chooses."""

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Person, Role
from audit.models import AuditRow
from moderation.actions import choices
from moderation.models import PreModeration, Rules, Template, WordList
from moderation.reading import choices as remembered
from tests.console.conftest import sign_in
from tests.factories import make_organisation, make_person, make_programme

CHOICES = "/console/choices/"
LISTS = "/console/lists/"
TEMPLATE = {"name": "Eerste keer", "kind": "warn", "about": "", "language": "nl", "text": "Beste, dit kan niet."}
LIST = """version = 1
reviewed_on = 2026-03-01
review_by = 2026-09-01
[[rule]]
class = "hate"
severity = 2
reason = "slur"
any = ["kwibus"]
"""


@pytest.fixture
def ada(db: None, now: object) -> Client:
    """The administrator's browser."""
    return sign_in(make_person(role=Role.ADMINISTRATOR, name="Ada"))


@pytest.fixture
def lead(greet: Person) -> Client:
    return sign_in(greet)


class TestTerms:
    def test_are_changed_by_an_administrator_with_a_row_that_says_what(self, ada: Client) -> None:
        values = {name: low for name, (low, _) in choices.BOUNDS.items()}

        ada.post(f"{CHOICES}terms/", values)

        assert Rules.objects.get().danger_minutes == 5
        assert AuditRow.objects.get(action="rules.changed").detail["danger_minutes"] == 5

    def test_stay_where_somebody_still_looks(self, ada: Client) -> None:
        values = {name: high for name, (_, high) in choices.BOUNDS.items()} | {"danger_minutes": 600}

        assert ada.post(f"{CHOICES}terms/", values).status_code == 422
        assert not Rules.objects.exists()

    def test_are_no_work_of_a_lead(self, lead: Client) -> None:
        assert lead.post(f"{CHOICES}terms/", {}).status_code == 403


class TestAClassifierFromOutside:
    def test_is_offered_where_the_operator_named_one(self, ada: Client, settings: Settings) -> None:
        without = ada.get(CHOICES).content.decode()
        settings.MAATJE_CLASSIFIER_URL = "https://classifier.example.org"

        page = ada.get(CHOICES).content.decode()

        assert "Laten meekijken" not in without and "Laten meekijken" in page

    def test_is_wanted_and_unwanted_with_a_row_each(self, ada: Client, settings: Settings) -> None:
        settings.MAATJE_CLASSIFIER_URL = "https://classifier.example.org"

        ada.post(f"{CHOICES}classifier/", {"wants": "yes"})
        wanted = Rules.objects.get().uses_classifier
        ada.post(f"{CHOICES}classifier/", {"wants": "no"})

        assert wanted and not Rules.objects.get().uses_classifier
        assert [row.detail["wants"] for row in AuditRow.objects.filter(action="rules.classifier").order_by("n")] == [True, False]

    def test_cannot_be_wanted_where_there_is_none(self, ada: Client) -> None:
        assert ada.post(f"{CHOICES}classifier/", {"wants": "yes"}).status_code == 400
        assert not Rules.objects.filter(uses_classifier=True).exists()

    def test_is_no_choice_of_a_lead(self, lead: Client) -> None:
        assert lead.post(f"{CHOICES}classifier/", {"wants": "yes"}).status_code == 403


class TestModeratingBefore:
    def test_is_chosen_for_each_programme(self, ada: Client) -> None:
        programme = make_programme()

        ada.post(f"{CHOICES}before/{programme.id}/", {"holds": "all", "hours": "12"})
        chosen = PreModeration.objects.get(programme=programme)
        ada.post(f"{CHOICES}before/{programme.id}/", {"holds": "none", "hours": "12"})

        assert (chosen.holds, chosen.hours) == ("all", 12)
        assert not PreModeration.objects.exists()

    def test_is_known_at_once_where_it_was_chosen(
        self, ada: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        programme = make_programme()
        before = remembered.current().holds

        with django_capture_on_commit_callbacks(execute=True):
            ada.post(f"{CHOICES}before/{programme.id}/", {"holds": "all", "hours": "12"})

        assert programme.id not in before and programme.id in remembered.current().holds
        remembered.forget()

    def test_is_of_ones_own_organisation(self, ada: Client) -> None:
        programme = make_programme(organisation=make_organisation(name="Anderen"))

        assert ada.post(f"{CHOICES}before/{programme.id}/", {"holds": "all", "hours": "12"}).status_code == 404


class TestTemplates:
    def test_are_added_changed_and_dropped(self, lead: Client) -> None:
        lead.post(f"{CHOICES}templates/", TEMPLATE)
        template = Template.objects.get()
        lead.post(f"{CHOICES}templates/{template.id}/", {**TEMPLATE, "text": "Anders."})
        changed = Template.objects.get().text
        lead.post(f"{CHOICES}templates/{template.id}/drop/")

        assert (changed, Template.objects.count()) == ("Anders.", 0)

    def test_have_a_name_once_in_a_language(self, lead: Client) -> None:
        lead.post(f"{CHOICES}templates/", TEMPLATE)

        assert lead.post(f"{CHOICES}templates/", TEMPLATE).status_code == 422

    def test_are_shown_escaped(self, lead: Client) -> None:
        lead.post(f"{CHOICES}templates/", {**TEMPLATE, "name": "<script>x</script>"})

        assert b"<script>x" not in lead.get(CHOICES).content

    def test_of_another_organisation_are_not_there(self, lead: Client) -> None:
        other = Template.objects.create(organisation=make_organisation(name="Anderen"), **TEMPLATE)

        assert lead.post(f"{CHOICES}templates/{other.id}/", TEMPLATE).status_code == 404


class TestLists:
    def test_are_kept_and_used_once_a_colleague_says_so(self, lead: Client, ada: Client) -> None:
        lead.post(f"{LISTS}add/", {"language": "nl", "text": LIST})
        kept = WordList.objects.get()
        ada.post(f"{LISTS}{kept.id}/use/")
        used = WordList.objects.get().in_use
        lead.post(f"{LISTS}{kept.id}/stop/")

        assert (kept.in_use, used, WordList.objects.get().in_use) == (False, True, False)

    def test_are_put_into_use_by_nobody_who_wrote_them(self, lead: Client) -> None:
        lead.post(f"{LISTS}add/", {"language": "nl", "text": LIST})
        kept = WordList.objects.get()

        told = lead.post(f"{LISTS}{kept.id}/use/", follow=True).content.decode()

        assert "Vraag het aan een collega" in told
        assert f"{LISTS}{kept.id}/use/" not in told
        assert not WordList.objects.get().in_use

    def test_that_cannot_be_used_say_where_it_is(self, lead: Client) -> None:
        refused = lead.post(f"{LISTS}add/", {"language": "nl", "text": LIST.replace('"hate"', '"rude"')})

        assert refused.status_code == 422
        assert "rude" in refused.content.decode() and not WordList.objects.exists()

    def test_of_ours_can_be_read_by_moderators(self, office: Client) -> None:
        assert "[[rule]]" in office.get(f"{LISTS}ours/nl/").content.decode()
        assert office.get(f"{LISTS}ours/xx/").status_code == 404
        assert office.post(f"{LISTS}add/", {"language": "nl", "text": LIST}).status_code == 403
