from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as real_settings
from django.core.management import call_command

from accounts.models import Person, Role
from moderation.models import Case
from privacy import retention
from privacy.fields import seal_field
from privacy.models import DataKey
from privacy.retention import BadPolicy, Policy
from programmes.models import Circle
from tests.moderation.duty import put_case

OLD_KEYS = Policy(model="privacy.DataKey", why="to try the clock", days=30, after="made_at")


def ours() -> set[str]:
    return {model._meta.label for model in apps.get_models() if (Path(real_settings.BASE_DIR) / model._meta.app_label).is_dir()}


class TestPolicies:
    def test_name_every_model_of_ours_and_no_other(self) -> None:
        assert {policy.model for policy in retention.policies()} == ours()

    @pytest.mark.parametrize("policy", [policy for policy in retention.policies() if policy.days], ids=lambda policy: policy.model)
    def test_name_fields_that_exist(self, policy: Policy) -> None:
        fields = {field.name for field in policy.model_class._meta.get_fields()}

        assert {policy.after, policy.erases or policy.after, policy.unless or policy.after} <= fields

    @pytest.mark.parametrize(
        "told",
        [
            'keep = "always"',
            'keep = "always"\nwhy = " "',
            'why = "because"',
            'why = "because"\ndays = 3',
            'why = "because"\nkeep = "always"\ndays = 3\nafter = "made_at"',
            'why = "because"\nkeep = "always"\nweeks = 3',
        ],
    )
    def test_refuse_a_policy_that_does_not_say_what_happens_or_why(self, tmp_path: Path, told: str) -> None:
        path = tmp_path / "retention.toml"
        path.write_text(f"[privacy.DataKey]\n{told}\n")

        with pytest.raises(BadPolicy, match=r"privacy\.DataKey"):
            retention.policies(path)


@pytest.mark.django_db
class TestApply:
    def test_leaves_what_somebody_holds(self, circle: Circle, now: datetime) -> None:
        long_ago = now - timedelta(days=200)
        held, free = (
            put_case(circle, state="closed", closed_at=long_ago, held_for=why, now=long_ago - timedelta(days=1)) for why in ("court", "")
        )
        policy = next(policy for policy in retention.policies() if policy.model == "moderation.Case")

        retention.apply(policy, now=now)

        assert [Case.objects.get(id=one.id).data_key is None for one in (held, free)] == [False, True]

    def test_deletes_what_is_past_its_time_and_nothing_else(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(retention, "ROWS_AT_A_TIME", 2)
        past = [DataKey.objects.make(now=now - timedelta(days=31, minutes=minute)) for minute in range(5)]
        on_its_last_day = DataKey.objects.make(now=now - timedelta(days=30))

        assert retention.apply(OLD_KEYS, now=now) == len(past)
        assert list(DataKey.objects.all()) == [on_its_last_day]

    def test_touches_nothing_that_is_kept(self, now: datetime) -> None:
        DataKey.objects.make(now=now - timedelta(days=40_000))

        assert retention.apply(Policy(model="privacy.DataKey", why="kept", keep="always"), now=now) == 0
        assert DataKey.objects.count() == 1

    def test_erases_the_words_and_keeps_the_row(self, now: datetime) -> None:
        long_ago, key = now - timedelta(days=800), DataKey.objects.make(now=now)
        name = seal_field(key.unwrap(), "Fatima", table="person", column="name", row_id=key.id)
        fatima = Person.objects.create(role=Role.PARTICIPANT, data_key=key, name_sealed=name, made_at=long_ago)
        policy = Policy(model="accounts.Person", why="to try the key", days=730, after="made_at", erases="data_key")

        assert retention.apply(policy, now=now) == 1
        assert retention.apply(policy, now=now) == 0

        fatima.refresh_from_db()
        assert fatima.data_key is None
        assert not DataKey.objects.exists()


@pytest.mark.django_db
class TestApplyRetention:
    def test_says_what_it_did_for_every_model_with_a_clock(self) -> None:
        said = StringIO()

        call_command("apply_retention", stdout=said)

        assert len(said.getvalue().splitlines()) == sum(policy.keep is None for policy in retention.policies())

    def test_shows_the_policy_with_its_reasons(self) -> None:
        said = StringIO()

        call_command("apply_retention", "--show", stdout=said)

        assert len(said.getvalue().splitlines()) == len(retention.policies())
        assert "chat.Conversation: words erased 730 days after closed_at. Two years" in said.getvalue()
