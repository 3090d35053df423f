"""The rules for study records."""

from collections.abc import Iterator, Sequence

from corpus.linting.faults import Fault
from corpus.linting.numbers import numbers_in
from corpus.records import Source
from corpus.sentences import sentence_spans


def summary_numbers(study: Source) -> Iterator[Fault]:
    """The numbers of a summary occur in the record's finding or sample size."""
    if study.study is None:
        return
    facts = numbers_in(" ".join(filter(None, [study.study.finding, study.study.sample_size])))
    for number in sorted(numbers_in(_summary(study)) - facts):
        yield _fault(
            study, "number-not-in-record", f"{number} is in no fact of the record", "use the record's"
        )


def summary_standing(study: Source) -> Iterator[Fault]:
    """The summary of a retracted study begins with the word."""
    if study.integrity.status == "retracted" and not _summary(study).startswith("RETRACTED"):
        yield _fault(
            study,
            "retracted-as-evidence",
            "the summary of a retracted study hides it",
            "begin with RETRACTED.",
        )


def summary_length(study: Source) -> Iterator[Fault]:
    """A summary has two to five sentences."""
    count = len(sentence_spans(_summary(study)))
    if _summary(study) and not 2 <= count <= 5:
        yield _fault(study, "length", f"the summary has {count} sentences", "keep it between two and five")


def shared_keys(studies: Sequence[Source]) -> Iterator[Fault]:
    """A citation key, and an identifier, belongs to one record."""
    seen: dict[str, Source] = {}
    for study in studies:
        for name in filter(None, (study.key, study.source_id)):
            if name in seen:
                yield _fault(
                    study, "shared-key", f"{name} is also in {seen[name].origin}", "give each its own"
                )
            seen.setdefault(name, study)


def _summary(study: Source) -> str:
    return " ".join(study.text[b.start : b.end] for b in study.blocks if b.kind == "summary")


def _fault(study: Source, rule: str, message: str, remedy: str) -> Fault:
    return Fault(str(study.origin), 0, rule, f"@{study.key}: {message}", remedy)


#: Every rule for a single record.
RECORD_RULES = (summary_numbers, summary_standing, summary_length)
