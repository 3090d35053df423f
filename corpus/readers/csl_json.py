"""CSL-JSON, one item or many (https://docs.citationstyles.org/en/stable/specification.html).

An item's ``custom`` block may hold what CSL has no field for: ``study_type``, ``sample_size``,
``finding``, ``summary``, ``integrity``, ``retracted``, ``retraction_notice_doi``, ``correction_doi``
and ``authors_complete``, and what exports add: ``human``, where each fact of the study was read from
(``study_type_from``, ...), ``integrity_date``, ``integrity_note``, ``integrity_checked``,
``integrity_recorded_in``, ``license``. Everything that is absent stays empty.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from corpus.article_parts import slug_of
from corpus.composing import TextComposer
from corpus.errors import MalformedRecordError
from corpus.identifiers import bare_doi, normal_doi, normal_pmcid, normal_pmid, source_id_for
from corpus.normalising import normalised
from corpus.readers.tagged_values import without_final_stop
from corpus.records import Integrity, IntegrityStatus, Skipped, Source, Study
from corpus.written_dates import date_parts

NAME = "CSL-JSON"

_CSL_FIELDS = frozenset({"type", "author", "issued", "container-title", "DOI", "PMID", "PMCID"})
#: Under these names stand the items of Zotero's and Crossref's answers, and of CSL's own tests.
_WRAPPERS = ("items", "message", "references", "input")
_FIELD = re.compile(r'"([A-Za-z_-]{1,40})"\s*:')
#: How far a first item that is cut is searched for field names, in characters.
_FIRST_ITEM = 4096
_DATE_PART = re.compile(r"-?[0-9]{1,6}")
_STATUS: dict[str, tuple[IntegrityStatus, str | None]] = {
    "no-flag-seen": ("none-known", None),
    "retracted": ("retracted", None),
    "concern": ("concern", None),
    "corrected": ("corrected", None),
    "republished": ("republished", None),
    "affected-by-doubted-trial": ("none-known", "affected by a trial whose integrity is in doubt"),
    "related-to-retracted": ("none-known", "related to a retracted publication"),
    "republication-of-retracted": ("none-known", "the corrected republication of a retracted publication"),
}


def claims(text: str, name: str) -> bool:
    """JSON by its name, or whose first item has a title and another of CSL's fields; never BEIR's lines.

    A file that calls itself JSON is claimed even where it is broken, so that its fault is told.
    """
    if text.lstrip()[:1] not in ("[", "{"):
        return False
    fields = _first_fields(text)
    if "_id" in fields:
        return False
    by_name = name.casefold().endswith((".json", ".csl", ".csljson"))
    return by_name or ("title" in fields and not _CSL_FIELDS.isdisjoint(fields))


def _first_fields(text: str) -> set[str]:
    """The field names of the first object, also where the beginning of a file cuts it."""
    start = text.find("{")
    if start < 0:
        return set()
    try:
        first, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return set(_FIELD.findall(text, start, start + _FIRST_ITEM))
    return set(first)


def read(text: str, origin: str) -> Iterator[Source | Skipped]:
    """Every item of the file as a study; an item without title or with bad values is skipped."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        yield Skipped(origin, f"line {error.lineno}", f"not valid JSON ({error.msg}); mend the file")
        return
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits, or brackets nested by the thousand.
        yield Skipped(origin, None, f"not usable JSON ({error}); mend the file")
        return
    for number, item in enumerate(_items(data), start=1):
        position = f"item {number}"
        if not isinstance(item, dict):
            yield Skipped(origin, position, "not a CSL-JSON object; each item needs an id and a title")
            continue
        try:
            yield source_from_csl(item, origin, position)
        except MalformedRecordError as error:
            yield Skipped(origin, position, str(error))


def _items(data: Any) -> list[Any]:
    """The items of a file: a list, a single item, or either of them under a name that tools wrap them in."""
    while isinstance(data, dict) and "title" not in data and not _CSL_FIELDS & set(data):
        wrapped = next((data[name] for name in _WRAPPERS if isinstance(data.get(name), list | dict)), None)
        if wrapped is None:
            break
        data = wrapped
    return data if isinstance(data, list) else [data]


