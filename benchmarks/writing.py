"""The writer's desk: what `cite` finds for the claims of SciFact and of the starter library, and how fast.

Every figure comes through `search_api.drafts.citing.cite_draft`, forty claims a draft, as a writer's own
would. SciFact's claims were written from citations; where its annotators found evidence in the cited
abstract, the abstract should be among the first three suggestions, where they found none, nothing
adequate should be found. `fitted` gives the coefficients of `search_api.drafts.evidence` that a logistic
regression on the first five candidates of every claim would choose.

``FOOTNOTE_SHARED`` names the folder with ``eval/scifact``; ``FOOTNOTE_SCIFACT_INDEX`` an index of its corpus,
without which one is built. Without the folder only the starter library is asked.
"""

import gzip
import http.client
import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.serving import running_server
from indexer.build import build
from indexer.generation import IndexDirectory
from search_api.drafts import evidence
from search_api.drafts.citing import cite_draft
from search_api.drafts.reading import read_text
from search_api.drafts.records import CitedSentence, Suggestion
from search_api.drafts.suggesting import Suggester
from search_api.search import Searcher

_STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter"
_CLAIMS = Path(__file__).parent / "writing_claims.jsonl"
_SENTENCES = Path(__file__).parent / "writing_sentences.jsonl"
_SHARED = Path(os.environ.get("FOOTNOTE_SHARED", _STARTER.parents[2] / "shared"))
_SCIFACT = _SHARED / "eval" / "scifact"
#: Claims of one draft.
_DRAFT = 40
_FIRST = 3
_FITTED_ON = 5


def measure(work: Path) -> dict[str, object]:
    """Shares of claims by what was found for them, and seconds of a request."""
    index = work / "index"
    build(index, [_STARTER])
    searcher = Searcher.open(IndexDirectory(index).open())
    seen: dict[str, object] = {
        "starter": _starter(searcher),
        "sentences": _sentences(searcher),
        **_speed(index),
    }
    searcher.close()
    if _SCIFACT.is_dir():
        seen["scifact"] = _scifact(work)
    return seen


def _starter(searcher: Searcher) -> dict[str, object]:
    """The claims written for the starter library: half it can support or contradict, half it cannot."""
    claims = [json.loads(line) for line in _CLAIMS.read_text("utf-8").splitlines()]
    found = dict(zip([c["id"] for c in claims], _cited([c["claim"] for c in claims], searcher), strict=True))
    known = [c for c in claims if c["answers"]]
    refused = [_is_refused(found[c["id"]]) for c in claims if not c["answers"]]
    right = [any(s.source.key in c["answers"] for s in _shown(found[c["id"]])) for c in known]
    return {
        "claims_with_a_source": len(known),
        "source_in_first_three": _share(right),
        "claims_without": len(refused),
        "nothing_adequate_found": _share(refused),
    }


def _sentences(searcher: Searcher) -> dict[str, object]:
    """Twenty sentences with the verdict of an editor, written before any was looked up."""
    wanted = [json.loads(line) for line in _SENTENCES.read_text("utf-8").splitlines()]
    draft = read_text("\n\n".join(row["sentence"] for row in wanted))
    pairs = list(zip(wanted, cite_draft(draft, searcher, _FIRST).sentences, strict=True))
    told = [s.finding.outcome if s.finding else s.sentence.kind for _, s in pairs]
    inserted = [
        source.key in row["sources"] and row["expected"] == "supported"
        for row, s in pairs
        for place in s.insert
        for source in place.sources
    ]
    known = [(row, s) for row, s in pairs if row["sources"]]
    return {
        "sentences": len(wanted),
        "as_the_editor_says": sum(one == row["expected"] for one, row in zip(told, wanted, strict=True)),
        "citations_put_in": len(inserted),
        "wrongly_put_in": inserted.count(False),
        "with_a_source": len(known),
        "source_in_first_three": sum(
            any(found.source.key in row["sources"] for found in _shown(s)) for row, s in known
        ),
    }


def _scifact(work: Path) -> dict[str, object]:
    searcher = Searcher.open(IndexDirectory(_scifact_index(work)).open())
    claims = _lines(_SCIFACT / "original" / "claims_train.jsonl")
    corpus = {str(d["doc_id"]): d["abstract"] for d in _packed(_SCIFACT / "original" / "corpus.jsonl.gz")}
    found = list(zip(claims, _cited([c["claim"] for c in claims], searcher), strict=True))
    backed = [(claim, sentence) for claim, sentence in found if claim["evidence"]]
    absent = [_is_refused(sentence) for claim, sentence in found if not claim["evidence"]]
    ranks = [_rank(claim, _suggested(sentence)) for claim, sentence in backed]
    seen = {
        "claims_with_evidence": len(backed),
        "abstract_first": _share([rank < 1 for rank in ranks]),
        "abstract_in_first_three": _share([rank < _FIRST for rank in ranks]),
        "refused_though_evidence": _share([_is_refused(sentence) for _, sentence in backed]),
        "rationale_sentence_of_found": _share(list(_rationales(backed, corpus))),
        "claims_without_evidence": len(absent),
        "nothing_adequate_found": _share(absent),
        **_withheld(backed),
        "fitted": _fitted(searcher, claims),
    }
    searcher.close()
    return seen


