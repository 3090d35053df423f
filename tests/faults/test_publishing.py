"""A publish under load: every request is answered, and soon from the new generation by every worker."""

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from indexer.build import build
from indexer.generation import IndexDirectory
from tests.faults.running_server import running, until
from tests.indexer.test_crashes import BEFORE_IT_IS_LIVE, DRIVER, ONCE_IT_IS_LIVE

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


def test_a_publish_killed_between_any_two_steps_leaves_the_server_answering(
    starter_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(starter_index, index)
    directory = IndexDirectory(index)
    record = tmp_path / "new.json"
    common = {"id": "n", "DOI": "10.1000/n", "type": "article-journal"}
    with running(index, tmp_path / "log") as server:
        for run, (when, step) in enumerate([*BEFORE_IT_IS_LIVE, *ONCE_IT_IS_LIVE]):
            before = server.get("/v1/index")[1]["generation"]
            record.write_text(json.dumps(common | {"title": f"Zinc and natto, version {run}"}))
            command = [sys.executable, "-c", DRIVER, when, step, "index", str(record), "--index", str(index)]
            done = subprocess.run(command, capture_output=True, check=False)
            assert done.returncode == -signal.SIGKILL, (when, step, done.stderr)
            live = directory.current_name()
            assert (live != before) == ((when, step) in ONCE_IT_IS_LIVE), (when, step)
            until(lambda live=live: server.get("/v1/index")[1]["generation"] == live, 2)
            assert server.get(f"/v1/search?query=natto+{run}&limit=1")[0] == 200
            assert directory.verify() == []
        build(index, [record])
        last = directory.current_name()
        until(lambda: server.get("/v1/index")[1]["generation"] == last, 2)
        assert "Traceback" not in server.log.read_text()
