"""Sources -> an index on disk, and the index read back.

The middle floor: imports `corpus` only.
"""