def source_from_csl(item: Mapping[str, Any], origin: str, position: str) -> Source:
    """One CSL-JSON item as a study; raises `MalformedRecordError` where it cannot be one."""
    _check_characters(item, position)
    given = item.get("title") or ""
    if not isinstance(given, str):
        raise MalformedRecordError(f"title {given!r}", "must be text", "give one title", position)
    title = without_final_stop(" ".join(normalised(given).split()))
    if not title:
        raise MalformedRecordError(
            str(item.get("id", "no id")), "a record needs a title", "add one", position
        )
    doi = _identifier(item, "DOI", normal_doi, position)
    pmid = _identifier(item, "PMID", normal_pmid, position)
    _identifier(item, "PMCID", normal_pmcid, position)
    _check_shape(item, position)
    custom = item.get("custom")
    custom = custom if isinstance(custom, dict) else {}
    composer = _compose(title, item, custom)
    csl = {k: v for k, v in item.items() if k not in ("custom", "abstract")} | {"title": title}
    if doi:
        csl["DOI"] = bare_doi(str(item["DOI"]))
    if issued := _issued(csl.get("issued")):
        csl["issued"] = issued
    key = str(item["id"]) if item.get("id") is not None else None
    return Source(
        source_id=source_id_for(doi, pmid, f"study:{key or slug_of(title)}"),
        kind="study",
        csl=csl,
        text=composer.text(),
        blocks=tuple(composer.blocks),
        key=key,
        study=_study(custom),
        integrity=_integrity(custom),
        url=_url(item, doi, pmid),
        license=_optional(custom.get("license")),
        authors_complete=custom.get("authors_complete") is not False,
        origin=origin,
    )


def _issued(given: Any) -> dict[str, Any] | None:
    """A date that stands as text, as Zotero writes those that it cannot take apart, in parts."""
    if not isinstance(given, dict) or given.get("date-parts"):
        return None
    parts = date_parts(str(given.get("raw") or given.get("literal") or ""))
    return {"date-parts": [parts]} if parts else None


def _compose(title: str, item: Mapping[str, Any], custom: Mapping[str, Any]) -> TextComposer:
    composer = TextComposer()
    composer.add("title", (), title)
    for paragraph in re.split(r"\n{2,}", normalised(str(item.get("abstract") or ""))):
        composer.add("abstract", (), paragraph.strip())
    if custom.get("summary"):
        composer.add("summary", (), normalised(str(custom["summary"])).strip())
    else:
        composer.add("finding", (), normalised(str(custom.get("finding") or "")).strip())
    return composer


def _study(custom: Mapping[str, Any]) -> Study:
    human = custom.get("human")
    return Study(
        design=str(custom.get("study_type") or "unknown"),
        sample_size=_optional(custom.get("sample_size")),
        finding=_optional(custom.get("finding")),
        human=human if isinstance(human, bool) else None,
        design_from=_optional(custom.get("study_type_from")),
        sample_size_from=_optional(custom.get("sample_size_from")),
        human_from=_optional(custom.get("human_from")),
    )


def _identifier(item: Mapping[str, Any], field: str, normal: Any, position: str) -> str | None:
    value = item.get(field)
    if value in (None, ""):
        return None
    form: str | None = normal(str(value))
    if form is None:
        raise MalformedRecordError(
            f"{field} {value}", f"not a valid {field}", "correct it or leave it out", position
        )
    return form


def _check_characters(item: Mapping[str, Any], position: str) -> None:
    r"""JSON can spell half of a character (``\\ud83d`` alone), which no file can hold."""
    try:
        json.dumps(item, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(error.object[error.start]):04x}"
        raise MalformedRecordError(
            half, "half of a character", "mend the text around it", position
        ) from error


def _check_shape(item: Mapping[str, Any], position: str) -> None:
    authors = item.get("author") or []
    if not isinstance(authors, list) or not all(isinstance(a, dict) for a in authors):
        raise MalformedRecordError("author", "must be a list of names", "mend the field", position)
    issued = item.get("issued")
    if issued is None:
        return
    if not isinstance(issued, dict):
        raise MalformedRecordError(
            f"issued {issued!r}", "must be an object with date-parts", "mend it", position
        )
    parts = issued.get("date-parts") or [[]]
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else None
    if first is None or any(not _DATE_PART.fullmatch(str(p)) for p in first if p is not None):
        raise MalformedRecordError(f"issued {issued!r}", "date-parts must hold numbers", "mend it", position)


def _integrity(custom: Mapping[str, Any]) -> Integrity:
    status, note = _STATUS.get(str(custom.get("integrity") or "no-flag-seen"), ("none-known", None))
    if str(custom.get("integrity") or "no-flag-seen") not in _STATUS:
        note = f"the record says: {custom['integrity']}"
    if custom.get("retracted") is True:
        status = "retracted"
    recorded_in = "CSL-JSON record" if custom.get("integrity") or custom.get("retracted") else None
    notice = custom.get("retraction_notice_doi") if status == "retracted" else custom.get("correction_doi")
    return Integrity(
        status=status,
        notice=_optional(notice),
        date=_optional(custom.get("integrity_date")),
        recorded_in=_optional(custom.get("integrity_recorded_in")) or recorded_in,
        checked=_optional(custom.get("integrity_checked")),
        note=_optional(custom.get("integrity_note")) or note,
    )


def _url(item: Mapping[str, Any], doi: str | None, pmid: str | None) -> str | None:
    if doi:
        return f"https://doi.org/{quote(doi, safe='/:;()')}"
    if pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    return _optional(item.get("URL"))


def _optional(value: Any) -> str | None:
    return normalised(str(value)) if value not in (None, "") else None
