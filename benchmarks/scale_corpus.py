"""A collection of any size with the words and neighbourhoods of the starter library.

Text: each source is an abstract of ten sentences, six of ten from one source of the starter library, the
others from all of it. Of the words of five letters and more every seventh gives way to one of 300,000
invented words, made of pieces of real ones and drawn by Zipf's law (exponent 1), so that the vocabulary grows
with the collection.
Sources are PubMed XML, with year, journal and publication type.

Vectors: encoding a million made-up passages would take hours and mean nothing. So a text's vector is
drawn: the real vector of a starter passage, moved for the source, moved for the passage. Moves have the
covariance of the real vectors; `SPREADS` says how far, set so that the cosines within a source (median
0.73, of the starter library's 0.74) and of a question with its answer (0.69; there the best passage has
0.64) are near the real ones. Cosines of different sources are lower than real ones (0.19 for 0.33):
there, all are about one subject. A text is known by the registration number in its title, so that the
same text always has the same vector.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from corpus.passages import encoded_form, fitting_context, split
from corpus.reading import read_paths
from corpus.records import Skipped
from corpus.sentences import sentence_spans
from indexer.encoder import OpenVinoEncoder, Vectors

STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter"
#: How far a source lies from its topic, a passage from its source, a question from its passage.
SPREADS = {"source": 0.8, "passage": 0.8, "question": 1.4}
SENTENCES = 10
#: Passages that ten sentences make, about.
PASSAGES_A_SOURCE = 4.5
SOURCES_A_FILE = 5_000
JOURNALS = 100
_INVENTED = 300_000
_SEED = 20261122
_NUMBER = re.compile(r"NCT(\d{8})", re.IGNORECASE)
_TYPES = (
    "Randomized Controlled Trial",
    "Journal Article",
    "Systematic Review",
    "Meta-Analysis",
    "Journal Article",
    "Case Reports",
    "Letter",
    "Journal Article",
)


@dataclass(frozen=True)
class Topics:
    """What the starter library lends: real vectors, their covariance, sentences, pieces of words.

    ``vectors`` is ``(topics, dim)``, ``moves`` maps normal draws to moves, ``(dim, dim)``; ``sentences``
    holds those of each starter source as words, ``source_of`` says of which each topic is.
    """

    vectors: Vectors
    moves: Vectors
    sentences: tuple[tuple[tuple[str, ...], ...], ...]
    source_of: tuple[int, ...]
    invented: tuple[str, ...]


def topics(encoder: OpenVinoEncoder, kept: Path) -> Topics:
    """Encode the starter library's passages, once, into the file ``kept``, and take its sentences apart."""
    sources = [found for found in read_paths([STARTER]) if not isinstance(found, Skipped)]
    texts, source_of, sentences = [], [], []
    for source in sources:
        passages = split(source, encoder.count_tokens, encoder.max_tokens).passages
        if not passages:
            continue
        for passage in passages:
            context = fitting_context(source.title, passage.section, encoder.count_tokens, encoder.max_tokens)
            texts.append(encoded_form(*context, passage.text))
            source_of.append(len(sentences))
        parts = [p.text[start:end] for p in passages for start, end in sentence_spans(p.text)]
        sentences.append(tuple(tuple(part.split()) for part in dict.fromkeys(parts)))
    if not kept.exists():
        np.save(kept, encoder.encode_passages(texts))
    vectors = np.load(kept)
    centred = vectors - vectors.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    moves = (sizes / np.sqrt(len(vectors)))[:, None] * directions
    return Topics(
        vectors, moves.astype(np.float32), tuple(sentences), tuple(source_of), _invented_words(sentences)
    )


def is_made_up(text: str) -> bool:
    """Whether a text has a registration number, and so a vector that can be drawn."""
    return _NUMBER.search(text) is not None


