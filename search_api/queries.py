"""What a search may ask for: the one schema that the command line and the HTTP API share."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from corpus.errors import ParameterError
from indexer.lexical import LexicalFilter
from indexer.terms import has_terms

MAX_QUERY_CHARACTERS = 2000
MAX_LIMIT = 100

Model = TypeVar("Model", bound=BaseModel)

_EXCLUDED = ("none-known", "corrected", "republished")
_FLAGGED = ("retracted", "concern", "corrected", "republished")


class SearchQuery(BaseModel):
    """The parameters of a search; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: str
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 10
    kind: Literal["article", "study"] | None = None
    study_type: tuple[str, ...] = ()
    year_from: Annotated[int, Field(ge=1000, le=3000)] | None = None
    year_to: Annotated[int, Field(ge=1000, le=3000)] | None = None
    container: str | None = None
    integrity: Literal["flag", "exclude", "only"] = "flag"
    mode: Literal["hybrid", "dense", "lexical"] = "hybrid"
    max_per_source: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 2
    style: str | None = None

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
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list | tuple):
            return given
        return tuple(part.strip() for item in given for part in str(item).split(",") if part.strip())

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


class SearchRequest(SearchQuery):
    """A search over HTTP, whose answer may be a file: ``format`` is the name of an export format."""

    format: str | None = None


def query_from(parameters: dict[str, Any]) -> SearchQuery:
    """The validated query; raises `ManyParametersError` naming every parameter that is out of its rule."""
    return validated(SearchQuery, parameters)


def validated(model: type[Model], parameters: dict[str, Any]) -> Model:
    """The parameters as ``model`` has them; raises `ManyParametersError` naming each that breaks its rule."""
    try:
        return model.model_validate(parameters)
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


def _as_parameter_error(fault: Any, parameters: dict[str, Any], known: tuple[str, ...]) -> ParameterError:
    field = str(fault["loc"][0]) if fault["loc"] else "year_from"
    given = str(parameters.get(field, ""))
    shown = given if len(given) <= 60 else given[:57] + "..."
    if fault["type"] == "extra_forbidden":
        return ParameterError(field, shown, "no parameter of that name", f"use one of {', '.join(known)}")
    if fault["type"] == "missing":
        return ParameterError(
            field, shown, "is required", "ask a question" if field == "query" else "give it"
        )
    message = str(fault["msg"]).removeprefix("Value error, ")
    rule, _, remedy = message.partition("; ")
    return ParameterError(field, shown, rule[:1].lower() + rule[1:], remedy or "give a value that fits")
