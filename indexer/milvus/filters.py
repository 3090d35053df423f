"""A filter of a search as Milvus's expression."""

from collections.abc import Iterable

from indexer.lexical import LexicalFilter
from indexer.milvus.layout import NO_YEAR, value

#: What no entity satisfies.
_NOTHING = 'passage_id == ""'


def expression(where: LexicalFilter | None) -> str:
    """What an entity must satisfy, empty where everything passes."""
    if where is None:
        return ""
    conditions = [
        *_among("kind", (where.kind,) if where.kind else ()),
        *_among("design", where.study_types),
        *_among("container", (where.container,) if where.container else ()),
        *_among("status", where.statuses),
    ]
    if where.year_from is not None or where.year_to is not None:
        least = NO_YEAR + 1 if where.year_from is None else where.year_from
        conditions.append(f"year >= {max(least, NO_YEAR + 1)}")
    if where.year_to is not None:
        conditions.append(f"year <= {where.year_to}")
    return " and ".join(conditions)


def _among(field: str, values: Iterable[str]) -> list[str]:
    asked = [value(one) for one in values]
    if not asked:
        return []
    # An entity without a journal has an empty one, and nobody asks for that.
    quoted = [_quoted(one) for one in asked if one]
    return [f"{field} in [{', '.join(quoted)}]" if quoted else _NOTHING]


def _quoted(text: str) -> str:
    """A text as a literal; `value` left nothing in it but what is printed."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
