"""What the writer's desk may be asked: one schema for the command line and the HTTP API."""

from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, field_validator

from search_api.drafts.outputs.documents import BibliographyForm, OutputFormat

MAX_SUGGESTIONS = 10


class CheckRequest(BaseModel):
    """A reference list to check: its text in any format, or CSL-JSON items."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    references: str | list[dict[str, Any]]
    name: str = ""
    style: str | None = None

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

    format: Literal["report", "json", "markdown", "docx", "html", "pandoc", "latex"] = "json"
    style: str | None = None
    suggestions: Annotated[int, Field(ge=1, le=MAX_SUGGESTIONS)] = 3
    bibliography: BibliographyForm = "bibtex"
    unjudged: bool = False

    def output_format(self) -> OutputFormat:
        """The format of the draft with citations; only for formats that hold one."""
        return cast(OutputFormat, self.format)

    @property
    def wants_output(self) -> bool:
        """Whether the draft with citations is asked for, beside the report."""
        return self.format not in ("report", "json")


class CiteRequest(CiteOptions):
    """A draft as text, with its name where it has one (``draft.md``)."""

    draft: str
    name: str = ""

    @field_validator("draft")
    @classmethod
    def _is_text(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty; give a text")
        return value
