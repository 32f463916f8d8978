from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

OPERATIONS = [
    ("/api/v1/enrol", "post", {201, 400, 403, 404, 406, 413, 415, 429, 503}),
    ("/api/v1/me", "get", {200, 401, 403, 406, 429, 503}),
    ("/api/v1/me", "patch", {200, 400, 401, 403, 406, 413, 415, 429, 503}),
    ("/api/v1/devices", "get", {200, 401, 403, 406, 429, 503}),
    ("/api/v1/devices/{device_id}", "delete", {204, 401, 403, 404, 406, 429, 503}),
    ("/api/v1/sign-out", "post", {204, 401, 403, 406, 429, 503}),
    ("/api/v1/sign-out-everywhere", "post", {204, 401, 403, 406, 429, 503}),
    ("/api/v1/blocks", "get", {200, 401, 403, 406, 429, 503}),
    ("/api/v1/blocks/{person_id}", "put", {204, 401, 403, 404, 406, 409, 429, 503}),
    ("/api/v1/blocks/{person_id}", "delete", {204, 401, 403, 404, 406, 429, 503}),
    ("/api/v1/circles", "get", {200, 401, 403, 406, 429, 503}),
    ("/api/v1/circles/{circle_id}/agree", "post", {200, 401, 403, 404, 406, 409, 429, 503}),
    ("/api/v1/circles/{circle_id}/decline", "post", {204, 401, 403, 404, 406, 409, 429, 503}),
]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # drf-spectacular is not typed
    return made


class TestTheDocument:
    @pytest.mark.parametrize(("path", "method", "statuses"), OPERATIONS)
    def test_names_every_status(self, document: dict[str, Any], path: str, method: str, statuses: set[int]) -> None:
        operation = document["paths"][path][method]

        assert {int(status) for status in operation["responses"]} == statuses
        assert operation.get("description")

    @pytest.mark.parametrize(("path", "method", "statuses"), OPERATIONS)
    def test_gives_every_refusal_one_shape(self, document: dict[str, Any], path: str, method: str, statuses: set[int]) -> None:
        responses = document["paths"][path][method]["responses"]

        for status in statuses - {200, 201, 204}:
            schema = responses[str(status)]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}

    def test_says_how_to_sign_in(self, document: dict[str, Any]) -> None:
        schemes = document["components"]["securitySchemes"]

        assert schemes["bearer"]["scheme"] == "bearer"
        assert schemes["cookie"]["name"] == "__Host-maatje"
        assert document["paths"]["/api/v1/enrol"]["post"].get("security", []) == []
        assert document["paths"]["/api/v1/me"]["get"]["security"]
