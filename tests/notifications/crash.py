"""A pen of real worker processes that a test may kill -9: Django is loaded once, and each worker is forked from there.

`Pen` is the test's end of the line; the module run by itself is the pen. A worker's clock may run ahead, so that a lease that its
predecessor took to the grave is over without anybody waiting for a minute. Each says in its letters who it is,
and its batches are smaller; nothing else in it differs from `manage.py worker`.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn, Self

ROOT = Path(__file__).resolve().parent.parent.parent
WHO = "x-worker"  # in each text: the process that brings it
BATCH = 15  # letters at a time; less than usual, so that a victim is killed in its first batch, between two, or later


class Pen:
    """Speaks in lines of JSON, one question at a time."""

    def __init__(self, folder: Path, *, database_url: str = "", **settings: str) -> None:
        env = {**os.environ, "MAATJE_DATA": str(folder), "MAATJE_NOTICES_CONSOLE": "no", "MAATJE_LOG_LEVEL": "ERROR", **settings}
        if database_url:
            env["DATABASE_URL"] = database_url
        with (folder / "pen.log").open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.notifications.crash"], env=env, cwd=ROOT, stderr=errors, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )  # fmt: skip
        self._workers: list[int] = []

    def ask(self, what: str, **how: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None  # both are pipes
        self._process.stdin.write(json.dumps({"what": what, "how": how}).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline() or b'"the pen is open"')

    def start(self, *, ahead: float = 0) -> int:
        """A worker whose clock is so many seconds ahead; its process id."""
        pid = int(self.ask("start", ahead=ahead))
        self._workers.append(pid)
        return pid

    def end(self, pid: int, signum: int = signal.SIGTERM) -> None:
        """Send the signal and wait until it is gone; the system lets go of it at once."""
        try:
            os.kill(pid, signum)
        except ProcessLookupError:
            return
        self.gone(pid)

    @staticmethod
    def gone(pid: int, *, within: float = 30) -> None:
        end = time.monotonic() + within
        while time.monotonic() < end:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.002)
        raise AssertionError("A worker does not end.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self._workers:
            self.end(pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    import django

    django.setup()
    for module in ("notifications.worker", "notifications.channels.sms_http"):
        importlib.import_module(module)  # before the fork, with its libraries
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever was killed is gone at once
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["what"] == "start":
            answer: Any = os.fork()
            if not answer:
                _work(**asked["how"])
        else:
            answer = _in_a_child(asked["what"], **asked["how"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _work(*, ahead: float) -> NoReturn:
    """Be a worker, until the end."""
    status = 1
    try:
        import asyncio

        from django.conf import settings

        from backend.management.commands.worker import work
        from core import clock
        from notifications.outfit import ways

        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        true_now = clock.now
        clock.now = lambda: true_now() + timedelta(seconds=ahead)
        settings.MAATJE_SMS_HEADERS = {WHO: str(os.getpid())}
        asyncio.run(work([replace(way, batch=BATCH) for way in ways()]))
        status = 0
    finally:
        os._exit(status)


def _in_a_child(what: str, **how: Any) -> Any:
    """The pen itself never holds a connection, which no child could share."""
    out, inside = os.pipe()
    if not os.fork():
        try:
            os.write(inside, json.dumps(globals()[f"_{what}"](**how)).encode())
        finally:
            os._exit(0)
    os.close(inside)
    with os.fdopen(out, "rb") as pipe:
        return json.loads(pipe.read() or b'"it broke; see pen.log"')


def _migrate() -> str:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return "done"


def _post(*, count: int) -> str:
    from core import clock
    from tests.notifications.post import post_notices

    post_notices(count, now=clock.now())
    return "done"


def _clear() -> str:
    from notifications.models import Delivery, Notice, NoticeChoices, PushAddress

    for model in (Delivery, Notice, PushAddress, NoticeChoices):
        model.objects.all().delete()
    return "done"


def _states() -> dict[str, int]:
    """How many deliveries are in each state, and how many notices still wait."""
    from django.db.models import Count

    from notifications.models import Delivery, Notice, NoticeState

    found = dict(Delivery.objects.values_list("state").order_by().annotate(Count("id")))
    return {**found, "untold": Notice.objects.filter(state=NoticeState.WAITING).count()}


def _sent() -> list[str]:
    from notifications.models import Delivery, DeliveryState

    return [str(id_) for id_ in Delivery.objects.filter(state=DeliveryState.SENT).values_list("id", flat=True)]


if __name__ == "__main__":
    _main()
