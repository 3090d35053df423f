"""What our compiled styles print against what plain citeproc-py prints, in every style with a reference list.

Four works: an article with all fields, one without volume and pages, one by two authors, a page by a group.
Each pair counts as *identical*; as *alike*, where only the capitals of titles, blanks and full stops, or what
`styling/manuals.py` mends by intent differ; as *citeproc_fails*, where citeproc-py raises and ours prints;
or as *different*, which is listed by style.
"""

from collections import Counter
from pathlib import Path

from search_api.citations import cite_of, cited_work
from search_api.styling.marked_text import plain
from search_api.styling.styles import LOCK, LoadedStyle, available, loaded_style
from tests.search_api.styling.plain_citeproc import PlainCiteproc
from tests.search_api.styling.test_compiling import comparable
from tests.search_api.styling_of_lists import work as record

_RECORDS = ("geleijnse2004", "saritas2022", "kakkos2018", "nocturnal-leg-cramps")


def measure(work: Path) -> dict[str, object]:
    """How many entries agree, over all styles; takes some ten minutes."""
    counts: Counter[str] = Counter(dict.fromkeys(("identical", "alike", "citeproc_fails", "different"), 0))
    different: set[str] = set()
    styles = 0
    for name in available():
        loaded = loaded_style(name)
        if not loaded.has_bibliography:
            continue
        styles += 1
        reference = PlainCiteproc(name)
        for key in _RECORDS:
            verdict = _compared(loaded, reference, key)
            counts[verdict] += 1
            if verdict == "different":
                different.add(name)
    return {"styles": styles, "entries": sum(counts.values()), **counts, "different_in": sorted(different)}


def _compared(style: LoadedStyle, reference: PlainCiteproc, key: str) -> str:
    source = record(key)
    with LOCK:
        ours = plain(style.entry(cite_of(style, cited_work(style, source))) or "")
    try:
        theirs = reference.entry(source)
    except AttributeError:  # its strings cannot change their case everywhere
        return "citeproc_fails"
    if ours == theirs:
        return "identical"
    return "alike" if comparable(ours, style.name) == comparable(theirs, style.name) else "different"
