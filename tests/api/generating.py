"""A client generated from the OpenAPI document alone, with a function for each operation."""

import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

Schema = Mapping[str, Any]

_HEAD = '''
"""Generated from an OpenAPI document."""

from typing import Any, Literal, Required

from httpx import Client
from pydantic import TypeAdapter
from typing_extensions import TypedDict


class Refused(Exception):
    def __init__(self, status: int, problem: Any) -> None:
        super().__init__(status, problem)
        self.status, self.problem = status, problem


def _call(client: Client, kind: Any, method: str, path: str, params: Any, **body: Any) -> Any:
    given = {name: each for name, each in params.items() if each is not None}
    answer = client.request(method, path, params=given, **body)
    if answer.status_code >= 400:
        raise Refused(answer.status_code, answer.json())
    if kind is None or kind is str:
        return answer.text or None
    return TypeAdapter(kind).validate_python(answer.json())
'''
_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict[str, Any]",
}
_BODIES = {
    "application/json": "json",
    "application/x-www-form-urlencoded": "data",
    "multipart/form-data": "files",
}


def client_of(document: Schema) -> ModuleType:
    """Build a module with a function for each operation and a type for each schema."""
    module = ModuleType("five_films_client")
    sys.modules[module.__name__] = module  # where pydantic looks up type names
    exec(source_of(document), vars(module))
    return module


def source_of(document: Schema) -> str:
    """Return the module's source."""
    types = [_class(name, each) for name, each in document["components"]["schemas"].items()]
    functions = [
        _function(path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    return "\n\n".join([_HEAD, *types, *functions])


def _class(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return f"{name} = {_type(schema)}"
    required = schema.get("required", [])
    lines = [f"class {name}(TypedDict, total=False):", f"    {schema.get('description', '')!r}"]
    for field, each in schema["properties"].items():
        kind = f"Required[{_type(each)}]" if field in required else _type(each)
        lines.append(f"    {field}: {kind!r}")
    return "\n".join(lines)


def _function(path: str, method: str, operation: Schema) -> str:
    parameters = operation.get("parameters", [])
    takes = [
        f"{each['name']}: {_type(each['schema'])}" for each in parameters if each.get("required")
    ]
    takes += [
        f"{each['name']}: {_type(each['schema'])} | None = None"
        for each in parameters
        if not each.get("required")
    ]
    gives = next(_answers(operation), "None")
    query = [each["name"] for each in parameters if each["in"] == "query"]
    sends = ", ".join(f"{name!r}: {name}" for name in query)
    body = ""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        takes.insert(0, f"body: {_type(content['schema'])!r}")
        body = f", {_BODIES[media]}=body"
    return "\n".join(
        (
            f"def {operation['operationId']}({', '.join(['client: Client', '*', *takes])})"
            f" -> {gives!r}:".replace(", *)", ")"),
            f"    {operation['description']!r}",
            f"    return _call(client, {gives}, {method.upper()!r}, f{'/api' + path!r}, "
            f"{{{sends}}}{body})",
        )
    )


def _answers(operation: Schema) -> Iterator[str]:
    """Yield the types of the successful responses."""
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            for content in answer.get("content", {}).values():
                yield _type(content["schema"])


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return f"Literal{schema.get('enum') or [schema['const']]}"
    if schema.get("type") == "array":
        return f"list[{_type(schema['items'])}]"
    if schema.get("format") == "binary" or "contentMediaType" in schema:
        return "bytes"
    return _TYPES.get(schema.get("type", ""), "Any")
