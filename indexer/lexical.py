"""tantivy: the BM25 leg, one document per passage, its id the passage's row.

BM25 as in doi:10.1561/1500000019 with tantivy's fixed k1 = 1.2 and b = 0.75. Terms are made by
`indexer.terms` on both sides; tantivy only stems them (Porter2) and counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy

from corpus.errors import IndexDamagedError
from corpus.records import Passage, Source
from indexer.encoder import Vectors
from indexer.terms import terms

FOLDER = "lexical"
#: Share of a match on authors, year, journal and identifiers against one on the text.
NAMES_WEIGHT = 0.5
_ANALYZER = "footnote"
_WRITER_BYTES = 128 * 1024 * 1024
#: A longer term is counted nowhere, in bytes.
_LONGEST_TERM = 80


@dataclass(frozen=True, slots=True)
class LexicalFilter:
    """What a passage's source must satisfy; empty fields ask for nothing."""

    kind: str | None = None
    study_types: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    container: str | None = None
    statuses: tuple[str, ...] = ()

    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == LexicalFilter()


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=False, indexed=True, fast=True)
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("names", tokenizer_name=_ANALYZER, index_option="freq")
    for name in ("kind", "design", "container", "status"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("year", indexed=True, fast=True)
    return builder.build()


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    builder = builder.filter(tantivy.Filter.remove_long(_LONGEST_TERM))
    return builder.filter(tantivy.Filter.stemmer("english")).build()


class LexicalWriter:
    """Fills the ``lexical/`` folder of a generation that is being built."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index(_schema(), path=str(folder))
        self._index.register_tokenizer(_ANALYZER, _analyzer())
        # One thread: the order of documents, and so of ties, is the order of rows.
        self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)

    def add(self, row: int, passage: Passage, source: Source) -> None:
        """Add a passage under its row."""
        self.add_terms(row, source, terms(matched_text(passage, source)), terms(names_of(source)))

    def add_terms(self, row: int, source: Source, text: Iterable[str], names: Iterable[str]) -> None:
        """Add a passage of a source by the terms of its text and those of the source's names."""
        document = tantivy.Document()
        document.add_unsigned("row", row)
        document.add_text("text", " ".join(text))
        document.add_text("names", " ".join(names))
        document.add_text("kind", source.kind)
        document.add_text("status", source.integrity.status)
        if source.study is not None:
            document.add_text("design", source.study.design.casefold())
        container = source.csl.get("container-title")
        if container:
            document.add_text("container", str(container).casefold())
        if source.year is not None:
            document.add_integer("year", source.year)
        self._writer.add_document(document)

    def close(self) -> None:
        """Commit and wait until the segments are on disk."""
        self._writer.commit()
        self._writer.wait_merging_threads()


def matched_text(passage: Passage, source: Source) -> str:
    """What the lexical leg sees of a passage: title, section and text."""
    return " ".join((source.title, *passage.section, passage.text))


def names_of(source: Source) -> str:
    """Authors, year, journal and identifiers, as someone who knows the study would type them."""
    csl = source.csl
    authors = [str(a.get("family") or a.get("literal") or "") for a in csl.get("author", [])]
    fields = [*authors, csl.get("container-title"), source.year, csl.get("DOI"), csl.get("PMID"), source.key]
    return " ".join(str(value) for value in fields if value)


class LexicalIndex:
    """The lexical leg of a published generation."""

    def __init__(self, folder: Path) -> None:
        """Open ``folder``; raises `IndexDamagedError` where tantivy cannot."""
        try:
            self._index = tantivy.Index.open(str(folder))
            self._index.register_tokenizer(_ANALYZER, _analyzer())
            self._schema = self._index.schema
            self._searcher = self._index.searcher()
        except (ValueError, OSError) as error:
            raise IndexDamagedError(
                str(folder), "not a readable tantivy index", "run footnote verify, then footnote rollback"
            ) from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self,
        question: str,
        depth: int,
        where: LexicalFilter | None = None,
        added: Mapping[str, float] | None = None,
    ) -> tuple[npt.NDArray[np.int64], Vectors]:
        """The rows that match best with their BM25 scores, best first, at most ``depth``.

        ``where`` is part of the query, so it is applied before the top is taken. ``added`` are stems besides
        the question's, with their weights. Draws are in order of row.
        """
        stems = self.stems(question)
        if not stems:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        hits = self._searcher.search(self._query(stems, where, added or {}), limit=depth, count=False).hits
        addresses = [address for _, address in hits]
        rows = self._searcher.fast_field_values("row", addresses) if addresses else []
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        found = np.array([int(row) for row in rows], dtype=np.int64)
        order = np.lexsort((found, -scores))
        return found[order], scores[order]

    def stems(self, text: str) -> list[str]:
        """The distinct stemmed terms of a text, in order of first occurrence."""
        return list(dict.fromkeys(stems(text)))

    def frequencies(self, question: str) -> dict[str, int]:
        """The stems of a question, each with the number of passages whose text holds it."""
        return {stem: self._searcher.doc_freq("text", stem) for stem in self.stems(question)}

    def rarity(self, frequency: int) -> float:
        """The weight of a stem that ``frequency`` passages hold, above 0; a rarer stem has a higher one.

        The inverse document frequency of BM25 (doi:10.1561/1500000019).
        """
        return float(np.log1p((max(len(self), 1) - frequency + 0.5) / (frequency + 0.5)))

    def _query(self, stems: list[str], where: LexicalFilter | None, added: Mapping[str, float]) -> Any:
        should, must = tantivy.Occur.Should, tantivy.Occur.Must
        clauses = []
        for stem in stems:
            clauses.append((should, tantivy.Query.term_query(self._schema, "text", stem, "freq")))
            names = tantivy.Query.term_query(self._schema, "names", stem, "freq")
            clauses.append((should, tantivy.Query.boost_query(names, NAMES_WEIGHT)))
        for stem, weight in added.items():
            word = tantivy.Query.term_query(self._schema, "text", stem, "freq")
            clauses.append((should, tantivy.Query.boost_query(word, weight)))
        matching = tantivy.Query.boolean_query(clauses)
        if where is None or where.is_empty():
            return matching
        conditions = [
            (must, tantivy.Query.const_score_query(condition, 0.0)) for condition in self._conditions(where)
        ]
        return tantivy.Query.boolean_query([(must, matching), *conditions])

    def _conditions(self, where: LexicalFilter) -> list[Any]:
        conditions = []
        for field, values in (
            ("kind", (where.kind,) if where.kind else ()),
            ("design", where.study_types),
            ("container", (where.container,) if where.container else ()),
            ("status", where.statuses),
        ):
            if values:
                folded = [value.casefold() for value in values]
                conditions.append(tantivy.Query.term_set_query(self._schema, field, folded))
        if where.year_from is not None or where.year_to is not None:
            conditions.append(
                tantivy.Query.range_query(
                    self._schema,
                    "year",
                    tantivy.FieldType.Integer,
                    where.year_from if where.year_from is not None else -9999,
                    where.year_to if where.year_to is not None else 9999,
                )
            )
        return conditions


def stems(text: str) -> list[str]:
    """The stemmed terms of a text, in order, as the index counts them."""
    analyzed: list[str] = _analyzer().analyze(" ".join(terms(text)))
    return analyzed


def counted_terms(text: str) -> list[str]:
    """The terms of a text of which `stem` knows a stem, in order."""
    return [term for term in terms(text) if len(term) < _LONGEST_TERM // 4 or _is_counted(term)]


def _is_counted(term: str) -> bool:
    return len(term.encode()) < _LONGEST_TERM


def stem(term: str) -> str:
    """The stem of one of `counted_terms`."""
    analyzed: list[str] = _analyzer().analyze(term)
    return analyzed[0]


@lru_cache(maxsize=16_384)
def stem_set(text: str) -> frozenset[str]:
    """The stems of a text, each once; remembered, for the same sentences are looked at again and again."""
    return frozenset(stems(text))
