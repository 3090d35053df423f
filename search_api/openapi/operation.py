"""What a route says of itself in the OpenAPI document; set beside the route, read by `document.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import BaseModel

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE = "footnote_operation"


@dataclass(frozen=True, slots=True)
class Operation:
    """A route as its callers see it; its summary is the first line of the view's docstring.

    ``answer`` is the type of the JSON document, ``parameters`` and ``body`` the models of the query
    string and of the JSON body, ``exports`` whether the answer can be a file in one of the export formats
    instead, ``form`` names the file field of a form that may stand in place of the JSON. ``upload`` is the
    file field of a route whose body is a file or a form with one, ``job`` whether the answer comes before
    the work (202, and where to look for it). ``refuses`` adds statuses to those that follow from the rest;
    ``path`` describes the parameters in the address.
    """

    answer: Any
    tag: str
    parameters: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    exports: bool = False
    form: str | None = None
    upload: str | None = None
    job: bool = False
    needs_index: bool = True
    cached: bool = False
    refuses: tuple[HTTPStatus, ...] = ()
    path: Mapping[str, str] = field(default_factory=dict)


def described(operation: Operation) -> Callable[[View], View]:
    """A decorator that leaves a view as it is and notes what it is."""

    def noted(view: View) -> View:
        setattr(view, _ATTRIBUTE, operation)
        return view

    return noted


def operation_of(view: Callable[..., Any]) -> Operation | None:
    """What was noted of a view, None where nothing was."""
    found = getattr(view, _ATTRIBUTE, None)
    return found if isinstance(found, Operation) else None
