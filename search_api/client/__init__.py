"""A typed client of the HTTP API, for other Python programs: ``from search_api.client import Client``.

Answers are the typed dictionaries of `search_api.answers`, as the service sent them.
"""

from search_api.client.asynchronous import AsyncClient
from search_api.client.faults import ServiceError
from search_api.client.parameters import SearchParameters
from search_api.client.synchronous import Client

__all__ = ["AsyncClient", "Client", "SearchParameters", "ServiceError"]
