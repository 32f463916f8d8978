"""The audit log on a page: rows for the auditor, the proof for the administrator too."""

import pytest
from django.test import Client

from accounts.models import Role
from audit import signed_heads
from audit.log import current_head
from audit.models import AuditRow
from moderation.models import Case
from tests.conftest import Clock
from tests.console.conftest import sign_in
from tests.factories import make_person

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

        assert f"<td>{newest - 1}</td>" in page and f"<td>{newest}</td>" not in page

    @pytest.mark.parametrize("odd", ["-1", "x", "9" * 40, "\u0661"], ids=["negative", "letter", "huge", "arabic"])
    def test_odd_input_asks_for_nothing(self, auditor: Client, odd: str) -> None:
        assert auditor.get(AUDIT, {"before": odd, "action": "\0", "by": odd}).status_code == 200


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
