"""Validation errors in our own words, for each field of a request."""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from fastapi import Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query
from fastapi.routing import APIRoute
from pydantic import BaseModel

MOST_NAMED = 100
"""The most invalid fields to name: an import may have fifty thousand of them."""

_WHOLE, _NUMBER, _TEXT = "must be a whole number", "must be a number", "must be text"
_TIME = "must be a date and time, such as 2020-01-31T20:15:00Z"
_OBJECT = "must be a JSON object"
_WORDS = {
    "missing": "is missing",
    "json_invalid": "can't be read as JSON: {error}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "multiple_of": "must be a multiple of {multiple_of}",
    "finite_number": "must be a finite number",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_long": "must have at most {max_length} characters",
    "literal_error": "must be {expected}",
    "list_type": "must be a list",
    "too_long": "must have at most {max_length} items",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "datetime_object_invalid": _TIME,
    "timezone_aware": "must have a time zone, such as Z or +02:00",
    "value_error": "{error}",
}
_OTHER = "is invalid; /api/docs shows what is expected"


class InvalidFieldsError(Exception):
    """Invalid fields; `fields` maps their names to what is wrong."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in fields.items()))


class StrictRoute(APIRoute):
    """A route that refuses undeclared query parameters with 422, and names each."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler that checks the names of the parameters first."""
        handler = super().get_route_handler()
        parameters = get_flat_params(self.dependant)
        known = [each.alias for each in parameters if isinstance(each.field_info, Query)]

        async def handle(request: Request) -> Response:
            unknown = [name for name in request.query_params if name not in known]
            if unknown:
                raise InvalidFieldsError({name: _unknown(name, known) for name in unknown})
            return await handler(request)

        return handle


def fields_of(error: RequestValidationError, route: object) -> dict[str, str]:
    """Describe what is wrong with each field.

    Parameters
    ----------
    error : RequestValidationError
    route : object
        The route of the request, which declares the fields.

    Returns
    -------
    dict of str to str
        What is wrong, by field name.
    """
    return {_field(problem): _words(problem, route) for problem in error.errors()}


def _field(problem: Mapping[str, Any]) -> str:
    """Return the name of what is invalid: a parameter, a field of the body, or the body."""
    place: Sequence[object] = problem["loc"][1:]
    if not place or problem["type"] == "json_invalid":
        return "body"
    return ".".join(map(str, place))


def _words(problem: Mapping[str, Any], route: object) -> str:
    if problem["type"] == "extra_forbidden":
        *place, name = problem["loc"][1:]
        return _unknown(str(name), _names_at(place, route))
    if "UploadFile" in problem["msg"]:  # FastAPI gives it no type of its own
        return "must be a file"
    kind = problem["type"]
    # For text with a further validator, pydantic counts the characters as items.
    if kind == "too_long" and isinstance(problem["input"], str):
        kind = "string_too_long"
    return _WORDS.get(kind, _OTHER).format(**problem.get("ctx", {}))


def _names_at(place: Iterable[object], route: object) -> list[str]:
    """Return the names of the body's fields at a place, such as ratings, 0."""
    body = route.body_field if isinstance(route, APIRoute) else None
    model = None if body is None else _model_of(body.field_info.annotation)
    for step in place:
        if model is not None and isinstance(step, str):
            model = _model_of(model.model_fields[step].annotation)
    return [] if model is None else list(model.model_fields)


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model in an annotation such as list[Model] | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_of, get_args(annotation))), None)


def _unknown(name: str, known: Sequence[str]) -> str:
    if not known:
        return "is unknown; no parameters are expected"
    near = get_close_matches(name[:100], known, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"is unknown{hint}; expected one of: {', '.join(known)}"
