"""A lint for libraries: what an editor would be ashamed of, found by machine.

`lint_library` reads a folder of articles and study records and names every fault with file, line,
rule and remedy. It checks what can be checked against the records: it cannot tell whether a
sentence says more than its study found, only whether its numbers and citations hold.
"""
