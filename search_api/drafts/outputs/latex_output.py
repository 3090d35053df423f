r"""A cited draft as LaTeX with ``\cite`` and a ``.bib`` file beside it.

Prose goes over letter for letter; what LaTeX would read as a command is escaped, and the signs of Markdown
become their commands. Letters that pdfLaTeX lacks are written as commands too.
"""

import re

from search_api.drafts.outputs.documents import OutputDocument
from search_api.drafts.outputs.insertion import named_by_key, places, with_insertions, without_fence, works_of
from search_api.drafts.records import CitedDraft, Draft, DraftParagraph
from search_api.exports import bibtex
from search_api.exports.keys import citation_keys

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_ESCAPES = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_SECTIONS = ("section", "section", "subsection", "subsubsection", "paragraph", "paragraph", "paragraph")
#: What T1 fonts with UTF-8 input hold: Latin letters, dashes and quotes.
_KNOWN = re.compile(r"[\x00-\u017f–—‘’“”„…€\u00a0]")
_KEYED = re.compile(r"\[(-?@[\w:.+/-]+(?:\s*;\s*-?@[\w:.+/-]+)*)\]")
_LINK = re.compile(r"!?\[([^\]\[\n]*)\]\(([^)\s]*)[^)\n]*\)")
_INLINE = (
    (re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__", re.DOTALL), r"\textbf"),
    (
        re.compile(r"(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?!\w)|(?<![\w_])_(?=\S)([^_]+?)(?<=\S)_(?!\w)"),
        r"\emph",
    ),
    (re.compile(r"`([^`\n]+)`()"), r"\texttt"),
)
_PREAMBLE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp,amssymb,hyperref}
\begin{document}
"""


def latex(cited: CitedDraft, name: str) -> OutputDocument:
    """The draft as a document that compiles, with the bibliography ``name``.bib beside it."""
    where = places(cited)
    works = works_of(where, named_by_key(cited))
    keys = citation_keys(works)
    commands = ["\\cite{" + ",".join(keys[s.source_id] for s in place.sources) + "}" for place in where]
    marks = [(place.before, f"{_OPEN}{number}{_CLOSE}") for number, place in enumerate(where)]
    body = _body(cited.draft, marks, frozenset(keys.values()))
    marked = _MARK.sub(lambda match: "~" + commands[int(match.group(1))], body)
    ending = f"\\bibliographystyle{{plain}}\n\\bibliography{{{name}}}\n" if works else ""
    text = f"{_PREAMBLE}{marked}{'' if marked.endswith(chr(10)) else chr(10)}{ending}\\end{{document}}\n"
    beside = {"bib": bibtex.write(works)} if works else {}
    notes = (
        ("tables stand as they are written",)
        if any(p.kind == "table" for p in cited.draft.paragraphs)
        else ()
    )
    return OutputDocument(text, "application/x-tex; charset=utf-8", "tex", beside, notes)


def _body(draft: Draft, marks: list[tuple[int, str]], keys: frozenset[str]) -> str:
    """The paragraphs one by one, with what stands between them as it is."""
    pieces = []
    at = 0
    listing = False
    for p in draft.paragraphs:
        if p.start < at:  # an item inside an item
            continue
        gap = draft.text[at : p.start]
        is_item = p.kind == "list-item" and draft.format != "text"
        if is_item != listing:
            pieces.append("\\begin{itemize}\n" if is_item else "\n\\end{itemize}")
            listing = is_item
        pieces.append("" if is_item or gap.strip() else gap)
        inside = [(offset - p.start, mark) for offset, mark in marks if p.start <= offset <= p.end]
        pieces.append(_paragraph(draft, p, with_insertions(draft.text[p.start : p.end], inside), keys))
        at = p.end
    tail = draft.text[at:]
    return (
        "".join(pieces)
        + ("\n\\end{itemize}" if listing else "")
        + (tail if not tail.strip() else _escaped(tail))
    )


def _paragraph(draft: Draft, p: DraftParagraph, text: str, keys: frozenset[str]) -> str:
    if draft.format == "text":
        return _escaped(text)
    if p.kind in ("code", "table"):
        return f"\\begin{{verbatim}}\n{without_fence(text)}\n\\end{{verbatim}}"
    if p.kind == "front-matter":
        return "".join(f"% {line}\n" for line in text.splitlines())
    if p.kind == "heading":
        level = len(text) - len(text.lstrip("#"))
        words = re.sub(r"\s*#*$", "", text.lstrip("#").strip()).split("\n")[0]
        return f"\\{_SECTIONS[level]}{{{_inline(words, keys)}}}"
    if p.kind == "list-item":
        return "\n\\item " + _inline(re.sub(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+", "", text), keys)
    if p.kind == "quote":
        words = re.sub(r"^\s*>\s?", "", text, flags=re.MULTILINE)
        return f"\\begin{{quote}}\n{_inline(words, keys)}\n\\end{{quote}}"
    return _inline(text, keys)


def _inline(text: str, keys: frozenset[str]) -> str:
    """Escaped, with emphasis, code, links and known keys as commands; what is not closed stays a sign."""
    held: list[str] = []

    def hold(command: str) -> str:
        held.append(command)
        return f"\ue002{len(held) - 1}\ue003"

    def cited(match: re.Match[str]) -> str:
        named = [key.strip(" -@") for key in match.group(1).split(";")]
        return hold(f"\\cite{{{','.join(named)}}}") if keys.issuperset(named) else match.group()

    text = _KEYED.sub(cited, text)
    text = _LINK.sub(lambda m: hold(f"\\href{{{_address(m.group(2))}}}{{{_escaped(m.group(1))}}}"), text)
    for pattern, command in _INLINE:
        text = pattern.sub(lambda m, c=command: hold(f"{c}{{{_escaped(m.group(1) or m.group(2))}}}"), text)  # type: ignore[misc]
    text = _escaped(text)
    for _ in range(len(held)):
        text = re.sub("\ue002(\\d+)\ue003", lambda m: held[int(m.group(1))], text)
    return text


def _address(url: str) -> str:
    return re.sub(r"([%#&\\{}])", r"\\\1", url)


def _escaped(text: str) -> str:
    plain = text.translate(_ESCAPES)
    return "".join(
        sign if _KNOWN.match(sign) or sign in "\ue000\ue001\ue002\ue003" else _command(sign) for sign in plain
    )


def _command(sign: str) -> str:
    """A letter that pdfLaTeX lacks, as a command; the letter itself where none is known."""
    from pylatexenc.latexencode import unicode_to_latex  # type: ignore[import-untyped]

    return str(unicode_to_latex(sign, unknown_char_policy="keep", unknown_char_warning=False))
