"""The MCP server, asked by the SDK's own client: over stdio as a process, and over HTTP."""

import asyncio
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from mcp import StdioServerParameters
from mcp.client import Client

from search_api.agent_tools import agent_server
from search_api.keys import make_key
from search_api.settings import Settings

_ROTTERDAM = "doi:10.1093/jn/134.11.3100"


def _document(result: Any) -> dict[str, Any]:
    assert not result.is_error, result.content
    document: dict[str, Any] = result.structured_content
    return document


async def _asks_everything(client: Client) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"search", "read_source", "check_references", "cite_draft"}
    assert all(tool.description for tool in tools.values())
    question = "What did the Rotterdam Study find about menaquinone?"
    found = _document(await client.call_tool("search", {"query": question, "limit": 3}))
    hit = next(r for r in found["results"] if r["source"]["id"] == _ROTTERDAM)
    source = _document(await client.call_tool("read_source", {"identifier": "10.1093/jn/134.11.3100"}))[
        "source"
    ]
    passage = hit["passage"]
    assert source["text"][passage["start"] : passage["end"]] == passage["text"]
    assert "Geleijnse" in hit["source"]["citation"]
    listed = "Geleijnse JM. Dietary intake of menaquinone. J Nutr 2010. doi:10.1093/jn/134.11.3100"
    checked = _document(await client.call_tool("check_references", {"references": listed}))
    assert "2004" in json.dumps(checked)
    draft = "High menaquinone intake went with less coronary heart disease in the Rotterdam Study."
    cited = _document(await client.call_tool("cite_draft", {"draft": draft}))
    assert _ROTTERDAM in json.dumps(cited)


def test_an_agent_lists_the_tools_searches_reads_checks_and_cites_over_stdio(starter_index: Path) -> None:
    command = ["-m", "search_api", "mcp", "--index", str(starter_index)]

    async def ask() -> None:
        async with Client(StdioServerParameters(command=sys.executable, args=command)) as client:
            await _asks_everything(client)

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("search", {"query": "x", "limit": 0}, "limit=0"),
        ("search", {"query": "x", "style": "no-such-style"}, "no citation style of that name"),
        ("read_source", {"identifier": "10.1/none"}, "no source of the library goes by that"),
        ("check_references", {"references": " "}, "is empty"),
        ("cite_draft", {"draft": "A claim.", "suggestions": 99}, "from 1 to 10"),
    ],
)
def test_a_fault_is_told_with_its_remedy(
    starter_index: Path, tool: str, arguments: dict[str, Any], words: str
) -> None:
    async def ask() -> Any:
        async with Client(agent_server(Settings(index=starter_index))) as client:
            return await client.call_tool(tool, arguments)

    result = asyncio.run(ask())
    assert result.is_error
    assert words in str(result.content)


def test_the_state_of_the_disk_is_not_told(tmp_path: Path) -> None:
    async def ask() -> Any:
        async with Client(agent_server(Settings(index=tmp_path / "none"))) as client:
            return await client.call_tool("search", {"query": "x"})

    result = asyncio.run(ask())
    assert result.is_error
    assert str(tmp_path) not in str(result.content)


def test_over_http_a_key_is_demanded_where_keys_are(starter_index: Path, tmp_path: Path) -> None:
    key, _ = make_key(tmp_path / "keys.json", "agent", ("search",))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "c.toml").write_text(f'access = "keys"\nkeys = "{tmp_path}/keys.json"\n')
    command = [sys.executable, "-m", "search_api", "mcp", "--http", "--config", str(tmp_path / "c.toml")]
    server = subprocess.Popen([*command, "--port", str(port), "--index", str(starter_index)])
    try:
        address = f"http://127.0.0.1:{port}/mcp"
        assert _status(address, {}) == 401
        assert _status(address, {"Authorization": "Bearer fn_x"}) == 401
        assert _status(address, {"Authorization": f"Bearer {key}"}) == 200
    finally:
        server.terminate()
        server.wait(20)


def _status(address: str, headers: dict[str, str]) -> int:
    """The status of a first message; waits for the server where it is not up yet."""
    body = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"} | headers
    deadline = time.monotonic() + 60
    while True:
        try:
            request = urllib.request.Request(address, json.dumps(body).encode(), sent)
            with urllib.request.urlopen(request, timeout=20) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
