"""The library as tools for language-model agents, over the Model Context Protocol (stdio or HTTP).

Every tool answers with the document of the API's route of the same work, so that a quotation comes with its
place and digest, a citation is formatted from the record, and a retraction is said. The instructions tell the
agent to quote and to cite only what came back.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from corpus.errors import FootnoteError, IndexStateError
from corpus.reference_lists import read_reference_list
from search_api.check_report import check_document
from search_api.checking import check_references
from search_api.citations import style_name
from search_api.documents import answer_document, source_document
from search_api.drafts.citing import cite_draft
from search_api.drafts.reading import read_text
from search_api.drafts.report import cited_document
from search_api.keys import KeyRing
from search_api.live import LiveSearcher
from search_api.opening import backend_of
from search_api.queries import query_from
from search_api.settings import Settings

Document = dict[str, Any]

_INSTRUCTIONS = (
    "A library of health articles and studies. Quote passages word for word, with the citation that comes "
    "with them; cite nothing that did not come from these tools. Where `adequate` is false, the library "
    "does not answer the question: say so. Say of a retracted work that it is retracted. A passage of the "
    "kind `summary` or `finding` is the record's wording and not the authors'."
)
_HIDDEN = "The index cannot be used at present; the operator's log or footnote doctor says why."

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Scope]]
_Send = Callable[[_Scope], Awaitable[None]]
_Asgi = Callable[[_Scope, _Receive, _Send], Awaitable[None]]


class Tools:
    """What an agent may do; each raises `ToolError` with value, rule and remedy."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._live = LiveSearcher(
            settings.index,
            settings.threads,
            settings.reranker,
            settings.profile,
            backend=backend_of(settings),
        )

    def search(
        self, query: str, limit: int = 5, kind: str | None = None, style: str | None = None
    ) -> Document:
        """Passages that answer a question, each with its source, its citation and the studies it cites.

        kind: article or study. style: a CSL style such as apa or vancouver. limit: 1 to 100.
        """
        with _told():
            given = {"query": query, "limit": limit, "kind": kind}
            asked = query_from({name: value for name, value in given.items() if value is not None})
            using = self._live.get()
            return dict(answer_document(using.search(asked), using, self._style(style)))

    def read_source(self, identifier: str, style: str | None = None) -> Document:
        """One source whole, by DOI, PMID, PMCID, citation key or id: text, record, standing, references."""
        with _told():
            using = self._live.get()
            document = source_document(using.library.source(identifier), using, self._style(style))
            return {"index_version": using.manifest.index_version, "source": document}

    def check_references(self, references: str, style: str | None = None) -> Document:
        """A verdict on every entry of a reference list, pasted in any style or as BibTeX, RIS or CSL-JSON."""
        with _told():
            self._check_length("references", references)
            listed = read_reference_list(references, "")
            using = self._live.get()
            checked = check_references(listed.entries, using.library)
            return dict(check_document(checked, listed, using, self._style(style)))

    def cite_draft(self, draft: str, suggestions: int = 3, style: str | None = None) -> Document:
        """Sources for the claims of a draft, sentence by sentence, with what each record says of the claim.

        suggestions: sources for each claim, 1 to 10.
        """
        with _told():
            self._check_length("draft", draft)
            if not 1 <= suggestions <= 10:
                raise ToolError(f"suggestions={suggestions}: must be from 1 to 10; change it")
            using = self._live.get()
            cited = cite_draft(read_text(draft, ""), using, suggestions, unjudged=False)
            return cited_document(cited, using, self._style(style), 0.0)

    def _style(self, style: str | None) -> str:
        return style_name(style or self._settings.style)

    def _check_length(self, name: str, text: str) -> None:
        if not text.strip():
            raise ToolError(f"{name}: is empty; give a text")
        if len(text) > self._settings.max_body_bytes:
            raise ToolError(f"{name}: is longer than {self._settings.max_body_bytes}; give it in parts")


class _told:  # noqa: N801 - a context manager used like a function
    """Faults of ours become the tool's answer; the state of the disk does not leave the machine."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, IndexStateError):
            raise ToolError(_HIDDEN) from error
        if isinstance(error, FootnoteError):
            raise ToolError(str(error)) from error


def agent_server(settings: Settings) -> MCPServer:
    """The MCP server over the index of the settings; opens it at the first call."""
    tools = Tools(settings)
    server = MCPServer("footnote", instructions=_INSTRUCTIONS, log_level="WARNING")
    for tool in (tools.search, tools.read_source, tools.check_references, tools.cite_draft):
        server.tool(structured_output=True)(tool)
    return server


def http_application(settings: Settings) -> _Asgi:
    """The same over streamable HTTP at ``/mcp``; with a bearer key wherever the settings demand keys."""
    app: Any = agent_server(settings).streamable_http_app(host=settings.host, stateless_http=True)
    return _Guarded(app, settings.keys) if settings.demands_keys else app


class _Guarded:
    """ASGI: answers only requests that carry a key with the scope ``search``."""

    def __init__(self, app: _Asgi, keys: Path) -> None:
        self._app = app
        self._keys = KeyRing(keys)

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Pass a request on, or answer 401."""
        if scope["type"] != "http" or self._may(dict(scope["headers"])):
            await self._app(scope, receive, send)
            return
        headers = [(b"www-authenticate", b'Bearer realm="Footnote"'), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _may(self, headers: dict[bytes, bytes]) -> bool:
        kind, _, given = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        try:
            key = self._keys.find(given) if kind.casefold() == "bearer" else None
        except FootnoteError:
            return False
        return key is not None and key.allows("search")
