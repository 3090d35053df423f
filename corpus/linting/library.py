"""Linting a folder: read everything, run every rule, then look at the whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.linting.article_rules import ARTICLE_RULES, Article
from corpus.linting.faults import Fault
from corpus.linting.prose import prose_of
from corpus.linting.record_rules import RECORD_RULES, shared_keys
from corpus.reading import read_paths
from corpus.records import Skipped, Source


@dataclass(frozen=True, slots=True)
class LintReport:
    """What was read and every fault, in order of file and line."""

    articles: int
    studies: int
    faults: tuple[Fault, ...]


def lint_library(path: Path, studies_path: Path | None = None) -> LintReport:
    """Lint everything under ``path``; articles may also cite the records under ``studies_path``.

    Raises `NothingToIndexError` where a path does not exist.
    """
    found = list(read_paths([path]))
    elsewhere = [s for s in read_paths([studies_path]) if isinstance(s, Source)] if studies_path else []
    studies = [s for s in found if isinstance(s, Source) and s.kind == "study"]
    articles = [s for s in found if isinstance(s, Source) and s.kind == "article"]
    by_key = {s.key: s for s in (*elsewhere, *studies) if s.key and s.kind == "study"}
    faults = [_of_skipped(skipped) for skipped in found if isinstance(skipped, Skipped)]
    faults += [fault for study in studies for rule in RECORD_RULES for fault in rule(study)]
    faults += shared_keys(studies)
    cited: set[str] = set()
    for article in articles:
        if article.origin is None or not article.origin.endswith((".md", ".markdown")):
            continue
        text = Path(article.origin).read_text("utf-8-sig")
        looked_at = Article(Path(article.origin), prose_of(text), by_key)
        cited |= set(looked_at.prose.cited_keys())
        faults += [fault for rule in ARTICLE_RULES for fault in rule(looked_at)]
    if articles:
        faults += _uncited(studies, cited)
    return LintReport(len(articles), len(studies), tuple(sorted(faults)))


def _uncited(studies: list[Source], cited: set[str]) -> Iterator[Fault]:
    for study in studies:
        if study.key not in cited:
            yield Fault(
                str(study.origin),
                0,
                "uncited-study",
                f"@{study.key} is cited by no article",
                "cite it or drop it",
            )


def _of_skipped(skipped: Skipped) -> Fault:
    line = re.search(r"line (\d+)", skipped.position or "")
    message, _, remedy = skipped.reason.partition("; ")
    where = f"{skipped.position}: " if skipped.position and not line else ""
    return Fault(
        skipped.origin,
        int(line.group(1)) if line else 0,
        "unreadable",
        f"{where}{message}",
        remedy or "mend the file",
    )
