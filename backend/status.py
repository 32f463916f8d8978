"""Is it alive, is it ready, how much is it doing. Open to the operator's proxy; says nothing about people."""

import secrets

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chat.engine import running_engine
from privacy.errors import KeyringError
from privacy.keyring import keyring

_are_migrations_done = False


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether this process should be sent people: 200, or 503 with what is wrong and its remedy."""
    problems = {name: remedy for name, remedy in (_drain(), _database(), _keys()) if remedy}
    warnings = {name: remedy for name, remedy in (_layer(),) if remedy}
    return JsonResponse({"ready": not problems, "problems": problems, "warnings": warnings}, status=503 if problems else 200)


def _drain() -> tuple[str, str]:
    engine = running_engine()
    is_draining = engine is not None and engine.hub.is_draining
    return "draining", "This process is stopping; send people to another." if is_draining else ""


def _database() -> tuple[str, str]:
    global _are_migrations_done
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _are_migrations_done:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return "migrations", "Run `python manage.py migrate`."
            _are_migrations_done = True
    except (DatabaseError, InterfaceError):
        return "database", "The database does not answer. Check that it runs and that DATABASE_URL is right."
    return "database", ""


def _keys() -> tuple[str, str]:
    try:
        keyring()
    except KeyringError as problem:
        return "keys", str(problem)
    return "keys", ""


def _layer() -> tuple[str, str]:
    """A silent layer never stops anybody: people on different processes only hear each other up to a second later."""
    engine = running_engine()
    is_silent = engine is not None and not engine.relay.is_healthy
    return "layer", "Redis or Valkey does not answer; messages arrive by sweep. Check REDIS_URL." if is_silent else ""


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for this machine and whoever the operator's proxy lets through."""
    given = request.headers.get("Authorization", "").encode()
    if settings.MAATJE_METRICS_TOKEN and not secrets.compare_digest(given, f"Bearer {settings.MAATJE_METRICS_TOKEN}".encode()):
        return HttpResponseForbidden("Give the metrics token.\n", content_type="text/plain")
    if not settings.MAATJE_METRICS_TOKEN and request.META.get("REMOTE_ADDR") not in {"127.0.0.1", "::1"}:
        return HttpResponseForbidden("Set MAATJE_METRICS_TOKEN to read metrics from elsewhere.\n", content_type="text/plain")
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
