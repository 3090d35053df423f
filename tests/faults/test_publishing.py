"""A publish under load: every request is answered, and soon from the new generation by every worker."""

import json
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from indexer.build import build
from indexer.generation import IndexDirectory
from tests.faults.running_server import running

pytestmark = pytest.mark.slow


def test_all_workers_answer_from_a_new_generation_within_two_seconds_and_no_request_fails(
    starter_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(starter_index, index)
    record = tmp_path / "new.json"
    record.write_text(
        json.dumps({"id": "n", "DOI": "10.1000/n", "type": "article-journal", "title": "Zinc and natto"})
    )
    build(index, [record])
    directory = IndexDirectory(index)
    before = directory.open().manifest.index_version
    answers: list[tuple[float, int, Any]] = []
    stop = threading.Event()
    with running(index, tmp_path / "log", "--workers", "2") as server:

        def ask() -> None:
            while not stop.is_set():
                began = time.monotonic()
                status, document = server.get("/v1/search?query=natto&limit=1")
                answers.append((began, status, document and document.get("index_version")))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        after = directory.rollback().manifest.index_version
        published = time.monotonic()
        time.sleep(5)
        stop.set()
        for thread in threads:
            thread.join()
    assert {status for _, status, _ in answers} == {200}
    assert {version for began, _, version in answers if began < published} >= {before}
    assert {version for began, _, version in answers if began > published + 2} == {after}
