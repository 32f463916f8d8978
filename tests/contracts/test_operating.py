"""What the operator's pages name is there, and what is there they name."""

import os
import re
import subprocess
import sys

import pytest
from prometheus_client.metrics import MetricWrapperBase

from live import metrics
from moderation.metrics import Cases
from notifications import metrics as of_notices
from tests.services.maatje import ROOT

OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
PAGES = OPERATING + (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "backend" / "settings.py").read_text(encoding="utf-8")
READ = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS)) | {"DATABASE_URL"}
FOR_THE_IMAGE = {"MAATJE_STATIC", "MAATJE_STATIC_FINDERS"}
FOR_THE_PROXY = {"MAATJE_HOST", "MAATJE_UPSTREAMS"}
INTERNAL = {"CHAT_SCREENER"}  # a port between our apps
SENDING = [path.read_text(encoding="utf-8") for app in ("meetings", "moderation", "notifications") for path in (ROOT / app).rglob("*.py")]
ALARMS = {event for text in SENDING for event in re.findall(r'log\.error\(\s*"([a-z_]+)', text)}


def named(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text))


class TestTheOperatorsPages:
    def test_explain_every_setting(self) -> None:
        assert named(r"[A-Z]+_[A-Z_]+[A-Z]", PAGES) >= READ - FOR_THE_IMAGE - INTERNAL

    def test_name_no_setting_that_nobody_reads(self) -> None:
        assert {name.removesuffix("_FILE") for name in named(r"\bMAATJE_[A-Z_]+[A-Z]", PAGES)} <= READ | FOR_THE_PROXY

    def test_know_the_numbers_that_they_tell_to_watch(self) -> None:
        counted = [metric for metric in [*vars(metrics).values(), *vars(of_notices).values()] if isinstance(metric, MetricWrapperBase)]
        described = [
            *(one for metric in counted for one in metric.describe()),
            *of_notices.Queue().describe(),
            *of_notices.Fates().describe(),
        ]
        described += Cases().describe()
        there = {f"{metric.name}_total" if metric.type == "counter" else metric.name for metric in described}

        assert there >= named(r"\bmaatje_[a-z_]+[a-z]", PAGES)

    def test_name_numbers_that_a_server_shows_by_itself(self) -> None:
        shown = "import django; django.setup(); from prometheus_client import generate_latest; print(generate_latest().decode())"
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "backend.settings"}

        told = subprocess.run([sys.executable, "-c", shown], cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout

        gauges = {"maatje_cases_open", "maatje_cases_breached", "maatje_cases_oldest_seconds", "maatje_escalations_unanswered"}
        assert gauges <= named(r"# HELP (maatje_\w+)", told)

    @pytest.mark.parametrize("event", sorted(named(r"`([a-z]+_[a-z_]*(?:failed|broke|settled|without_database|need_you))`", OPERATING)))
    def test_know_what_is_logged(self, event: str) -> None:
        apps = ("backend", "chat", "console", "live", "media", "meetings", "moderation", "notifications")
        code = [path for app in apps for path in (ROOT / app).rglob("*.py")]

        assert any(re.search(rf'"{event}[" ]', path.read_text(encoding="utf-8")) for path in code)

    @pytest.mark.parametrize("event", sorted(ALARMS))
    def test_say_what_every_alarm_of_notices_meetings_and_cases_means(self, event: str) -> None:
        assert f"`{event}`" in OPERATING

    @pytest.mark.parametrize("problem", ["draining", "database", "migrations", "keys", "layer"])
    def test_say_what_to_do_about_all_that_readyz_names(self, problem: str) -> None:
        status = (ROOT / "backend" / "status.py").read_text(encoding="utf-8")

        assert f'"{problem}"' in status
        assert f"`{problem}`" in OPERATING
