from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accounts.models import Person, Role
from audit.models import AuditRow

pytestmark = pytest.mark.django_db


def administrator(*words: str) -> str:
    """The password that the command shows."""
    said = StringIO()
    call_command("administrator", *words, stdout=said)
    return next(line.strip() for line in said.getvalue().splitlines() if line.startswith("  "))


class TestAdministrator:
    def test_makes_the_first_one_from_nothing(self) -> None:
        password = administrator("ada")

        ada = Person.objects.get(username="ada")
        assert (ada.role, ada.is_superuser, ada.check_password(password)) == (Role.ADMINISTRATOR, True, True)
        assert ada.password_until is not None
        assert list(AuditRow.objects.values_list("action", flat=True)) == ["person.added", "person.password_given"]

    def test_changes_nobody_who_is_there_already_by_mistake(self) -> None:
        first = administrator("ada")

        with pytest.raises(CommandError, match="--again"):
            administrator("ada")

        assert Person.objects.get(username="ada").check_password(first)

    def test_lets_back_in_who_lost_everything(self) -> None:
        first = administrator("ada")
        ada = Person.objects.get(username="ada")
        Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={"secret": "x"})

        second = administrator("ada", "--again")

        ada.refresh_from_db()
        assert ada.check_password(second)
        assert not ada.check_password(first)
        assert not Authenticator.objects.exists()

    def test_names_the_remedy_when_there_is_nobody_to_let_back_in(self) -> None:
        with pytest.raises(CommandError, match="Without --again"):
            administrator("ada", "--again")

        assert not Person.objects.exists()


class TestCreatesuperuser:
    def test_works_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "een eigen lange zin")

        call_command("createsuperuser", username="ada", interactive=False, stdout=StringIO())

        ada = Person.objects.get(username="ada")
        assert (ada.role, ada.password_until, ada.check_password("een eigen lange zin")) == (Role.ADMINISTRATOR, None, True)
