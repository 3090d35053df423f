"""``python -m search_api`` is the command ``footnote``."""

from search_api.cli import main

if __name__ == "__main__":
    main()
