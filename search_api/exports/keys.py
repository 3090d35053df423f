"""Citation keys: the same source has the same key in every list, and no two of a list share one.

A source keeps the key of its record. One without gets the first author's family name, the year and the
first word of the title that carries meaning: ``geleijnse2004dietary``. Only where two sources of one list
would share a key, compared without case as BibTeX does, each gets a letter, in order of their ids:
``smith2004a``, ``smith2004b``.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from corpus.records import Source
from search_api.exports.fields import names

_USABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:.+/-]*")
_LITTLE = "a an and are as at by do does for from how in is its of on or the to what with der die das"
_STOP_WORDS = frozenset(_LITTLE.split())
#: Letters that have no accent to take off.
_PLAIN = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i"}
)


def citation_keys(sources: Iterable[Source]) -> Mapping[str, str]:
    """``source_id`` -> key, for the sources of one list."""
    sharing: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for source in sources:
        key = own_key(source)
        sharing[key.casefold()][source.source_id] = key
    taken = set(sharing)
    keys: dict[str, str] = {}
    for shared in sorted(sharing):
        given = sharing[shared]
        if len(given) == 1:
            keys.update(given)
            continue
        number = 0
        for source_id in sorted(given):
            while True:
                number += 1
                lettered = given[source_id] + _letters(number)
                if lettered.casefold() not in taken:
                    break
            taken.add(lettered.casefold())
            keys[source_id] = lettered
    return keys


def own_key(source: Source) -> str:
    """The key that a source has by itself."""
    if source.key and _USABLE.fullmatch(source.key):
        return source.key
    authors = names(source)
    first = authors[0].family or authors[0].literal if authors else ""
    title = [word for word in _words(source.title) if word not in _STOP_WORDS]
    year = str(source.year) if source.year is not None else ""
    key = "".join(("".join(_words(first)[:3]), year, *title[:1]))
    told = (first or year) and re.search("[a-z]{2}", key)
    return key if told else "source" + "".join(_words(source.source_id))


def _words(written: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", written.translate(_PLAIN))
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return re.findall("[a-z0-9]+", re.sub(r"['’]", "", letters).casefold())


def _letters(number: int) -> str:
    """1 -> a, 26 -> z, 27 -> aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(97 + rest) + letters
    return letters
