"""Whether a text is English, told by its function words.

The library's passages and its encoder are English; a draft in another language would get confident
nonsense. In English prose more than a third of the words are function words; in the European languages
below their own are, and English ones under a tenth. Two dozen words for each need no model.
"""

import re
from collections.abc import Mapping

#: A text of fewer words may lack function words by chance.
LEAST_WORDS = 8
#: English prose has more; the leanest abstracts have about a fifth.
_LEAST_SHARE = 0.15
#: One short word may be an abbreviation in an English sentence; three different ones are a language.
_LEAST_DIFFERENT = 3

_WORDS: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "English": "the of and to in a is that for with was were on as by be are or from at this not "
        "which an it than had has have but may no their did after between among all who these "
        "its can more",
        "German": "der die das und ist nicht ein eine mit von zu den dem des im auf für sich auch bei "
        "wurde werden als wie oder durch nach einer sind dass",
        "French": "le la les de des et est une un dans pour que qui sur avec par pas plus au aux du ne "
        "sont été ont ce cette chez entre",
        "Spanish": "el la los las de del y en es una un para que con por se no su al como más fue son "
        "han entre este esta sobre o lo",
        "Italian": "il la le lo gli di del della e è un una per che con non in si da sono nel nella dei "
        "delle al come più ha stato tra i",
        "Dutch": "de het een en van in is dat op te met voor niet zijn aan er ook als bij door werd "
        "naar uit of maar om dan wordt deze",
        "Portuguese": "o a os as de do da dos das e em é um uma para que com não por se no na mais foi são "
        "como ao entre",
        "Swedish": "och att det som en på är av för med den till i inte om ett men var jag har hade från "
        "eller vid hos efter",
        "Danish": "og at det som en på er af for med den til i ikke om et men var har hos fra eller ved "
        "efter blev",
    }.items()
}


def other_language(text: str) -> str | None:
    """The language of a text that is not English, ``another language`` where none of ours is nearer.

    None where it is English, or too short to tell.
    """
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if len(words) < LEAST_WORDS:
        return None
    shares = {name: sum(word in known for word in words) / len(words) for name, known in _WORDS.items()}
    english = shares.pop("English")
    best = max(shares, key=lambda name: shares[name])
    if english >= _LEAST_SHARE and english >= shares[best]:
        return None
    if len(_WORDS[best].intersection(words)) >= _LEAST_DIFFERENT and shares[best] >= _LEAST_SHARE:
        return best
    # A list of names and numbers has no function words at all, in any language.
    foreign = sum(not word.isascii() for word in words) / len(words)
    return "another language" if english < _LEAST_SHARE / 2 and foreign >= 0.2 else None
