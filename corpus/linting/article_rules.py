"""The rules for an article, each a function from article and records to faults."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.article_parts import part_of
from corpus.linting.faults import Fault
from corpus.linting.numbers import numbers_in
from corpus.linting.prose import Prose, Statement
from corpus.linting.readability import readability_grade
from corpus.records import Source

FEWEST_WORDS = 700
MOST_WORDS = 1300
#: The Automated Readability Index above which a lay article is too hard.
HIGHEST_GRADE = 13.0

_ET_AL = re.compile(r"\b([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?) et al\b")


@dataclass(frozen=True, slots=True)
class Article:
    """An article to be linted: where it is, its prose, and the studies by citation key."""

    path: Path
    prose: Prose
    studies: Mapping[str, Source]

    def fault(self, line: int, rule: str, message: str, remedy: str) -> Fault:
        """A fault of this article."""
        return Fault(str(self.path), line, rule, message, remedy)

    def cited(self, statement: Statement) -> list[Source]:
        """The known studies that a statement cites."""
        return [self.studies[key] for key in statement.keys if key in self.studies]


def unknown_keys(article: Article) -> Iterator[Fault]:
    """A citation key resolves to a record."""
    for statement in article.prose.statements:
        for key in statement.keys:
            if key not in article.studies:
                yield article.fault(
                    statement.line,
                    "unknown-key",
                    f"@{key} is no record's key",
                    "correct it or add the record",
                )


def foreign_numbers(article: Article) -> Iterator[Fault]:
    """The numbers of a sentence that cites studies occur in the records of those studies."""
    for statement in article.prose.statements:
        cited = article.cited(statement)
        if not cited or statement.part == "references":
            continue
        for number in sorted(numbers_in(statement.text) - _numbers_of(cited)):
            names = ", ".join(f"@{key}" for key in statement.keys)
            yield article.fault(
                statement.line,
                "number-not-in-record",
                f"{number} is in no record of {names}",
                "use the record's",
            )


def _numbers_of(studies: list[Source]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for source in studies:
        study = source.study
        facts = [study.finding, study.sample_size] if study else []
        found |= numbers_in(" ".join(filter(None, [*facts, source.title, str(source.year or "")])))
    return found


def unmarked_retractions(article: Article) -> Iterator[Fault]:
    """A sentence that cites a retracted study says so."""
    for statement in article.prose.statements:
        for source in article.cited(statement):
            if source.integrity.status == "retracted" and "retract" not in statement.text.casefold():
                yield article.fault(
                    statement.line,
                    "retracted-as-evidence",
                    f"@{source.key} is retracted and the sentence does not say so",
                    'say "retracted" or leave it out',
                )


def wrong_et_al(article: Article) -> Iterator[Fault]:
    """A name before "et al." is the first author of a cited study that has more; a cut list says it."""
    for statement in article.prose.statements:
        cited = article.cited(statement)
        if statement.part == "references":
            for source in cited:
                if not source.authors_complete and "et al" not in statement.text:
                    yield article.fault(
                        statement.line,
                        "et-al",
                        f"the author list of @{source.key} is cut in its record",
                        'end the authors with "et al."',
                    )
            continue
        for match in _ET_AL.finditer(statement.text):
            if cited and not any(_is_first_of_several(match.group(1), source) for source in cited):
                yield article.fault(
                    statement.line,
                    "et-al",
                    f'"{match.group()}" names no first author of several among the studies cited',
                    "name the first author of the study that is cited",
                )


def _is_first_of_several(name: str, source: Source) -> bool:
    authors = source.csl.get("author") or [{}]
    family = str(authors[0].get("family", ""))
    return bool(family) and family in name and (len(authors) > 1 or not source.authors_complete)


def reference_list(article: Article) -> Iterator[Fault]:
    """The reference list holds each cited key once, and no other."""
    cited = article.prose.cited_keys()
    listed = [(s.line, key) for s in article.prose.statements if s.part == "references" for key in s.keys]
    seen: set[str] = set()
    for line, key in listed:
        if key in seen:
            yield article.fault(line, "reference-list", f"@{key} is listed twice", "keep one entry")
        elif key not in cited:
            yield article.fault(
                line, "reference-list", f"@{key} is listed but never cited", "cite or drop it"
            )
        seen.add(key)
    for key in cited:
        if key not in seen:
            yield article.fault(0, "reference-list", f"@{key} is cited but not listed", "add its entry")


def disclaimer(article: Article) -> Iterator[Fault]:
    """An article ends with a medical disclaimer."""
    said = any(s.part == "disclaimer" and len(s.text.split()) >= 3 for s in article.prose.statements)
    if not said:
        yield article.fault(0, "no-disclaimer", "there is no medical disclaimer", "add that section")


def dead_anchors(article: Article) -> Iterator[Fault]:
    """A link within the article, or to a file beside it, leads somewhere."""
    anchors = {_anchor(text) for _, text in article.prose.headings}
    for line, target in article.prose.links:
        if target.startswith("#") and target[1:] not in anchors:
            yield article.fault(line, "dead-anchor", f"{target} is no heading here", "link to a heading")
        elif _is_local(target) and not (article.path.parent / target.split("#")[0]).exists():
            yield article.fault(line, "dead-anchor", f"{target} is no file", "correct the link")


def _is_local(target: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*:|#|//", target, re.IGNORECASE) is None


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-")


def length(article: Article) -> Iterator[Fault]:
    """An article has 700 to 1,300 words, references and disclaimer not counted."""
    words = len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", article.prose.body_text()))
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        yield article.fault(
            0, "length", f"{words} words", f"keep it between {FEWEST_WORDS} and {MOST_WORDS} words"
        )


def reading_level(article: Article) -> Iterator[Fault]:
    """A lay reader can follow."""
    grade = readability_grade(article.prose.body_text())
    if grade > HIGHEST_GRADE:
        yield article.fault(
            0,
            "reading-level",
            f"readability index {grade:.1f}",
            f"shorten sentences to reach {HIGHEST_GRADE}",
        )


def parts(article: Article) -> Iterator[Fault]:
    """The parts that readers look for are there."""
    present = {part_of(text) for _, text in article.prose.headings}
    for part in ("summary", "references"):
        if part not in present:
            yield article.fault(0, "missing-part", f"there is no {part} section", "add it")


#: Every rule for an article.
ARTICLE_RULES: tuple[Callable[[Article], Iterator[Fault]], ...] = (
    unknown_keys,
    foreign_numbers,
    unmarked_retractions,
    wrong_et_al,
    reference_list,
    disclaimer,
    dead_anchors,
    length,
    reading_level,
    parts,
)
