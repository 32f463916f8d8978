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
    if "required" in schema:
        schema["required"] = [name for name in schema["required"] if name not in without]
    return schema


def _inline(node: Any, parts: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inline(item, parts) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inline(parts[node["$ref"].removeprefix(_SELF)], parts)
    return {key: _inline(value, parts) for key, value in node.items()}
