"""Sources -> a reference list in a citation style, as text or as a list in HTML."""

from collections.abc import Sequence
from html import escape

from corpus.records import Source
from search_api.exports.keys import citation_keys
from search_api.reference_list import list_entries


def write(sources: Sequence[Source], style: str, html: bool) -> str:
    """The list in the order of the style, with its numbers; ``style`` is the name of a CSL style.

    In HTML each entry is an item whose id is ``ref-`` and the citation key. Raises `UnknownStyleError`.
    """
    entries = list_entries(sources, style)
    if not html:
        return "".join(f"{entry.line}\n" for entry in entries)
    keys = citation_keys(sources)
    items = [
        f'<li id="ref-{escape(keys[entry.source_id])}">'
        + (f'<span class="number">{escape(entry.label)}</span> ' if entry.label else "")
        + f"{entry.html}</li>\n"
        for entry in entries
    ]
    return f'<ul class="references">\n{"".join(items)}</ul>\n'
