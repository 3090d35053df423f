"""The client against the real service: it gets what the service answers, waiting or awaited."""

import asyncio
import inspect
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.job_work import work_off
from indexer.jobs import JobQueue
from search_api.app import create_app
from search_api.client import AsyncClient, Client, ServiceError
from search_api.settings import Settings
from tests.search_api.client.conftest import served

_QUESTION = "Does vitamin K2 help bone?"


def _without_time(document: Any) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "took_ms"}


def test_a_search_gets_what_the_service_answers(address: str, client: FlaskClient) -> None:
    asked: Any = {"limit": 3, "kind": "study", "study_type": ["RCT"], "style": "ama"}
    with Client(address) as library:
        found = library.search(_QUESTION, **asked)
    expected = client.post("/v1/search", json={"query": _QUESTION, **asked}).get_json()
    assert _without_time(found) == _without_time(expected)


def test_results_go_on_over_pages_to_the_end(address: str) -> None:
    with Client(address) as library:
        ranks = [result["rank"] for result in library.results(_QUESTION, limit=20, study_type=("RCT",))]
    assert ranks == list(range(1, len(ranks) + 1))
    assert len(ranks) > 20


def test_every_route_of_the_library_has_a_call(address: str, client: FlaskClient) -> None:
    with Client(address) as library:
        batch = library.batch([_QUESTION, {"query": "cramps", "limit": 1}, ""], limit=2)
        assert [len(item["answer"]["results"]) if item["answer"] else None for item in batch["items"]] == [
            2,
            1,
            None,
        ]
        passage = library.search(_QUESTION, limit=1)["results"][0]["passage"]
        assert library.passage(passage["id"])["passage"]["text"] == passage["text"]
        assert library.source("10.1093/jn/134.11.3100")["source"]["key"] == "geleijnse2004"
        assert library.source("10.1016/S8756-3282(02)00783-4", style="ama")["source"]["key"] == "sato2002pd"
        assert len(library.references("nocturnal-leg-cramps")["references"]) >= 8
        assert library.cited_by("sato2002pd")["cited_by"]
        assert len(library.similar("sato2002pd", limit=3, kind="study")["similar"]) == 3
        assert library.cite("Menaquinone intake was linked to less coronary disease.")["sentences"]
        assert library.export(["kakkos2018"], "ris").startswith("TY  - JOUR")
        assert library.check("Kakkos SK. Efficacy of Ruscus. Int Angiol 1999.")["entries"]
        assert library.index() == client.get("/v1/index").get_json()


def test_both_clients_have_the_same_calls_with_the_same_parameters() -> None:
    def calls(kind: type) -> dict[str, list[str]]:
        methods = inspect.getmembers(kind, inspect.isfunction)
        return {
            name: list(inspect.signature(f).parameters) for name, f in methods if not name.startswith("_")
        }

    waiting, awaited = calls(Client), calls(AsyncClient)
    awaited["close"] = awaited.pop("aclose")
    assert awaited == waiting


def test_the_awaited_client_gets_the_same(address: str) -> None:
    async def ask() -> tuple[Any, list[int], Any]:
        async with AsyncClient(address) as library:
            both = await asyncio.gather(library.search(_QUESTION, limit=2), library.source("geleijnse2004"))
            ranks = [r["rank"] async for r in library.results(_QUESTION, limit=50, kind="study")]
            with pytest.raises(ServiceError) as raised:
                await library.source("nothing")
            assert raised.value.status == 404
            return both[0], ranks, both[1]

    found, ranks, source = asyncio.run(ask())
    with Client(address) as library:
        assert _without_time(found) == _without_time(library.search(_QUESTION, limit=2))
        assert source == library.source("geleijnse2004")
    assert ranks == list(range(1, len(ranks) + 1))


def test_a_refusal_names_the_parameter_the_rule_and_the_remedy(address: str) -> None:
    with Client(address) as library, pytest.raises(ServiceError) as raised:
        library.search("cramps", limit=1000, kind="book")  # type: ignore[arg-type]
    assert raised.value.status == 400
    assert {fault["field"] for fault in raised.value.errors} == {"limit", "kind"}
    assert "POST /v1/search" in str(raised.value)


def test_an_identifier_with_any_character_stays_one_part_of_the_address(address: str) -> None:
    with Client(address) as library:
        for identifier in ("a/b?c=d#e", "../index", "ü %2F", "x" * 300):
            with pytest.raises(ServiceError) as raised:
                library.source(identifier)
            assert raised.value.status == 404


def test_importing_the_client_loads_no_part_of_the_service() -> None:
    code = "import sys, search_api.client; print(*sys.modules)"
    modules = set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert not modules & {"flask", "numpy", "faiss", "tantivy", "openvino", "search_api.search", "pydantic"}


def test_the_library_is_changed_and_the_job_followed(starter_index: Path, tmp_path: Path) -> None:
    index = Path(shutil.copytree(starter_index, tmp_path / "index"))
    record = json.dumps({"id": "n", "DOI": "10.1000/n", "type": "article-journal", "title": "Zinc and colds"})

    async def awaited(address: str) -> Any:
        async with AsyncClient(address) as library:
            job = await library.delete("10.1000/n")
            work_off(JobQueue(index), index, 3600)
            return await library.finished(job["id"], 5)

    with served(create_app(Settings(index=index, keys=tmp_path / "keys.json"))) as address:
        with Client(address) as library:
            job = library.put(record.encode(), "zinc.json")
            assert (job["kind"], job["subject"]) == ("put", "zinc.json")
            with pytest.raises(TimeoutError, match="queued"):
                library.finished(job["id"], 0)
            work_off(JobQueue(index), index, 3600)
            done = library.finished(job["id"], 5)
            assert done["outcome"] is not None
            assert done["outcome"]["added"] == ["doi:10.1000/n"]
            with pytest.raises(ServiceError, match="no reader knows") as raised:
                library.put(b"nothing that anybody reads")
            assert raised.value.status == 422
        gone = asyncio.run(awaited(address))
    assert gone["outcome"]["removed"] == ["doi:10.1000/n"]
