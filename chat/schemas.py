"""JSON Schemas of the frames, for the OpenAPI and AsyncAPI documents: one definition, no copy."""

from collections.abc import Collection
from typing import Any

import msgspec

_SELF = "#/$defs/"


def schema_of(frame: Any, *, without: Collection[str] = ()) -> dict[str, Any]:
    """The schema of one frame with all it refers to written out; `without` drops what the address already says."""
    (root,), parts = msgspec.json.schema_components((frame,), ref_template=_SELF + "{name}")
    schema: dict[str, Any] = _inline(root, parts)
    for name in without:
        schema.get("properties", {}).pop(name, None)
    required = [name for name in schema.pop("required", []) if name not in without]
    return {**schema, "required": required} if required else schema


def _inline(node: Any, parts: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inline(item, parts) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inline(parts[node["$ref"].removeprefix(_SELF)], parts)
    return {key: _inline(value, parts) for key, value in node.items()}


def require_bodies(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:  # noqa: FBT001  # drf-spectacular's hook
    """Say in the OpenAPI document that an operation which takes a body needs one."""
    for operations in result["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
    return result
