"""An answer as text for a terminal: warnings first, then the quote, then where it stands."""

from typing import Any

from corpus.records import Mention, SearchHit, Source
from search_api.citations import CitationFormatter
from search_api.evaluation import Evaluation
from search_api.search import SearchAnswer
from search_api.standing import words_of
from search_api.wrapping import wrapped


def answer_text(answer: SearchAnswer, citations: CitationFormatter, style: str) -> str:
    """The hits in order, or an honest line where nothing adequate was found."""
    lines = []
    if not answer.hits:
        lines.append("Nothing found.")
    elif not answer.adequate:
        lines.append("Nothing adequate found. The nearest passages, all weak:")
    for hit in answer.hits:
        lines += ["", *_hit_lines(hit, citations, style)]
    lines.append("")
    lines.append(f"index {answer.index_version}, {answer.took_ms:.0f} ms")
    return "\n".join(lines).lstrip("\n")


def _hit_lines(hit: SearchHit, citations: CitationFormatter, style: str) -> list[str]:
    lines = [
        f"{hit.rank}. {evidence_line(hit.source)}   score {hit.score:.2f}, confidence {hit.confidence:.2f}"
    ]
    lines += [line for warning in hit.warnings for line in wrapped(f"! {warning}", "   ")]
    place = words_of(hit.source, hit.passage) or " > ".join(hit.passage.section)
    if place:
        lines.append(f"   {place}")
    lines += [
        line
        for paragraph in f"“{hit.passage.text}”".split("\n")
        if paragraph
        for line in wrapped(paragraph, "   ")
    ]
    lines += wrapped(citations.format(hit.source, style), "   -- ", "      ")
    for cited in hit.cites:
        mark = mark_of(cited.mention)
        kind = evidence_line(cited.source)
        lines += wrapped(f"{mark} {kind}: {citations.format(cited.source, style)}", "      ", "          ")
    return lines


def mark_of(mention: Mention) -> str:
    """A mention as it is shown beside what it cites; one in prose says that it is, and how sure."""
    if mention.how == "prose":
        return f"“{mention.label}” (named in prose, confidence {mention.confidence:.2f})"
    return f"[{mention.label}]"


def evaluation_text(evaluation: Evaluation) -> str:
    """The shares, and each answerable question that went wrong."""
    lines = [
        f"{evaluation.answered_in_three:6.1%} of {len(evaluation.answerable)} answerable questions "
        "have an answering source in the first three",
        f"{evaluation.refused_answerable:6.1%} of them were told that nothing adequate was found",
        f"{evaluation.refused_unanswerable:6.1%} of {len(evaluation.unanswerable)} unanswerable ones were",
    ]
    for outcome in evaluation.answerable:
        if not outcome.rank:
            lines.append(f"not answered: {outcome.question.question_id} {outcome.question.text}")
        elif not outcome.adequate:
            lines.append(f"refused: {outcome.question.question_id} {outcome.question.text}")
    lines += [
        f"not refused: {outcome.question.question_id} {outcome.question.text}"
        for outcome in evaluation.unanswerable
        if outcome.adequate
    ]
    return "\n".join(lines)


def evaluation_document(evaluation: Evaluation) -> dict[str, Any]:
    """The shares and every outcome."""
    return {
        "answerable": len(evaluation.answerable),
        "unanswerable": len(evaluation.unanswerable),
        "answered_in_three": evaluation.answered_in_three,
        "refused_answerable": evaluation.refused_answerable,
        "refused_unanswerable": evaluation.refused_unanswerable,
        "outcomes": [
            {
                "id": outcome.question.question_id,
                "asked_by": outcome.question.asked_by,
                "question": outcome.question.text,
                "rank": outcome.rank,
                "adequate": outcome.adequate,
            }
            for outcome in evaluation.outcomes
        ],
    }


def evidence_line(source: Source) -> str:
    """What stands there, in a few words: kind or design, people, year, standing."""
    parts = [source.study.design if source.study and source.study.design != "unknown" else source.kind]
    if source.study and source.study.sample_size:
        parts.append(source.study.sample_size)
    if source.year:
        parts.append(str(source.year))
    if source.integrity.status != "none-known":
        parts.insert(0, source.integrity.status.upper())
    return ", ".join(parts)
