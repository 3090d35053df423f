"""What a MEDLINE record says of standing: the tags of its comments and corrections as pointers."""

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.readers.standing_rules import RELATION_OF_TAG, pointer, standing_from
from corpus.records import Integrity, Notice


def standing_of(
    fields: Sequence[tuple[str, str]], csl: Mapping[str, Any]
) -> tuple[Integrity, tuple[Notice, ...]]:
    """The record's own standing, the gravest that its fields (tag, value) tell, and its notices on others."""
    told = [(RELATION_OF_TAG[tag], value) for tag, value in fields if value and tag in RELATION_OF_TAG]
    pointers = [pointer(relation, value) for relation, value in told]
    types = [value for tag, value in fields if tag == "PT"]
    return standing_from([one for one in pointers if one is not None], csl, types)
