"""Where a style as it is distributed, or citeproc-py, differs from the style's manual: what is mended.

Each mending names the styles that it is for, by the beginning of their names. What cannot be mended,
because the record lacks it, is told in ARCHITECTURE.md.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: A page that is the number of an article: ``e48``, ``CD009402``, ``1115069``; S12 is a page of a supplement.
_ARTICLE_NUMBER = re.compile(r"(?![SAL]\d)(?:[A-Za-z]{1,4}-?\d{1,9}|\d{6,9})(?:\.\w{1,4})?")
#: APA 7 (9.27) and IEEE write "Article e48" and "Art. no. e48"; their styles do for ``number``.
_NUMBERED_ARTICLES = ("apa", "ieee")
#: Citing Medicine (chapter 1, pagination) has a hyphen between pages.
HYPHENATED_PAGES = ("nlm-",)
#: The IEEE Reference Guide: "[2], [4]–[7]", where the style names each.
RANGES_OF_NUMBERS = ("ieee",)
#: APA 7 (9.8): three spaced dots before the last of more than twenty authors.
_SPACED_DOTS = ("apa",)
#: The Chicago Manual, 16th and 17th editions (14.170): a journal's initial "The" is left out.
_WITHOUT_THE = ("chicago-author-date-16th", "chicago-author-date-17th")
#: APA 7 (6.17): a subtitle begins with a capital; names such as dp-ucMGP and n-3 stay as they are.
_CAPITAL_SUBTITLES = ("apa",)
_SUBTITLE = re.compile(r"(?<=: )[a-z](?=[a-z]* |[a-z]{2,}(?!\w))")


@dataclass(frozen=True, slots=True)
class _Mending:
    """A change to a finished entry."""

    styles: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str


_MENDINGS = (
    # Nature: "5 (2016)" and one DOI, also where the record has no page, or no volume.
    _Mending(("nature",), re.compile(r"(?<=\d)((?:[\ue000-\ue00b])*), (?=\(\d{4}\))"), r"\1 "),
    _Mending(("nature",), re.compile(r"(https://doi\.org/(\S+) \(\d{4}\)) doi:\2\.$"), r"\1."),
    # Chicago 17 (15.47): volume alone and pages meet at a colon, and the year stands once.
    _Mending(_WITHOUT_THE, re.compile(r"(?<=\d) \(\d{4}\): ?(?=\w)"), ":"),
    _Mending(_WITHOUT_THE, re.compile(r"(?<=\ue001), \d{4}\. (?=https?://)"), ". "),
)


def item_by_manual(item: dict[str, Any], style: str, is_english: bool) -> dict[str, Any]:
    """A CSL item as the manual of the style has it; a new one where it differs."""
    changed: dict[str, Any] = {}
    if style.startswith(_NUMBERED_ARTICLES) and is_article_number(item.get("page")):
        changed["number"] = item["page"]
    if is_english and style.split("-")[0] in _CAPITAL_SUBTITLES:
        changed["title"] = _SUBTITLE.sub(lambda m: m.group().upper(), str(item.get("title", "")))
    container = item.get("container-title")
    if style.startswith(_WITHOUT_THE) and isinstance(container, str) and "journal" in str(item.get("type")):
        changed["container-title"] = container.removeprefix("The ")
    return item | changed if changed else item


def is_article_number(page: Any) -> bool:
    """Whether what stands for pages is the number of an article."""
    return isinstance(page, str) and _ARTICLE_NUMBER.fullmatch(page) is not None


def entry_by_manual(style: str) -> Callable[[str], str]:
    """What mends a finished entry of that style."""
    mendings = [mending for mending in _MENDINGS if style.startswith(mending.styles)]

    def mend(text: str) -> str:
        for mending in mendings:
            text = mending.pattern.sub(mending.replacement, text)
        return text

    return mend


def ellipsis_of(style: str) -> str:
    """What stands for the authors that are left out before the last."""
    return ". . ." if style.startswith(_SPACED_DOTS) else "…"
