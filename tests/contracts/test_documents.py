"""The committed OpenAPI and AsyncAPI documents are what the code would write today, and sound."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # its stubs are not worth a dependency

from backend.documents import REPLIES, asyncapi_document
from chat import frames
from tests.contracts import protocol_page as page
from tests.contracts.documents import openapi_text

DOCS = page.ROOT / "docs"
DOCUMENT = asyncapi_document()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def found(reference: str, document: Any) -> Any:
    """What a reference within the document points at. :raises KeyError:"""
    node = document
    for step in reference.removeprefix("#/").split("/"):
        node = node[step.replace("~1", "/")]
    return node


class TestOpenApi:
    def test_was_written_after_the_last_change(self) -> None:
        committed = json.loads((DOCS / "openapi.json").read_text(encoding="utf-8"))

        assert committed == json.loads(openapi_text()), "Run: python manage.py spectacular --format openapi-json --file docs/openapi.json"

    def test_refers_only_to_what_is_there(self) -> None:
        document = json.loads(openapi_text())

        assert all(found(reference, document) for reference in references(document))

    def test_gives_every_operation_a_description_and_refusals(self) -> None:
        for methods in json.loads(openapi_text())["paths"].values():
            for operation in methods.values():
                assert operation["description"]
                assert "503" in operation["responses"]


class TestAsyncApi:
    def test_was_written_after_the_last_change(self) -> None:
        committed = json.loads((DOCS / "asyncapi.json").read_text(encoding="utf-8"))

        assert committed == DOCUMENT, "Run: python manage.py asyncapi"

    def test_has_the_shape_of_asyncapi_3(self) -> None:
        assert DOCUMENT["asyncapi"] == "3.0.0"
        assert {"title", "version"} <= DOCUMENT["info"].keys()
        assert all({"host", "protocol"} <= server.keys() for server in DOCUMENT["servers"].values())
        assert all(channel["address"] and channel["messages"] for channel in DOCUMENT["channels"].values())
        for operation in DOCUMENT["operations"].values():
            assert operation["action"] in {"send", "receive"}
            assert operation["channel"]["$ref"] in {"#/channels/socket", "#/channels/lite"}

    def test_refers_only_to_what_is_there(self) -> None:
        assert all(found(reference, DOCUMENT) for reference in references(DOCUMENT))

    def test_lets_operations_name_only_messages_of_their_channel(self) -> None:
        for operation in DOCUMENT["operations"].values():
            named = [*operation["messages"], *operation.get("reply", {}).get("messages", [])]

            assert all(message["$ref"].startswith(f"{operation['channel']['$ref']}/messages/") for message in named)

    def test_says_what_every_command_but_ack_is_answered_with(self) -> None:
        assert set(REPLIES) == set(frames.Command.__args__) - {frames.Ack}

    def test_has_schemas_that_are_json_schemas(self) -> None:
        for schema in DOCUMENT["components"]["schemas"].values():
            Draft7Validator.check_schema(schema)

    @pytest.mark.parametrize("group", ["Commands", "Replies", "Events"])
    def test_describes_the_examples_of_the_protocol_page(self, group: str) -> None:
        for name, section in page.parts_of(group).items():
            payload = DOCUMENT["components"]["messages"][name]["payload"]
            schema = {**payload, "components": DOCUMENT["components"]}

            Draft7Validator(schema).validate(section.example())

    def test_describes_a_wrong_frame_as_wrong(self) -> None:
        payload = {"$ref": "#/components/schemas/Send", "components": DOCUMENT["components"]}

        assert not Draft7Validator(payload).is_valid({"type": "send", "ref": -1})

    def test_is_served(self, client: Client) -> None:
        answer = client.get("/api/v1/asyncapi.json")

        assert answer.status_code == 200
        assert answer.json()["operations"].keys() == DOCUMENT["operations"].keys()
