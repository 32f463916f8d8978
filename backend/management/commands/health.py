"""`manage.py health`: ask the server on this machine whether it is ready, in one line. For operators and health checks."""

import json
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications.worker import life


class Command(BaseCommand):
    help = "Ask the local server, or with --worker the local worker, whether all is well. Exit code 1 and the remedy when it is not."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--timeout", type=float, default=5, help="seconds to wait for an answer")
        parser.add_argument("--worker", action="store_true", help="ask for the worker's sign of life instead")

    def handle(self, *, host: str, port: int, timeout: float, worker: bool, **options: Any) -> None:
        if worker:
            self.stdout.write(_worker())
        else:
            self.stdout.write(_server(f"http://{f'[{host}]' if ':' in host else host}:{port}", timeout))


def _server(address: str, timeout: float) -> str:
    """:raises CommandError: it is not ready, or nobody answers; one line with the remedy."""
    status, answer = _ask(f"{address}/readyz", timeout)
    problems = " ".join(answer.get("problems", {}).values())
    if status != 200:
        raise CommandError(f"{address} is not ready. {problems or f'It answered {status}; read its log.'}")
    warnings = " ".join(answer.get("warnings", {}).values())
    return f"{address} is ready. {warnings}".strip()


def _ask(url: str, timeout: float) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(url, headers={"Host": _a_host_of_ours()})  # noqa: S310  # always http, to this machine
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310  # as above
            return response.status, _parsed(response.read())
    except urllib.error.HTTPError as refusal:
        return refusal.code, _parsed(refusal.read())
    except TimeoutError:
        raise CommandError(f"{url} did not answer in {timeout:g} s. Read its log; restart it when it stays silent.") from None
    except OSError:
        raise CommandError(f"Nobody answers at {url}. Start Maatje, or name its --host and --port.") from None


def _a_host_of_ours() -> str:
    """A name that ALLOWED_HOSTS lets through, since the server answers to no other."""
    first = settings.ALLOWED_HOSTS[0]
    return "localhost" if first == "*" else first.removeprefix(".")


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _worker() -> str:
    """:raises CommandError: its last good round is too long ago; one line with the remedy."""
    ago = life.seconds_since()
    if ago is None:
        raise CommandError("The worker has not finished a round yet. Start `manage.py worker`, or read its log.")
    if ago > life.PATIENCE_SECONDS:
        raise CommandError(f"The worker's last good round was {ago / 60:.0f} minutes ago. Read its log; restart it when it is silent.")
    return f"The worker is well; its last round was {ago:.0f} s ago."
