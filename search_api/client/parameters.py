"""What a search may be asked for with, for the type checker; the service checks the values."""

from collections.abc import Sequence
from typing import Literal

from typing_extensions import TypedDict


class SearchParameters(TypedDict, total=False):
    """The parameters of a search besides the question; README.md says what each means."""

    limit: int
    kind: Literal["article", "study"]
    study_type: Sequence[str]
    year_from: int
    year_to: int
    container: str
    integrity: Literal["flag", "exclude", "only"]
    mode: Literal["hybrid", "dense", "lexical"]
    max_per_source: int
    style: str
    cursor: str
    fields: Sequence[str]
    facets: bool
