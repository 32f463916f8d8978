"""The audit log on a page: rows for the auditor, the proof for the administrator too."""

import re
from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Role
from audit import actions as audit
from audit import signed_heads
from audit.log import current_head
from audit.models import AuditRow
from console.reading import auditing
from moderation.models import Case
from programmes.models import Circle
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.factories import make_circle, make_organisation, make_person, make_programme

AUDIT = "/console/audit/"


@pytest.fixture
def auditor(case: Case, now: object) -> Client:
    return sign_in(make_person(role=Role.AUDITOR, name="Axel"))


class TestRows:
    def test_are_codes_and_never_words(self, auditor: Client) -> None:
        page = auditor.get(AUDIT).content.decode()

        assert "case.opened" in page
        assert "geld" not in page and "Fatima" not in page

    def test_are_filtered_by_act_subject_and_who(self, auditor: Client, case: Case) -> None:
        by_act = auditor.get(AUDIT, {"action": "circle."}).content.decode()
        by_subject = auditor.get(AUDIT, {"subject": f"case:{case.id}"}).content.decode()
        by_nobody = auditor.get(AUDIT, {"by": "niemand"}).content.decode()

        assert "case.opened" not in by_act and "circle." in by_act
        assert "case.opened" in by_subject and "<code>circle." not in by_subject
        assert "Geen rijen." in by_nobody

    def test_come_fifty_at_a_time(self, auditor: Client) -> None:
        newest = AuditRow.objects.order_by("-n").values_list("n", flat=True)[0]

        page = auditor.get(AUDIT, {"before": str(newest)}).content.decode()

        assert f">{newest - 1}</td>" in page and f">{newest}</td>" not in page

    @pytest.mark.parametrize("odd", ["-1", "x", "9" * 40, "\u0661"], ids=["negative", "letter", "huge", "arabic"])
    def test_odd_input_asks_for_nothing(self, auditor: Client, odd: str) -> None:
        assert auditor.get(AUDIT, {"before": odd, "action": "\0", "by": odd}).status_code == 200


class TestRowsOfSeveralOrganisations:
    @pytest.fixture
    def elsewhere(self, now: datetime) -> Circle:
        """Another organisation's circle, with rows of its own."""
        others = make_organisation(name="Anderen", now=now)
        people = [make_person(role=role, organisation=others, now=now) for role in (Role.PARTICIPANT, Role.BUDDY)]
        staff = [make_person(role=Role.COORDINATOR, organisation=others, now=now) for _ in range(2)]
        programme = make_programme(organisation=others)
        return make_circle(people=people, coordinator=staff[0], deputy=staff[1], programme=programme, now=now)

    def test_are_shown_to_their_own_auditor(self, auditor: Client, case: Case, elsewhere: Circle) -> None:
        theirs = sign_in(make_person(role=Role.AUDITOR, organisation=elsewhere.programme.organisation))

        own, others = subjects(auditor), subjects(theirs)

        assert f"case:{case.id}" in own and f"circle:{elsewhere.id}" in others
        assert f"circle:{elsewhere.id}" not in own and not own & others
        assert "Geen rijen." in auditor.get(AUDIT, {"subject": f"circle:{elsewhere.id}"}).content.decode()

    def test_of_the_system_are_shown_to_all(self, auditor: Client, elsewhere: Circle, now: datetime) -> None:
        with transaction.atomic():
            audit.write(action="log.epoch_begun", by=None, subject="log", detail={}, now=now)

        assert "log" in subjects(auditor)

    def test_are_looked_through_until_a_page_is_full(self, auditor: Client, elsewhere: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
        """However the rows of others lie between, nothing is shown twice or left out."""
        in_one = numbers(auditor)
        monkeypatch.setattr(auditing, "STEP", 2)
        monkeypatch.setattr(auditing, "MOST_STEPS", 2)
        monkeypatch.setattr(auditing, "ROWS", 3)

        assert numbers(auditor) == in_one

    def test_are_all_verified(self, auditor: Client, elsewhere: Circle, clock: Clock) -> None:
        AuditRow.objects.filter(subject=f"circle:{elsewhere.id}").update(action="circle.harmless")

        assert "klopt niet" in auditor.post(f"{AUDIT}verify/").content.decode()


def subjects(client: Client) -> set[str]:
    return set(re.findall(r"<code>((?:[a-z]+:[0-9a-f-]{36})|log)</code>", client.get(AUDIT).content.decode()))


def numbers(client: Client) -> list[str]:
    """Of all rows, page after page."""
    found, query = [], ""
    while True:
        page = client.get(f"{AUDIT}?{query}").content.decode()
        found += re.findall(r'<td data-is="Nr">(\d+)</td>', page)
        older = re.search(r'href="/console/audit/\?([^"]*before=[^"]*)">Ouder', page)
        if older is None:
            return found
        query = older[1].replace("&amp;", "&")


class TestTheProof:
    def test_is_given_and_leaves_a_row(self, auditor: Client, clock: Clock) -> None:
        signed_heads.append(signed_heads.default_path(), current_head(), now=clock())

        page = auditor.post(f"{AUDIT}verify/").content.decode()

        assert "allemaal zoals ze geschreven zijn" in page
        assert AuditRow.objects.order_by("-n")[0].action == "audit.verified"

    def test_names_the_first_row_that_was_changed(self, auditor: Client, clock: Clock) -> None:
        AuditRow.objects.filter(n=2).update(action="circle.harmless")

        assert "Rij 2 klopt niet" in auditor.post(f"{AUDIT}verify/").content.decode()

    def test_an_administrator_proves_it_without_reading_it(self, case: Case) -> None:
        page = sign_in(make_person(role=Role.ADMINISTRATOR)).get(AUDIT).content.decode()

        assert "Nakijken" in page and "case.opened" not in page

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.LEAD, Role.COORDINATOR, Role.REVIEWER])
    def test_is_no_work_of_others(self, db: None, role: Role) -> None:
        client = sign_in(make_person(role=role))

        assert [client.get(AUDIT).status_code, client.post(f"{AUDIT}verify/").status_code] == [403, 403]
