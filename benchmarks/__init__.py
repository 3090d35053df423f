"""Speed and memory, measured against a named reference in the same run; ``python -m benchmarks``."""
