"""``python -m search_api`` is the command ``footnote``."""

from search_api.cli import main

main()
