"""Footnote with its fast profile of ranking."""

import with_footnote


def build(documents, folder, model):
    """An index of the documents in ``folder``."""
    with_footnote.build(documents, folder, model)


def opened(folder, model):
    """What answers a question with (id, score) pairs."""
    return with_footnote.opened(folder, model, profile="fast")
