"""How hard a text is to read."""

import re


def readability_grade(text: str) -> float:
    """The Automated Readability Index: the school grade that a text asks for (US grades, 1 to 14+).

    4.71 characters per word + 0.5 words per sentence - 21.43 (Smith and Senter, AMRL-TR-66-220, 1967).
    It counts characters, not syllables, so it needs no dictionary.
    """
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text)
    sentences = re.findall(r"[.!?]+(?:\s|$)", text)
    if not words:
        return 0.0
    characters = sum(len(word) for word in words)
    return 4.71 * characters / len(words) + 0.5 * len(words) / max(len(sentences), 1) - 21.43
