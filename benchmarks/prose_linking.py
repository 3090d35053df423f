"""Linking of studies named in prose: the fit behind the weights, precision and recall, and speed.

``prose_mentions.jsonl`` has the mentions: odd lines tune, even lines test. An annotated mention counts as
found where a mention that overlaps it was made, and is right where that one resolved to the answer. Precision
is over the resolved ones, recall over those that have an answer.

The weights of `corpus.prose_linking` are fitted on the odd lines and, with less weight, on the sentences of
the starter articles that cite one study, without their markers. Each is used a second time with its study
taken out of the library, so that the fit sees what it looks like when the right study is not there.
Sentences of even lines are left out. The weights are drawn towards values that were set by hand before.
"""

import json
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.linking import Catalogue, link
from corpus.prose_linking import THRESHOLD, WEIGHTS, candidates, resolve
from corpus.prose_mentions import Clues, ProseMention, mentions_in
from corpus.reading import read_paths
from corpus.records import UNQUOTED_KINDS, Block, Source
from corpus.sentences import sentence_spans
from corpus.study_profiles import StudyProfiles

_STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter"
_ANNOTATED = Path(__file__).parent / "prose_mentions.jsonl"
_THRESHOLDS = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)
#: The values that the fit starts from and is drawn towards.
_START = {
    "constant": -3.7,
    "year": 1.8,
    "year_in_sentence": 1.1,
    "author": 0.8,
    "author_without_year": -1.5,
    "given_name": 1.0,
    "name": 0.5,
    "name_of_trial": 0.8,
    "size": 0.65,
    "country": 1.0,
    "journal": 1.6,
    "figures": 0.7,
    "phrase": 1.4,
    "context": 1.2,
    "nearby": 0.3,
    "missing": -2.0,
    "subject_alone": -0.75,
}
_PULL = 0.5
_WEIGHT_OF_ARTICLES = 0.3
_LIBRARY, _ARTICLES = 10_000, 500


@dataclass(frozen=True, slots=True)
class Annotated:
    """A line of the annotation: a mention in its text, and the study that is meant, or none."""

    text: str
    start: int
    end: int
    answer: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an annotated mention: the best candidate and its confidence, none where none fits."""

    answer: str | None
    best: str | None
    confidence: float


def measure(work: Path) -> dict[str, object]:
    """The fitted weights, precision and recall of those in use by threshold, and speed."""
    sources = [found for found in read_paths([_STARTER]) if isinstance(found, Source)]
    profiles = StudyProfiles.of(sources)
    seen: dict[str, object] = {"threshold": THRESHOLD, "fitted": fitted(sources, profiles)}
    for half in ("tune", "test"):
        outcomes = outcomes_of(annotated(half), profiles)
        for threshold in _THRESHOLDS:
            precision, recall = precision_and_recall(outcomes, threshold)
            seen[f"{half}_at_{threshold}"] = {"precision": round(precision, 3), "recall": round(recall, 3)}
    return seen | _speed(sources)


def annotated(half: str) -> list[Annotated]:
    """The odd (``tune``) or even (``test``) lines."""
    lines = [json.loads(line) for line in _ANNOTATED.read_text("utf-8").splitlines()]
    return [
        Annotated(
            line["text"],
            line["text"].index(line["mention"]),
            line["text"].index(line["mention"]) + len(line["mention"]),
            line["answer"],
        )
        for line in lines[0 if half == "tune" else 1 :: 2]
    ]


def outcomes_of(lines: Sequence[Annotated], profiles: StudyProfiles) -> list[Outcome]:
    """What each line's mention resolves to when every confidence is enough."""
    found = []
    for line in lines:
        mention = overlapping(line, profiles)
        verdict = resolve(mention.clues, profiles, {}, 0.0) if mention else None
        best = verdict.source_id if verdict else None
        found.append(Outcome(line.answer, best, verdict.confidence if verdict else 0.0))
    return found


def overlapping(line: Annotated, profiles: StudyProfiles) -> ProseMention | None:
    """The mention that was made where the line has one: the one with the largest overlap."""
    found = mentions_in(line.text, profiles)
    shared = [(min(m.end, line.end) - max(m.start, line.start), m) for m in found]
    best = max(shared, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


def precision_and_recall(outcomes: Sequence[Outcome], threshold: float) -> tuple[float, float]:
    """Precision over what is resolved at a threshold, recall over what has an answer."""
    resolved = [o for o in outcomes if o.best is not None and o.confidence >= threshold]
    right = sum(outcome.best == outcome.answer for outcome in resolved)
    return right / max(len(resolved), 1), right / sum(o.answer is not None for o in outcomes)


@dataclass(frozen=True, slots=True)
class _Sample:
    """The features of a mention's candidates, (n, f), the row of the right one or -1, and a weight."""

    features: npt.NDArray[np.float64]
    right: int
    weight: float

    def without_the_right_one(self) -> "_Sample":
        return _Sample(np.delete(self.features, self.right, axis=0), -1, self.weight / 2)


def fitted(sources: Sequence[Source], profiles: StudyProfiles) -> dict[str, float]:
    """The weights that make the answers likeliest."""
    from scipy.optimize import minimize

    samples = list(_samples(sources, profiles))
    start = np.array([_START[name] for name in WEIGHTS])

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        total = _PULL * float(np.sum((weights - start) ** 2))
        gradient = 2 * _PULL * (weights - start)
        for sample in samples:
            scores = np.append(sample.features @ weights, 0.0)
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            total -= sample.weight * float(np.log(shares[sample.right] + 1e-12))
            gradient += sample.weight * (shares[:-1] @ sample.features)
            if sample.right >= 0:
                gradient -= sample.weight * sample.features[sample.right]
        return total, gradient

    bounds = [(0, None) if _START[name] > 0 else (None, 0) for name in WEIGHTS]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: round(float(value), 2) for name, value in zip(WEIGHTS, found.x, strict=True)}


