"""What a search may ask for: the one schema that the command line and the HTTP API share."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic.config import JsonDict

from corpus.errors import ParameterError
from indexer.lexical import LexicalFilter
from indexer.terms import has_terms
from search_api.exports.formats import FORMATS
from search_api.sparse import unknown_fields

MAX_QUERY_CHARACTERS = 2000
MAX_LIMIT = 100

Model = TypeVar("Model", bound=BaseModel)

Year = Annotated[int, Field(ge=1000, le=3000)]
_STYLE_NAME = Annotated[str, Field(min_length=1, json_schema_extra={"format": "citation-style"})]
Style = Annotated[
    _STYLE_NAME | None, Field(description="Citation style: any CSL style, or apa, vancouver, ...")
]
_FORMAT_NAME = Annotated[str, Field(json_schema_extra={"enum": ["json", *FORMATS]})]
Format = Annotated[_FORMAT_NAME | None, Field(description="json, or the format of a file of the sources.")]

_LENGTH: JsonDict = {"minLength": 1, "maxLength": MAX_QUERY_CHARACTERS}
_EXCLUDED = ("none-known", "corrected", "republished")
_FLAGGED = ("retracted", "concern", "corrected", "republished")


class SearchQuery(BaseModel):
    """The parameters of a search; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: Annotated[
        str, Field(description="The question.", json_schema_extra={"format": "question", **_LENGTH})
    ]
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Results in one answer.")] = 10
    kind: Annotated[Literal["article", "study"] | None, Field(description="What a source is.")] = None
    study_type: Annotated[
        tuple[Annotated[str, Field(json_schema_extra={"format": "study-type"})], ...],
        Field(
            description="Designs of studies (RCT, cohort, ...), any of them; repeated, or joined by commas."
        ),
    ] = ()
    year_from: Annotated[Year | None, Field(description="First year of publication.")] = None
    year_to: Annotated[Year | None, Field(description="Last year of publication.")] = None
    container: Annotated[str | None, Field(description="Journal.")] = None
    integrity: Annotated[
        Literal["flag", "exclude", "only"],
        Field(description="Keep and warn of retracted and doubted work, leave it out, or nothing else."),
    ] = "flag"
    mode: Annotated[Literal["hybrid", "dense", "lexical"], Field(description="Which legs rank.")] = "hybrid"
    max_per_source: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Results from one source.")] = 2
    style: Style = None

    @field_validator("query")
    @classmethod
    def _asks_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be empty; ask a question")
        if len(value) > MAX_QUERY_CHARACTERS:
            raise ValueError(f"has {len(value)} characters, at most {MAX_QUERY_CHARACTERS}; shorten it")
        if not has_terms(value):
            raise ValueError("holds only symbols or common words; name what the question is about")
        return value

    @field_validator("query", "container")
    @classmethod
    def _is_text(cls, value: str | None) -> str | None:
        """A command line may hand on bytes that are no characters; no leg could take them."""
        try:
            (value or "").encode()
        except UnicodeEncodeError as error:
            raise ValueError("holds bytes that are not UTF-8 text; type it anew") from error
        return value

    @field_validator("study_type", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """``study_type=RCT,cohort`` and a repeated parameter both mean a list."""
        return _parts(value)

    @model_validator(mode="after")
    def _years_in_order(self) -> "SearchQuery":
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            raise ValueError(f"year_from={self.year_from} is after year_to={self.year_to}; swap them")
        return self

    def source_filter(self) -> LexicalFilter:
        """What a passage's source must satisfy."""
        statuses = {"flag": (), "exclude": _EXCLUDED, "only": _FLAGGED}[self.integrity]
        return LexicalFilter(
            kind=self.kind,
            study_types=self.study_type,
            year_from=self.year_from,
            year_to=self.year_to,
            container=self.container,
            statuses=statuses,
        )


class PagedQuery(SearchQuery):
    """A search that may ask for what comes after an earlier answer, and for some fields only."""

    cursor: Annotated[
        str | None,
        Field(
            description="`next_cursor` of the answer before; all else as in that request.",
            json_schema_extra={"format": "cursor"},
        ),
    ] = None
    fields: Annotated[
        tuple[Annotated[str, Field(json_schema_extra={"format": "field"})], ...],
        Field(
            description="Fields of a result; others are left out: `passage.text`, `source.citation`, ...; "
            "repeated, or joined by commas. `rank` and `warnings` always come."
        ),
    ] = ()
    facets: Annotated[bool, Field(description="Count what the sources near the question are.")] = False

    @field_validator("fields", mode="before")
    @classmethod
    def _listed_fields(cls, value: Any) -> Any:
        return _parts(value)

    @field_validator("fields")
    @classmethod
    def _are_fields(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name, nearest in unknown_fields(value):
            raise ValueError(f"{name[:60]!r} is no field of a result; use {nearest}")
        return value


class SearchRequest(PagedQuery):
    """A search over HTTP, whose answer may be a file of the sources."""

    format: Format = None


class StyleRequest(BaseModel):
    """What a record may be asked for with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    style: Style = None


class FileRequest(StyleRequest):
    """What a record may be asked for with that can be a file as well."""

    format: Format = None


class NoParameters(BaseModel):
    """For routes that take no parameter."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _parts(value: Any) -> Any:
    """What may be given as ``a,b`` or as a list, as a list; anything else as it is."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        return given
    return tuple(part.strip() for item in given for part in str(item).split(",") if part.strip())


def query_from(parameters: dict[str, Any]) -> SearchQuery:
    """The validated query; raises `ManyParametersError` naming every parameter that is out of its rule."""
    return validated(SearchQuery, parameters)


def validated(model: type[Model], parameters: dict[str, Any], strict: bool = False) -> Model:
    """The parameters as ``model`` has them; raises `ManyParametersError` naming each that breaks its rule.

    ``strict`` takes a number for a number only, as JSON can give it; an address has nothing but text.
    """
    given = {name: _whole(value) for name, value in parameters.items()} if strict else parameters
    try:
        return model.model_validate(given, strict=strict)
    except ValidationError as error:
        known = tuple(model.model_fields)
        raise ManyParametersError(
            [_as_parameter_error(fault, parameters, known) for fault in error.errors()]
        ) from error


class ManyParametersError(ParameterError):
    """One or more parameters out of their rules; ``faults`` has each."""

    def __init__(self, faults: list[ParameterError]) -> None:
        first = faults[0]
        super().__init__(first.field, first.given, first.rule, first.remedy)
        self.faults = faults


def _whole(value: Any) -> Any:
    """``10.0`` as the whole number that it is in JSON."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _one_of(known: tuple[str, ...]) -> str:
    return f"use one of {', '.join(known)}" if known else "leave it out"


def _as_parameter_error(fault: Any, parameters: dict[str, Any], known: tuple[str, ...]) -> ParameterError:
    field = str(fault["loc"][0]) if fault["loc"] else "year_from"
    given = str(parameters.get(field, ""))
    shown = given if len(given) <= 60 else given[:57] + "..."
    if fault["type"] == "extra_forbidden":
        return ParameterError(field, shown, "no parameter of that name", _one_of(known))
    if fault["type"] == "missing":
        return ParameterError(
            field, shown, "is required", "ask a question" if field == "query" else "give it"
        )
    message = str(fault["msg"]).removeprefix("Value error, ")
    rule, _, remedy = message.partition("; ")
    return ParameterError(field, shown, rule[:1].lower() + rule[1:], remedy or "give a value that fits")
