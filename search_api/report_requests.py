"""What a report on a library may be asked with."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from search_api.queries import Style

MAX_LISTED = 10_000


class ReportRequest(BaseModel):
    """The parameters of ``GET /v1/report``; unknown ones are refused. ``limit`` is that of each list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=MAX_LISTED, description="The most of each list.")] = 100
    style: Style = None
