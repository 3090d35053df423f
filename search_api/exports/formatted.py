"""Sources -> a reference list in a citation style, as text or HTML."""

from collections.abc import Sequence

from corpus.records import Source
from search_api.citations import format_citation


def write(sources: Sequence[Source], style: str, html: bool) -> str:
    """The entries in the style; ``style`` is the name of a CSL style."""
    return "".join(f"{format_citation(source, style)}\n" for source in sources)
