"""Damage to good files, for the property that a reader gives sources and reasons whatever it is given."""

from hypothesis import strategies as st

_CHANGES = st.tuples(
    st.sampled_from(("delete", "double", "turn", "insert")),
    st.floats(0, 1),
    st.integers(0, 60),
    st.text(max_size=20),
)


def damaged(*texts: str) -> st.SearchStrategy[str]:
    """One of the texts with pieces of it deleted, doubled, turned round or inserted."""
    return st.builds(_changed, st.sampled_from(texts), st.lists(_CHANGES, min_size=1, max_size=8))


def _changed(text: str, changes: list[tuple[str, float, int, str]]) -> str:
    for how, at, length, put in changes:
        start = int(at * len(text))
        piece = text[start : start + length]
        instead = {"delete": "", "double": piece * 2, "turn": piece[::-1], "insert": put}[how]
        text = text[:start] + instead + text[start + length :]
    return text
