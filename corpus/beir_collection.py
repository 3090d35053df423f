"""A folder in the form of BEIR: a corpus, queries, and who judged which document relevant to which.

::

    corpus.jsonl or corpus.jsonl.gz     {"_id", "title", "text"} a line, read by `corpus.readers.beir`
    queries.jsonl or queries.jsonl.gz   {"_id", "text"} a line
    qrels/SPLIT.tsv                     query-id, corpus-id, score, with tabs; a line of names first or not

A judgement says how relevant a document is to a query; 0 or less is "not" (doi:10.48550/arXiv.2104.08663).
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CollectionError

_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class BeirCollection:
    """The queries of one split and their judgements; ``corpus`` is the file of the documents.

    ``judgements`` maps a query's id to the grades of documents by their ids. ``unknown_queries`` are
    judged in the split but stand in no line of the queries; they cannot be asked.
    """

    name: str
    split: str
    corpus: Path
    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, int]]
    unknown_queries: tuple[str, ...]


def read_collection(folder: Path, split: str) -> BeirCollection:
    """The collection of a folder with the queries that ``split`` judges.

    Raises `CollectionError` where a part is missing, a line is broken or no judged query exists.
    """
    if not folder.is_dir():
        raise CollectionError(str(folder), "no such folder", "give a folder with corpus, queries and qrels")
    corpus = _part(folder, "corpus.jsonl")
    queries = dict(_queries(_part(folder, "queries.jsonl")))
    judgements = _judgements(_split_file(folder, split))
    asked = {query_id: queries[query_id] for query_id in judgements if query_id in queries}
    unknown = tuple(query_id for query_id in judgements if query_id not in queries)
    if not asked:
        raise CollectionError(
            f"{folder}, split {split}",
            f"none of its {len(judgements)} judged queries is in queries.jsonl",
            "give the queries and the judgements of one collection",
        )
    return BeirCollection(
        name=folder.resolve().name,
        split=split,
        corpus=corpus,
        queries=asked,
        judgements={query_id: judgements[query_id] for query_id in asked},
        unknown_queries=unknown,
    )


def _part(folder: Path, name: str) -> Path:
    for candidate in (folder / name, folder / f"{name}.gz"):
        if candidate.is_file():
            return candidate
    raise CollectionError(str(folder), f"holds neither {name} nor {name}.gz", "give a folder in BEIR's form")


def _split_file(folder: Path, split: str) -> Path:
    splits = sorted(path.stem for path in (folder / "qrels").glob("*.tsv"))
    if not splits:
        raise CollectionError(
            str(folder), "holds no judgements (qrels/SPLIT.tsv)", "give a folder in BEIR's form"
        )
    if split not in splits:
        raise CollectionError(
            f"--split {split}", f"{folder} has no such split", f"use one of {', '.join(splits)}"
        )
    return folder / "qrels" / f"{split}.tsv"


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in _lines(path):
        try:
            query = json.loads(line)
            query_id, text = query["_id"], query["text"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _broken(path, number, "not a query", "give _id and text") from error
        if not isinstance(text, str) or isinstance(query_id, bool) or not isinstance(query_id, str | int):
            raise _broken(path, number, "not a query", "give _id and text as strings")
        yield str(query_id).strip(), text


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    judgements: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 and len(cells) == _COLUMNS and not _is_whole(cells[2]):
            continue
        if len(cells) != _COLUMNS or not _is_whole(cells[2]):
            raise _broken(path, number, "not a judgement", "give query-id, corpus-id and a whole score")
        query_id, document_id, grade = cells[0], cells[1], int(cells[2])
        earlier = judgements.setdefault(query_id, {}).setdefault(document_id, grade)
        if earlier != grade:
            rule = f"judges {query_id} and {document_id} as {grade} and before as {earlier}"
            raise _broken(path, number, rule, "keep one of the two")
    if not judgements:
        raise CollectionError(str(path), "holds no judgement", "give a split that has some")
    return judgements


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, each with its number from 1."""
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise CollectionError(str(path), f"cannot be read ({error})", "give UTF-8 text") from error
    # Not splitlines(): JSON may hold U+2028 inside a string.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.removesuffix("\r")


def _broken(path: Path, number: int, rule: str, remedy: str) -> CollectionError:
    return CollectionError(f"{path}, line {number}", rule, remedy)
