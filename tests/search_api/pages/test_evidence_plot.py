"""Evidence at a glance: each study once, at its year, in its design's row, apart from the others."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Cited, Mention, Passage, SearchHit, Source, Study
from search_api.pages.evidence_plot import WIDTH, evidence_plot


def _study(name: str, design: str, year: int | None) -> Source:
    csl = {"issued": {"date-parts": [[year]]}} if year else {}
    return Source(name, "study", csl, "", (), study=Study(design))


def _hit(source: Source, *cited: Source) -> SearchHit:
    passage = Passage("p", source.source_id, 0, 0, "", (), "paragraph")
    cites = tuple(Cited(Mention(0, 1, "marker", "1"), one) for one in cited)
    return SearchHit(1, 1.0, 0.5, {}, passage, source, cites, (), ())


_ARTICLE = Source("article:x", "article", {"issued": {"date-parts": [[2026]]}}, "", ())


def test_articles_are_no_evidence_but_the_studies_behind_them_are() -> None:
    plot = evidence_plot([_hit(_ARTICLE, _study("a", "RCT", 2004), _study("b", "cohort", 2010))])
    assert plot is not None
    assert [(row.design, row.count) for row in plot.rows] == [("RCT", 1), ("cohort", 1)]
    assert (plot.first, plot.last, plot.studies) == (2004, 2010, 2)
    assert not any(dot.direct for row in plot.rows for dot in row.dots)


def test_a_study_found_and_cited_counts_once_and_as_found() -> None:
    study = _study("a", "RCT", 2004)
    for hits in ([_hit(study), _hit(_ARTICLE, study)], [_hit(_ARTICLE, study), _hit(study)]):
        plot = evidence_plot(hits)
        assert plot is not None
        (dot,) = plot.rows[0].dots
        assert dot.direct


def test_studies_without_a_year_are_counted_beside_the_plot() -> None:
    plot = evidence_plot([_hit(_study("a", "RCT", 2004)), _hit(_study("b", "RCT", None))])
    assert plot is not None
    assert (plot.studies, plot.undated) == (1, 1)
    assert evidence_plot([_hit(_study("b", "RCT", None))]) is None
    assert evidence_plot([]) is None


def test_the_order_of_designs_is_fixed_and_unknown_ones_come_last() -> None:
    hits = [_hit(_study(d, d, 2004)) for d in ("zebra", "cohort", "meta-analysis", "unknown", "RCT")]
    plot = evidence_plot(hits)
    assert plot is not None
    designs = [row.design for row in plot.rows]
    assert designs == ["meta-analysis", "RCT", "cohort", "design not recorded", "zebra"]


@given(st.lists(st.tuples(st.sampled_from(["RCT", "cohort", "x"]), st.integers(1950, 2030)), max_size=40))
def test_no_two_studies_cover_each_other_and_none_leaves_the_plot(made: list[tuple[str, int]]) -> None:
    plot = evidence_plot([_hit(_study(f"s{n}", *one)) for n, one in enumerate(made)])
    if plot is None:
        assert not made
        return
    dots = [dot for row in plot.rows for dot in row.dots]
    assert len(dots) == len(made)
    for dot in dots:
        assert 0 < dot.x < WIDTH
        assert 0 < dot.y < plot.height
    for one, other in combinations(dots, 2):
        assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > 7.2**2