def _invented_words(sentences: Sequence[Sequence[Sequence[str]]]) -> tuple[str, ...]:
    """Words that nobody wrote, from the halves of those that somebody did, in order of rank."""
    rng = np.random.default_rng(_SEED)
    words = {word for of in sentences for part in of for word in part}
    real = sorted(word for word in words if word.isalpha() and word.islower() and len(word) > 6)
    fronts = sorted({word[: len(word) // 2 + 1] for word in real})
    backs = sorted({word[len(word) // 2 :] for word in real})
    made: dict[str, None] = {}
    while len(made) < _INVENTED:
        first, second, last = (rng.integers(len(of), size=100_000) for of in (fronts, fronts, backs))
        parts = zip(first, second, last, strict=True)
        made |= dict.fromkeys(fronts[a][:3] + fronts[b][:3] + backs[c] for a, b, c in parts)
    return tuple(made)[:_INVENTED]


class SimulatedVectors:
    """Draws the vectors of made-up texts."""

    def __init__(self, given: Topics) -> None:
        self._topics = given

    def topic_of(self, number: int) -> int:
        """The topic of a source; some have three times as many sources as others."""
        share = float(np.random.default_rng([_SEED, number]).random())
        return int(share**1.5 * len(self._topics.vectors))

    def of_texts(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each made-up text, ``(texts, dim)``."""
        numbers = [int(_NUMBER.findall(text)[0]) for text in texts]
        distinct = sorted(set(numbers))
        centres = dict(zip(distinct, self._centres(distinct), strict=True))
        seeds = [zlib.crc32(text.encode()) for text in texts]
        return self._moved(np.stack([centres[n] for n in numbers]), seeds, SPREADS["passage"])

    def of_titles(self, texts: Sequence[str]) -> Vectors:
        """The vectors of titles asked as questions, ``(texts, dim)``."""
        numbers = [int(_NUMBER.findall(text)[0]) for text in texts]
        return self._moved(self._centres(numbers), [n + 2**34 for n in numbers], SPREADS["question"])

    def of_question(self, passage: Vectors, number: int) -> Vectors:
        """The unit vector of a question that a passage answers, ``(dim,)``."""
        return self._moved(passage[None, :], [number + 2**32], SPREADS["question"])[0]

    def _centres(self, numbers: Sequence[int]) -> Vectors:
        real = self._topics.vectors[[self.topic_of(number) for number in numbers]]
        return self._moved(real, [number + 2**33 for number in numbers], SPREADS["source"])

    def _moved(self, vectors: Vectors, seeds: Sequence[int], spread: float) -> Vectors:
        drawn = [np.random.default_rng([_SEED, s]).standard_normal(len(self._topics.moves)) for s in seeds]
        moved = vectors + spread * (np.stack(drawn).astype(np.float32) @ self._topics.moves)
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


class Writer:
    """Writes made-up sources; the same number is always the same source, unless its version is another."""

    def __init__(self, given: Topics) -> None:
        self._topics = given
        self._simulated = SimulatedVectors(given)
        self._all = tuple(sentence for of in given.sentences for sentence in of)

    def write(self, folder: Path, passages: int) -> int:
        """Files of sources that make about so many passages; returns how many sources."""
        folder.mkdir(parents=True)
        count = round(passages / PASSAGES_A_SOURCE)
        for begin in range(0, count, SOURCES_A_FILE):
            numbers = range(begin + 1, min(begin + SOURCES_A_FILE, count) + 1)
            self.write_file(folder / f"made{begin // SOURCES_A_FILE:04d}.xml", numbers)
        return count

    def write_file(self, path: Path, numbers: Sequence[int] | range, version: int = 0) -> None:
        """One file with the sources of some numbers."""
        with path.open("w", encoding="utf-8") as file:
            file.write('<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n')
            file.writelines(self._record(number, version) for number in numbers)
            file.write("</PubmedArticleSet>\n")

    def _record(self, number: int, version: int) -> str:
        rng = np.random.default_rng([_SEED + version, number, 1])
        title, sentences = self._text(number, rng)
        year, journal = 1960 + int(66 * rng.random() ** 0.5), int(rng.integers(JOURNALS))
        type_ = _TYPES[int(rng.integers(len(_TYPES)))]
        return (
            f'<PubmedArticle><MedlineCitation><PMID Version="1">{50_000_000 + number}</PMID><Article>'
            f"<Journal><JournalIssue><PubDate><Year>{year}</Year></PubDate></JournalIssue>"
            f"<Title>Archives of Made-up Medicine {journal}</Title></Journal>"
            f"<ArticleTitle>{escape(title)}</ArticleTitle>"
            f"<Abstract><AbstractText>{escape(' '.join(sentences))}</AbstractText></Abstract>"
            f"<AuthorList><Author><LastName>{self._name(rng)}</LastName><ForeName>A</ForeName></Author>"
            f"<Author><LastName>{self._name(rng)}</LastName><ForeName>B</ForeName></Author></AuthorList>"
            f"<PublicationTypeList><PublicationType>{type_}</PublicationType></PublicationTypeList>"
            "</Article></MedlineCitation></PubmedArticle>\n"
        )

    def _text(self, number: int, rng: np.random.Generator) -> tuple[str, list[str]]:
        own = self._topics.sentences[self._topics.source_of[self._simulated.topic_of(number)]]
        chosen = [
            own[int(draw * len(own))] if near < 0.6 else self._all[int(draw * len(self._all))]
            for near, draw in rng.random((SENTENCES + 1, 2))
        ]
        written = [self._varied(words, rng) for words in chosen]
        return f"NCT{number:08d}: {' '.join(written[0].split()[:12]).rstrip('.,;')}", written[1:]

    def _varied(self, words: Sequence[str], rng: np.random.Generator) -> str:
        """A sentence with every seventh longer word replaced."""
        varied = list(words)
        for place, draw in enumerate(rng.random(len(words)) * 7):
            if draw < 1 and len(words[place]) > 4 and words[place].isalpha():
                varied[place] = self._invented(float(draw))
        return " ".join(varied)

    def _invented(self, draw: float) -> str:
        """The word of a rank drawn by Zipf's law: the logarithm of the rank is even."""
        return self._topics.invented[int(_INVENTED**draw) - 1]

    def _name(self, rng: np.random.Generator) -> str:
        return self._invented(float(rng.random())).capitalize()


def questions(passages: Iterator[str], rng: np.random.Generator) -> Iterator[str]:
    """A question for each passage: every other word of its first sentence, eight to twelve of them."""
    for text in passages:
        words = text.split()[:40]
        kept = np.sort(rng.permutation(len(words))[: int(rng.integers(8, 13))])
        yield "What is known of " + " ".join(words[place] for place in kept)
