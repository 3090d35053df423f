"""What the writer's desk may be asked: one schema for the command line and the HTTP API."""

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, field_validator

from search_api.drafts.outputs.documents import BibliographyForm, OutputFormat
from search_api.queries import Style

MAX_SUGGESTIONS = 10


class CheckRequest(BaseModel):
    """A reference list to check: its text in any format, or CSL-JSON items."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    references: Annotated[
        str | list[dict[str, Any]],
        Field(
            description="A reference list: its text in any format, or CSL-JSON items.",
            json_schema_extra={"format": "reference-list", "minItems": 1, "minLength": 1},
        ),
    ]
    name: Annotated[str, Field(description="The name of its file, for telling the format.")] = ""
    style: Style = None

    @field_validator("references")
    @classmethod
    def _holds_something(cls, value: str | list[dict[str, Any]]) -> str | list[dict[str, Any]]:
        if not value or (isinstance(value, str) and not value.strip()):
            raise ValueError("must not be empty; give a reference list")
        return value


class CiteOptions(BaseModel):
    """How a draft is to be cited; ``format`` says what is made besides the report.

    ``unjudged`` puts sources into the draft as well whose record says neither yes nor no to the claim.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Annotated[
        Literal["report", "json", "markdown", "docx", "html", "pandoc", "latex"],
        Field(description="What is made besides the report: the draft with citations in that format."),
    ] = "json"
    style: Style = None
    suggestions: Annotated[int, Field(ge=1, le=MAX_SUGGESTIONS, description="Sources for a claim.")] = 3
    bibliography: Annotated[
        BibliographyForm, Field(description="The format of the bibliography beside a draft.")
    ] = "bibtex"
    unjudged: Annotated[
        bool, Field(description="Put sources in as well whose record says neither yes nor no.")
    ] = False

    def output_format(self) -> OutputFormat:
        """The format of the draft with citations; only for formats that hold one."""
        return cast(OutputFormat, self.format)

    @property
    def wants_output(self) -> bool:
        """Whether the draft with citations is asked for, beside the report."""
        return self.format not in ("report", "json")


class CiteRequest(CiteOptions):
    """A draft as text, with its name where it has one (``draft.md``)."""

    draft: Annotated[str, Field(description="The text.", json_schema_extra={"format": "draft"})]
    name: Annotated[str, Field(description="The name of its file, for telling the format.")] = ""

    @field_validator("draft")
    @classmethod
    def _is_text(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty; give a text")
        return value
