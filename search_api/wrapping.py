"""Lines of text for a terminal: as wide as every report prints them, no word broken."""

import textwrap

WIDTH = 96


def wrapped(text: str, indent: str, hanging: str | None = None) -> list[str]:
    """The lines of a text behind ``indent``, those after the first behind ``hanging`` where it is given."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
