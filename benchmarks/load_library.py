"""The index that a server is loaded with, about 25,000 passages, and questions of which none comes twice.

Made of SciFact's abstracts, the starter library and as many of NFCorpus' documents as it takes. The
questions are words of titles of two sources that lie apart, so that all of the library is asked about.
"""

import gzip
import itertools
import os
import random
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote_plus

from indexer.build import build
from indexer.generation import LIBRARY_FILE, IndexDirectory
from indexer.library import Library

PASSAGES = 25_000
_STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter"
_FILLING = 900


def library_index(work: Path) -> Path:
    """The index that ``FOOTNOTE_LOAD_INDEX`` names, made there where it is not; else one in ``work``."""
    index = Path(os.environ.get("FOOTNOTE_LOAD_INDEX", work / "index"))
    if IndexDirectory(index).current_name() is None:
        shared = Path(os.environ.get("FOOTNOTE_SHARED", "../shared")) / "eval"
        filling = work / "filling"
        filling.mkdir(parents=True, exist_ok=True)
        with gzip.open(shared / "nfcorpus" / "corpus.jsonl.gz", "rt", encoding="utf-8") as corpus:
            (filling / "corpus.jsonl").write_text("".join(itertools.islice(corpus, _FILLING)), "utf-8")
        build(index, [shared / "scifact" / "corpus.jsonl.gz", filling, _STARTER])
    return index


def passages_in(index: Path) -> int:
    """How many passages an index has."""
    return int(IndexDirectory(index).open().manifest.counts["passages"])


def texts_in(index: Path) -> Iterator[tuple[str, str]]:
    """Id and text of every passage, its title in front, as it is encoded."""
    with closing(Library(IndexDirectory(index).open().path / LIBRARY_FILE)) as library:
        for passage in library.passages(range(len(library.passage_sources))):
            yield passage.passage_id, f"{library.source(passage.source_id).title}\n{passage.text}"


def questions(index: Path, seed: int = 20261123) -> Iterator[str]:
    """Questions without end, each new."""
    with closing(Library(IndexDirectory(index).open().path / LIBRARY_FILE)) as library:
        titles = [re.findall(r"[\w-]+", source.title) for source in library.sources()]
    titles = [words for words in titles if len(words) > 4]
    chance, asked = random.Random(seed), set[str]()
    while True:
        first, second = (chance.choice(titles) for _ in range(2))
        one, other = (chance.randrange(len(words) - 3) for words in (first, second))
        question = f"Does {' '.join(first[one : one + 4])} change {' '.join(second[other : other + 3])}?"
        if question not in asked:
            asked.add(question)
            yield question


def addresses(asked: Iterator[str], route: str = "/v1/search") -> Iterator[str]:
    """The address that asks each question."""
    for question in asked:
        yield f"{route}?query={quote_plus(question)}&limit=10"
