"""One file per format; each offers ``claims(text, name)`` and ``read(text, origin)``.

``claims`` decides by content whether a decoded file is of that format; ``read`` yields a `Source`
for each record that it could read and a `Skipped` for each that it could not.
"""
