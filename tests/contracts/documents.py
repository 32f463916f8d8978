"""The OpenAPI document as the server would give it now, and what it lists."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

PREFIX = "/api/v1/"


@cache
def openapi() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # drf-spectacular types it halfway


@cache
def openapi_text() -> str:
    """As `manage.py spectacular --format openapi-json` writes it."""
    text: bytes = OpenApiJsonRenderer().render(openapi(), renderer_context={})
    return text.decode()


def operations() -> Iterator[tuple[str, str, int]]:
    """Method, address below /api/v1/ and the usual status of success; parameters named as docs/protocol.md names them."""
    for path, methods in openapi()["paths"].items():
        short = path.removeprefix(PREFIX).replace("{person_id}", "{person}").replace("{media_id}", "{media}")
        for name in ("conversation_id", "circle_id", "device_id", "away_id", "address_id", "statement_id"):
            short = short.replace(f"{{{name}}}", "{id}")
        for method, operation in methods.items():
            good = min(int(status) for status in operation["responses"] if status.startswith("2"))
            yield method.upper(), short, good