def _cited(claims: Sequence[str], searcher: Searcher) -> Iterator[CitedSentence]:
    """What is found for each claim, the claims being sentences of drafts."""
    for begin in range(0, len(claims), _DRAFT):
        part = [claim if claim.endswith(".") else f"{claim}." for claim in claims[begin : begin + _DRAFT]]
        draft = read_text("\n\n".join(part))
        cited = cite_draft(draft, searcher, _FIRST)
        by_place = {sentence.sentence.start: sentence for sentence in cited.sentences}
        place = 0
        for claim in part:
            yield by_place[place]
            place += len(claim) + 2


def _suggested(sentence: CitedSentence) -> list[Suggestion]:
    """The suggestions of a sentence in order, what speaks against it first; none where none is adequate."""
    finding = sentence.finding
    if finding is None:
        return []
    return [*([finding.against] if finding.against else []), *finding.suggestions]


def _shown(sentence: CitedSentence) -> list[Suggestion]:
    return _suggested(sentence)[:_FIRST]


def _is_refused(sentence: CitedSentence) -> bool:
    return not _suggested(sentence)


def _rank(claim: dict[str, Any], suggestions: Sequence[Suggestion]) -> int:
    places = (place for place, s in enumerate(suggestions) if s.source.key in claim["evidence"])
    return next(places, 1 << 30)


def _rationales(
    backed: Sequence[tuple[dict[str, Any], CitedSentence]], corpus: dict[str, list[str]]
) -> Iterator[bool]:
    """For every right abstract among the first three: whether the sentence shown is a rationale."""
    for claim, sentence in backed:
        for suggestion in _shown(sentence):
            key = str(suggestion.source.key)
            if key in claim["evidence"] and suggestion.sentence:
                span = suggestion.sentence
                shown = suggestion.passage.text[span.start : span.end].strip()
                marked = [corpus[key][n].strip() for e in claim["evidence"][key] for n in e["sentences"]]
                yield any(shown in sentence or sentence in shown for sentence in marked)


def _withheld(backed: Sequence[tuple[dict[str, Any], CitedSentence]]) -> dict[str, float]:
    """How often the right abstract is put into the draft, where it supports and where it contradicts."""
    inserted: dict[str, list[bool]] = {"SUPPORT": [], "CONTRADICT": []}
    for claim, sentence in backed:
        for key, rationales in claim["evidence"].items():
            if key in {s.source.key for s in _shown(sentence)}:
                inserted[rationales[0]["label"]].append(
                    key in {s.key for place in sentence.insert for s in place.sources}
                )
    return {f"inserted_where_{label.lower()}": _share(seen) for label, seen in inserted.items()}


def _fitted(searcher: Searcher, claims: Sequence[dict[str, Any]]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    suggester = Suggester(searcher)
    features, holds = [], []
    for claim in claims:
        statement = suggester.statement(claim["claim"])
        for candidate in suggester.candidates(statement)[:_FITTED_ON]:
            passages = searcher.passages_of(candidate.source.source_id, statement.vector)
            cosine = next(c for p, c in passages if p.passage_id == candidate.passage.passage_id)
            coverage = evidence.coverage_of(statement.rarities, candidate.source, candidate.passage)
            features.append((cosine, coverage))
            holds.append(candidate.source.key in claim["evidence"])
    model = LogisticRegression(C=100).fit(np.array(features), np.array(holds))
    cosine, coverage = model.coef_[0]
    return {
        "cosine": round(float(cosine), 1),
        "coverage": round(float(coverage), 1),
        "constant": round(float(model.intercept_[0]), 1),
    }


def _speed(index: Path) -> dict[str, object]:
    """A draft of forty claims and a thousand words, asked over HTTP, each time another one."""
    claims = [json.loads(line)["claim"] for line in _CLAIMS.read_text("utf-8").splitlines()]
    lead = "It has often been said, in print and elsewhere, and is repeated here, that"
    with running_server(index) as (port, _):
        times = []
        for number in range(6):
            chosen = (claims[number * 7 :] + claims)[:_DRAFT]
            draft = " ".join(f"{lead} {c[0].lower()}{c[1:]}" for c in chosen)
            times.append(_request(port, draft))
    return {
        "draft_words": len(draft.split()),
        "draft_claims": _DRAFT,
        "cite_request_first_seconds": round(times[0], 2),
        "cite_request_seconds_p50": round(sorted(times[1:])[2], 2),
    }


def _request(port: int, draft: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began = time.perf_counter()
    body = json.dumps({"draft": draft})
    connection.request("POST", "/v1/cite", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    document = json.loads(response.read())
    seconds = time.perf_counter() - began
    connection.close()
    assert response.status == 200, document
    assert document["counts"]["claims"] == _DRAFT, document["counts"]
    return seconds


def _scifact_index(work: Path) -> Path:
    given = os.environ.get("FOOTNOTE_SCIFACT_INDEX")
    if given:
        return Path(given)
    index = work / "scifact"
    build(index, [_SCIFACT / "corpus.jsonl.gz"])
    return index


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _packed(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _share(seen: Sequence[bool]) -> float:
    return round(float(np.mean(seen)), 3) if len(seen) else 0.0
