"""What the writer's desk may be asked: one schema for the command line and the HTTP API."""

from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator


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
