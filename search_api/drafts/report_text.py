"""What was found for a draft, as text for a terminal: each sentence as an editor would mark it."""

from collections import Counter
from collections.abc import Sequence

from search_api.citations import CitationFormatter
from search_api.drafts.records import CitedDraft, CitedSentence, Finding, JudgedCitation, Outcome, Suggestion
from search_api.printing import evidence_line
from search_api.standing import short_name, words_of
from search_api.wrapping import wrapped

_SAYS: dict[Outcome, str] = {
    "supported": "supported",
    "source found": "source found; read it, for what it says was not judged",
    "already cited": "already cited",
    "contradicted": "CONTRADICTED by the record",
    "disputed": "DISPUTED: the records disagree",
    "numbers differ": "NUMBERS DIFFER from the record",
    "check the direction": "CHECK THE DIRECTION: the source seems to say otherwise",
    "only retracted": "ONLY RETRACTED WORK says this; it is no evidence",
    "partly supported": "PARTLY SUPPORTED",
    "nothing adequate found": "NOTHING ADEQUATE FOUND",
}


def cited_text(
    cited: CitedDraft, citations: CitationFormatter, style: str, index_version: str, took_ms: float
) -> str:
    """Every sentence with what is to be done about it, then the counts."""
    lines = [f"note: {note}" for note in cited.notes]
    for number, sentence in enumerate(cited.sentences, start=1):
        lines += _sentence(number, sentence, citations, style)
    lines += [counted(cited), f"index {index_version}, {took_ms:.0f} ms"]
    return "\n".join(lines)


def counted(cited: CitedDraft) -> str:
    """How many sentences and claims there are, and what was concluded of how many."""
    outcomes = Counter(s.finding.outcome for s in cited.sentences if s.finding)
    told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "none"
    return f"{len(cited.sentences)} sentences, {outcomes.total()} claims: {told}"


def _sentence(number: int, cited: CitedSentence, citations: CitationFormatter, style: str) -> list[str]:
    sentence = cited.sentence
    lines = wrapped(f"{number}. {sentence.text}", "", "   ")
    if cited.finding is None:
        why = f" ({sentence.reason})" if sentence.reason else ""
        lines += wrapped(f"{sentence.kind}{why}: left as it is", "   ")
        return lines + _own(cited.own)
    lines += wrapped(_SAYS[cited.finding.outcome], "   ")
    lines += _own(cited.own)
    if cited.finding.suggestions or cited.finding.against or not cited.parts:
        lines += _finding(cited.finding, citations, style)
    for part, finding in zip(sentence.parts, cited.parts, strict=True):
        lines += wrapped(f"- {part.text}: {_SAYS[finding.outcome]}", "   ", "     ")
        first = cited.finding.suggestions[:1], cited.finding.against
        if (finding.suggestions[:1], finding.against) != first:
            lines += _finding(finding, citations, style)
    return lines


def _finding(finding: Finding, citations: CitationFormatter, style: str) -> list[str]:
    """The source against the claim, the best one for it, and the others by name."""
    lines = []
    others = list(finding.suggestions)
    if finding.against is not None:
        lines += _suggestion(finding.against, citations, style)
    if others and finding.outcome != "contradicted":
        lines += _suggestion(others.pop(0), citations, style)
    if others:
        named = ", ".join(f"{short_name(s.source)} {s.confidence:.2f}" for s in others)
        lines += wrapped(f"also near: {named}", "   ", "     ")
    if finding.nearest:
        nearest = finding.nearest[0]
        missing = f", which says nothing of: {', '.join(nearest.missing)}" if nearest.missing else ""
        lines += wrapped(f"nearest: {short_name(nearest.source)}{missing}", "   ", "     ")
    return lines


def _suggestion(suggestion: Suggestion, citations: CitationFormatter, style: str) -> list[str]:
    lines = wrapped(f"{evidence_line(suggestion.source)}; confidence {suggestion.confidence:.2f}", "   ")
    lines += [line for warning in suggestion.warnings for line in wrapped(f"! {warning}", "   ")]
    lines += [line for found in suggestion.differences for line in wrapped(f"! {found}", "   ")]
    words = words_of(suggestion.source, suggestion.passage)
    lines += wrapped(words, "   ") if words else []
    span = suggestion.sentence
    quote = suggestion.passage.text[span.start : span.end] if span else suggestion.passage.text
    lines += wrapped(f"“{' '.join(quote.split())}”", "   ")
    lines += wrapped(citations.format(suggestion.source, style), "   -- ", "      ")
    if suggestion.via:
        lines += wrapped(f"by way of “{suggestion.via[0].article.title}”", "      ")
    return lines


def _own(own: Sequence[JudgedCitation]) -> list[str]:
    lines = []
    for judged in own:
        note = f" ({judged.citation.note})" if judged.citation.note else ""
        verdict = "RETRACTED" if judged.verdict == "retracted" else judged.verdict
        lines += wrapped(f"cites {judged.citation.written}: {verdict}{note}", "   ", "     ")
    return lines
