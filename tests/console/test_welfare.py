from django.test import Client

from accounts.models import Person
from audit.models import AuditRow
from moderation.models import Exposure
from tests.conftest import Clock
from tests.console.conftest import sign_in


class TestHowSomebodyIs:
    def test_is_asked_of_who_saw_a_lot_today(self, office: Client, karim: Person, clock: Clock) -> None:
        assert "Hoe gaat het" not in office.get("/console/").content.decode()
        Exposure.objects.create(person=karim, date=clock().date(), opened=5)

        assert "Hoe gaat het" in office.get("/console/").content.decode()

    def test_is_asked_once(self, office: Client, karim: Person, clock: Clock) -> None:
        Exposure.objects.create(person=karim, date=clock().date(), opened=5)

        office.post("/console/debrief/", {"fine": "1"})

        assert "Hoe gaat het" not in office.get("/console/").content.decode()
        assert not AuditRow.objects.filter(action__startswith="staff.").exists()

    def test_is_heard_by_a_lead_until_they_talked(self, office: Client, karim: Person, greet: Person, clock: Clock) -> None:
        lead = sign_in(greet)
        office.post("/console/debrief/", {"talk": "1"})
        assert f"<strong>{karim.username}</strong> wil" in lead.get("/console/").content.decode()

        lead.post(f"/console/debrief/{karim.id}/")

        assert " wil er met iemand" not in lead.get("/console/").content.decode()
        assert office.post(f"/console/debrief/{karim.id}/").status_code == 403
