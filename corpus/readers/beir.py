"""The ``corpus.jsonl`` of a BEIR data set, one document a line (https://github.com/beir-cellar/beir).

A line is ``{"_id": ..., "title": ..., "text": ..., "metadata": {...}}``. Each is read as a study whose
key is its ``_id``, so that relevance judgements, which name documents by it, find it again. The source's
id is the DOI or PMID of ``metadata`` (``doi``, ``pmid``, ``pubmed_id``) where there is a valid one, else
``study:<_id>``. Some collections have documents without title: there the first words of the text, at most
80 characters and at most a sentence, stand for it, and the text is kept whole.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from corpus.errors import MalformedRecordError
from corpus.records import Skipped, Source
from corpus.study_records import StudyRecord, study_from
from corpus.written_dates import date_parts
from corpus.written_names import names_in

NAME = "BEIR corpus.jsonl"

_TITLE_LENGTH = 80
_KEYS = re.compile(r'"(_id|title|text)"\s*:')
_CSL_FIELDS = {
    "DOI": ("doi",),
    "PMID": ("pmid", "pubmed_id"),
    "PMCID": ("pmcid", "pmc_id"),
    "URL": ("url",),
    "container-title": ("journal",),
}


def claims(text: str, name: str) -> bool:
    """A first line that is an object with ``_id``, ``title`` and ``text``.

    The ``title`` tells a corpus from the queries of the same data set, which have none.
    """
    line = text.removeprefix("\ufeff").lstrip().split("\n", 1)[0]
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        # The line may be broken, or longer than the beginning that was given.
        return line.startswith("{") and {m.group(1) for m in _KEYS.finditer(line)} == {"_id", "title", "text"}
    return isinstance(first, dict) and {"_id", "title", "text"} <= first.keys()


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """Every line as a study; a line that is broken, empty of text or of an ``_id`` seen is skipped."""
    lines_of: dict[str, int] = {}
    # Not splitlines(): JSON may hold U+2028 inside a string.
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            document = _document(line)
            key = _key(document)
            if key in lines_of:
                raise MalformedRecordError(
                    f"_id {key}", f"stands on line {lines_of[key]} already", "give each document its own"
                )
            lines_of[key] = number
            yield _study(document, key, origin, f"line {number}")
        except MalformedRecordError as error:
            yield Skipped(origin, f"line {number}", str(error))


def _document(line: str) -> Mapping[str, Any]:
    try:
        document = json.loads(line)
        # JSON can spell half of a character ("\ud83d" alone), which no file can hold.
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise MalformedRecordError("a string", "holds half of a character", "mend it") from error
    except (ValueError, RecursionError) as error:
        raise MalformedRecordError("the line", f"not valid JSON ({error})", "mend the line") from error
    if not isinstance(document, dict):
        raise MalformedRecordError("the line", "not a JSON object", "give _id, title and text")
    return document


def _key(document: Mapping[str, Any]) -> str:
    key = document.get("_id")
    if isinstance(key, bool) or not isinstance(key, str | int) or not str(key).strip():
        raise MalformedRecordError("the document", "has no _id", "give it one")
    return str(key).strip()


def _study(document: Mapping[str, Any], key: str, origin: str, position: str) -> Source:
    title, text = (_text(document, field) for field in ("title", "text"))
    metadata = document.get("metadata")
    given = metadata if isinstance(metadata, dict) else {}
    names, complete = names_in(_authors(given))
    parts = date_parts(str(given.get("date") or given.get("publish_time") or given.get("year") or ""))
    csl: dict[str, Any] = {"type": "article-journal", "title": title or _first_words(text), "author": names}
    for field, keys in _CSL_FIELDS.items():
        csl[field] = next((str(given[k]).strip() for k in keys if isinstance(given.get(k), str | int)), None)
    if parts:
        csl["issued"] = {"date-parts": [parts]}
    record = StudyRecord(csl, (("", text),) if text else (), key=key, authors_complete=complete)
    return study_from(record, origin, position)


def _text(document: Mapping[str, Any], field: str) -> str:
    value = document.get(field)
    if value is not None and not isinstance(value, str):
        raise MalformedRecordError(f"{field} {str(value)[:40]}", "must be a string", "put it in quotes")
    return (value or "").strip()


def _authors(metadata: Mapping[str, Any]) -> str:
    authors = metadata.get("authors") or metadata.get("author") or ""
    if isinstance(authors, list):
        return "; ".join(author for author in authors if isinstance(author, str))
    return authors if isinstance(authors, str) else ""


def _first_words(text: str) -> str:
    """The first sentence of a text, cut at a word within 80 characters."""
    words = " ".join(text[: 10 * _TITLE_LENGTH].split())
    sentence = re.split(r"(?<=[.?!])\s", words, maxsplit=1)[0]
    if len(sentence) <= _TITLE_LENGTH:
        return sentence
    return sentence[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:")
