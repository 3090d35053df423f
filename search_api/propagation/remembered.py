"""The report on the library that is searched, made once for the life of a generation."""

from search_api.per_generation import once_per_generation
from search_api.propagation.records import LibraryReport
from search_api.propagation.reporting import library_report
from search_api.search import Searcher


@once_per_generation
def report_on(using: Searcher) -> LibraryReport:
    """The report on the searcher's library; the first call reads all articles."""
    return library_report(using.library)