def _samples(sources: Sequence[Source], profiles: StudyProfiles) -> Iterator[_Sample]:
    named = [(overlapping(line, profiles), line.answer, 1.0) for line in annotated("tune")]
    for text, cited in _citing_sentences(sources):
        found = mentions_in(text, profiles)
        if len(found) == 1:
            named.append((found[0], cited, _WEIGHT_OF_ARTICLES))
    for mention, answer, weight in named:
        if mention is None:
            continue
        fitting = candidates(mention.clues, profiles, {})
        ids = [profiles.profiles[row].source_id for row in fitting.rows]
        if not ids:
            continue
        sample = _Sample(fitting.features, ids.index(answer) if answer in ids else -1, weight)
        yield sample
        if sample.right >= 0 and len(ids) > 1:
            yield sample.without_the_right_one()


def _citing_sentences(sources: Sequence[Source]) -> Iterator[tuple[str, str]]:
    """The sentences of articles that cite one study, without their markers, and the study."""
    kept_back = "\n".join(line.text for line in annotated("test"))
    linked, _ = link(sources, Catalogue.of(sources))
    for source in linked:
        for block in source.blocks if source.kind == "article" else ():
            if block.kind in UNQUOTED_KINDS:
                continue
            for start, end in sentence_spans(source.text[block.start : block.end]):
                begin, stop = block.start + start, block.start + end
                inside = [m for m in source.mentions if m.how == "marker" and begin <= m.start < stop]
                cited = {mention.source_id for mention in inside}
                text = re.sub(r"\s?\[[\d, ]+\]", "", source.text[begin:stop])
                if len(cited) == 1 and text[:60] not in kept_back:
                    yield text, str(cited.pop())


def _speed(sources: Sequence[Source]) -> dict[str, object]:
    """What linking costs in a library of ten thousand studies and five hundred articles, all made up."""
    dice = random.Random(5)
    studies = [_study(n, dice, [s for s in sources if s.kind == "study"]) for n in range(_LIBRARY)]
    articles = [_article(n, dice) for n in range(_ARTICLES)]
    began = time.process_time()
    catalogue = Catalogue.of(studies)
    profiles = catalogue.profiles
    made = time.process_time()
    _, report = link(articles, catalogue)
    linked = time.process_time()
    clues = [m.clues for article in articles for m in mentions_in(article.text, profiles)]
    weighing = _seconds_to_weigh(clues, profiles)
    return {
        "studies": _LIBRARY,
        "articles": _ARTICLES,
        "mentions": len(clues),
        "resolved": report.mentions - len(report.unresolved_mentions),
        "seconds_for_the_catalogue": round(made - began, 1),
        "seconds_to_link_the_articles": round(linked - made, 1),
        "microseconds_to_weigh_a_mention": round(weighing / len(clues) * 1e6),
    }


def _seconds_to_weigh(clues: Sequence[Clues], profiles: StudyProfiles) -> float:
    began = time.process_time()
    for named in clues:
        resolve(named, profiles, {})
    return time.process_time() - began


def _study(n: int, dice: random.Random, models: Sequence[Source]) -> Source:
    """A study with the words of two others, words of its own, and another year and other authors."""
    first, second = dice.sample(models, 2)
    own = " ".join(f"{dice.choice('bdfglmnprst')}o{dice.randrange(4000)}x" for _ in range(30))
    names = [{"family": f"Name{dice.randrange(20_000)}", "given": "A"} for _ in range(5)]
    csl: Mapping[str, object] = dict(first.csl) | {
        "title": f"{first.title} and {second.title}: {own[:60]}",
        "author": names,
        "issued": {"date-parts": [[dice.randrange(1985, 2026)]]},
    }
    return replace(
        first, source_id=f"study:{n}", csl=csl, text=f"{csl['title']}\n{second.text} {own}", key=None
    )


def _article(n: int, dice: random.Random) -> Source:
    """An article of sixty sentences, twelve of which name a study."""
    naming = [line.text for line in dice.sample(annotated("tune"), 12)]
    plain = ["The weather was fine, and nobody in the village had slept well for a week."] * 48
    sentences = [*naming, *plain]
    dice.shuffle(sentences)
    text = " ".join(sentences)
    block = Block("paragraph", (), 0, len(text))
    return Source(f"article:{n}", "article", {"title": "An article"}, text, (block,))
