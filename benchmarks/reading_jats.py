"""Reading JATS: articles a second on one core, of a generated article as long as an average trial report."""

import time
from pathlib import Path

from corpus.readers import jats
from corpus.records import Source

_SECTIONS = ("Background", "Methods", "Results", "Discussion")
_PARAGRAPHS, _REFERENCES, _ROWS, _COLUMNS = 10, 40, 12, 6
_HEAD = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving DTD v1.0 20120330//EN" "JATS.dtd">
<article article-type="research-article"><front><journal-meta><journal-title-group>
<journal-title>Journal of Generated Trials</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="doi">10.5555/generated.1</article-id>
<title-group><article-title>A generated trial of walking</article-title></title-group>
<contrib-group>{authors}</contrib-group>
<pub-date pub-type="epub"><day>1</day><month>2</month><year>2020</year></pub-date>
<abstract><sec><title>Background</title><p>Walking was compared with sitting in adults.</p></sec>
<sec><title>Results</title><p>Walking distance rose.</p></sec></abstract></article-meta></front>
"""
_AUTHOR = '<contrib contrib-type="author">{}</contrib>'
_NAME = "<name><surname>Walker{}</surname><given-names>W</given-names></name>"
_SENTENCE = (
    "Walking distance rose by 12% (95% CI 8 to 16) in the <italic>intervention</italic> group "
    '[<xref ref-type="bibr" rid="B{0}">{0}</xref>,<xref ref-type="bibr" rid="B{1}">{1}</xref>], and by '
    "3 km<sup>2</sup> among those who sat, as Table 1 shows for every centre of the trial. "
)
_TABLE = (
    "<table-wrap><label>Table {0}</label><caption><p>Walking distance</p></caption>"
    "<table><thead><tr>{1}</tr></thead><tbody>{2}</tbody></table></table-wrap>"
)
_REFERENCE = (
    '<ref id="B{0}"><label>{0}</label><element-citation publication-type="journal">'
    '<person-group person-group-type="author">{1}</person-group>'
    "<article-title>Distances of trial number {0} in older adults</article-title>"
    "<source>J Gen Trials</source><year>2010</year><volume>{0}</volume><fpage>1</fpage><lpage>9</lpage>"
    '<pub-id pub-id-type="doi">10.5555/walk.{0}</pub-id><pub-id pub-id-type="pmid">10{0}</pub-id>'
    "</element-citation></ref>"
)


def measure(work: Path) -> dict[str, object]:
    """Articles a second, of the core and of the wall, and the size of the article in kilobytes."""
    core, wall = _articles_per_second()
    return {
        "articles_per_second": round(core, 1),
        "articles_per_second_wall": round(wall, 1),
        "article_kb": round(len(generated_article()) / 1000),
    }


def _articles_per_second(articles: int = 40) -> tuple[float, float]:
    """Articles read in a second of processor time and of the wall, the medians of five rounds."""
    text = generated_article()
    rates = []
    for _ in range(5):
        began, began_wall = time.process_time(), time.perf_counter()
        for _ in range(articles):
            (source,) = jats.read(text, "generated.nxml")
            if not isinstance(source, Source) or len(source.references) != _REFERENCES:
                raise RuntimeError("the generated article was not read whole")
        rates.append(
            (articles / (time.process_time() - began), articles / (time.perf_counter() - began_wall))
        )
    return sorted(core for core, _ in rates)[2], sorted(wall for _, wall in rates)[2]


def generated_article() -> str:
    """An article with sections, citations, tables and references, about 70 kB of XML."""
    names = "".join(_NAME.format(n) for n in range(5))
    body = "".join(_section(name, number) for number, name in enumerate(_SECTIONS, start=1))
    references = "".join(_REFERENCE.format(number, names) for number in range(1, _REFERENCES + 1))
    head = _HEAD.format(authors=_AUTHOR.format(_NAME.format(1)) * 6)
    return f"{head}<body>{body}</body><back><ref-list>{references}</ref-list></back></article>"


def _section(name: str, number: int) -> str:
    paragraphs = "".join(
        "<p>" + "".join(_SENTENCE.format(1 + (at + n) % 39, 2 + (at + n) % 39) for n in range(3)) + "</p>"
        for at in range(_PARAGRAPHS)
    )
    header = "".join(f"<th>Column {column}</th>" for column in range(_COLUMNS))
    cells = "".join(f'<td align="left">{column}.5 ± 0.4</td>' for column in range(_COLUMNS))
    table = _TABLE.format(number, header, f"<tr>{cells}</tr>" * _ROWS)
    return f"<sec><title>{name}</title>{paragraphs}{table}</sec>"
