"""Checks an answer against the official description: types, nulls, enumerations, required and nested fields."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

DESCRIPTION = Path(__file__).parents[4] / "shared" / "openapi" / "intercom-2.10.yaml"
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def load_description():
    """The parsed description, or a skipped test where it is not at hand."""
    if not DESCRIPTION.exists():
        pytest.skip(f"no official description at {DESCRIPTION}")
    return yaml.load(DESCRIPTION.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


class Description:
    """The official description with its references resolved on the way."""

    def __init__(self):
        self.content = load_description()
        self.operations = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, methods in self.content["paths"].items()
            for method, operation in methods.items()
            if "operationId" in operation
        }

    def schema(self, operation_id, status=200):
        """The schema of an operation's JSON answer, None where there is none."""
        answer = self.operations[operation_id][2]["responses"].get(str(status), {})
        return answer.get("content", {}).get("application/json", {}).get("schema")

    def problems(self, schema, value, where) -> Iterator[tuple[str, str]]:
        """(place, what is wrong) of everything in a value that the schema does not allow."""
        while "$ref" in schema:
            schema = self.content["components"]["schemas"][schema["$ref"].split("/")[-1]]
        if value is None:
            if not schema.get("nullable"):
                yield where, "null"
            return
        for part in schema.get("allOf", []):
            yield from self.problems(part, value, where)
        choices = schema.get("oneOf") or schema.get("anyOf")
        if choices and all(list(self.problems(choice, value, where)) for choice in choices):
            yield where, f"none of the {len(choices)} choices"
        kind = schema.get("type")
        if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
            yield where, f"{type(value).__name__} instead of {kind}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield where, f"{value!r} is not in the enumeration"
        if isinstance(value, dict):
            yield from self._problems_of_object(schema, value, where)
        elif isinstance(value, list) and "items" in schema:
            for item in value:
                yield from self.problems(schema["items"], item, f"{where}[]")

    def _problems_of_object(self, schema, value, where):
        for name in schema.get("required", []):
            if name not in value:
                yield f"{where}.{name}", "missing"
        for name, inner in value.items():
            described = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if isinstance(described, dict):
                yield from self.problems(described, inner, f"{where}.{name}")
