"""What a collection holds of a generation, and what it is called.

A collection is named ``<collection>_<generation>_<digest>_<encoding>``: generation and digest are those of
``index_version``, the encoding is a digest of the encoder's fingerprint and of this layout. The name is given
when all is there, so that a collection of that name is whole.

The words are our own terms, stemmed, so that Milvus counts what tantivy counts; its ``standard`` analyzer
then only parts them at blanks. Authors, year, journal and identifiers are a field of their own, as on disk:
counted together with the text, ten fewer of a hundred first results are the same (ARCHITECTURE.md).
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from corpus.errors import ParameterError
from corpus.records import Passage, Source
from indexer import lexical
from indexer.manifest import Manifest

#: Raise when a collection would hold other fields or other words for the same library.
_LAYOUT = 1
#: Up to here every vector is compared; beyond, a graph of neighbours is searched.
EXACT_UP_TO = 100_000
#: The graph: neighbours of a vector, and how many are weighed to find them (doi:10.1109/TPAMI.2018.2889473).
_GRAPH = {"M": 32, "efConstruction": 200}
_LONGEST_WORDS = 60_000
_LONGEST_VALUE = 200
#: Stands for no year; before every year that a filter can name.
NO_YEAR = -10_000
#: The outputs of the two BM25 functions.
TEXT_FIELD, NAMES_FIELD = "words_bm25", "names_bm25"
_NAME = "abcdefghijklmnopqrstuvwxyz0123456789_"


#: One passage as a collection holds it, by field.
Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of a collection and how they are indexed; ``words`` maps a text to its BM25 field."""

    key: str
    texts: dict[str, int]
    number: str
    words: dict[str, str]
    longest: int
    dense: str
    kind: str
    build: dict[str, Any]
    bm25: dict[str, float]
    analyzer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one library's collections in a cluster; ``collection`` is their alias."""

    collection: str

    def __post_init__(self) -> None:
        """Raise `ParameterError` where the alias is no name that Milvus takes."""
        name = self.collection
        if not name or set(name) - set(_NAME) or name[0].isdigit() or len(name) > 64:
            rule = "must be a name of small letters, digits and _ that begins with a letter"
            raise ParameterError("collection", name[:80], rule, "give another")

    def of(self, manifest: Manifest) -> str:
        """The collection of a generation."""
        return f"{self.collection}_{manifest.index_version.replace('-', '_')}_{encoding_of(manifest)}"

    def working(self, manifest: Manifest) -> str:
        """The collection that is being filled for a generation with that encoder."""
        return f"{self.collection}_loading_{encoding_of(manifest)}"

    def parsed(self, name: str) -> tuple[str, str] | None:
        """Index version and encoding of a collection of this library, None for any other."""
        parts = name.removeprefix(f"{self.collection}_").split("_")
        if not name.startswith(f"{self.collection}_") or len(parts) != 3 or not parts[0].isdigit():
            return None
        return f"{parts[0]}-{parts[1]}", parts[2]


def encoding_of(manifest: Manifest) -> str:
    """What decides whether two collections hold the same kind of entities, eight hexadecimal digits."""
    parts = (manifest.fingerprint, str(_LAYOUT), "exact" if _is_exact(manifest) else "graph")
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:8]


def _is_exact(manifest: Manifest) -> bool:
    return manifest.counts["passages"] <= EXACT_UP_TO


def layout_for(manifest: Manifest) -> Layout:
    """The fields and indexes of a generation's collection."""
    exact = _is_exact(manifest)
    return Layout(
        key="passage_id",
        texts={
            "state": 16,
            "kind": 16,
            "design": 4 * _LONGEST_VALUE,
            "container": 4 * _LONGEST_VALUE,
            "status": 32,
        },
        number="year",
        words={"words": TEXT_FIELD, "names": NAMES_FIELD},
        longest=65_535,
        dense="vector",
        kind="FLAT" if exact else "HNSW",
        build={} if exact else dict(_GRAPH),
        bm25={"bm25_k1": 1.2, "bm25_b": 0.75},
        analyzer={"tokenizer": "standard"},
    )


def entity(passage: Passage, source: Source, state: str, vector: object) -> Entity:
    """A passage as a collection holds it."""
    container = source.csl.get("container-title")
    return {
        "passage_id": passage.passage_id,
        "state": state,
        "kind": source.kind,
        "design": value(source.study.design) if source.study else "",
        "container": value(str(container)) if container else "",
        "status": source.integrity.status,
        "year": source.year if source.year is not None else NO_YEAR,
        "words": _words(lexical.matched_text(passage, source)),
        "names": _words(lexical.names_of(source)),
        "vector": vector,
    }


def state_of(*parts: str) -> str:
    """A digest of all that an entity is made of: equal digests, nothing to write again."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def value(text: str) -> str:
    """A text as a filter compares it: folded, blanks as one, only what is printed, cut to its length."""
    folded = " ".join(text.casefold().split())
    return "".join(c for c in folded if c.isprintable())[:_LONGEST_VALUE]


def word(stem: str) -> str:
    """A stem as one word of Milvus's analyzer, which would part 4.5 at its point."""
    return stem.replace(".", "dot")


def _words(text: str) -> str:
    joined = " ".join(map(word, lexical.stems(text)))
    # A passage is far shorter; a list of a thousand authors is not.
    return joined.encode()[:_LONGEST_WORDS].decode(errors="ignore")
