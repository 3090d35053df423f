"""The folder in which workers count: in use for as long as its server lives, gone at the next start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from search_api.counting_folder import counting_folder

_HOLDS = """
import sys, time
from pathlib import Path
from search_api.counting_folder import counting_folder
with counting_folder(Path(sys.argv[1])) as folder:
    print(folder, flush=True)
    time.sleep(60)
"""


def _holder(parent: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen([sys.executable, "-c", _HOLDS, str(parent)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_folder_is_gone_when_its_server_ends(tmp_path: Path) -> None:
    with counting_folder(tmp_path) as folder:
        assert folder.parent == tmp_path
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_server_left_is_removed_at_the_next_start_and_nobody_elses(tmp_path: Path) -> None:
    killed, left = _holder(tmp_path)
    living, used = _holder(tmp_path)
    try:
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        assert left.is_dir()
        with counting_folder(tmp_path) as own:
            assert sorted(tmp_path.iterdir()) == sorted([own, used])
    finally:
        for process in (killed, living):
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def test_a_child_that_leaves_the_context_takes_nothing_away(tmp_path: Path) -> None:
    with counting_folder(tmp_path) as folder:
        if (child := os.fork()) == 0:
            try:
                raise SystemExit
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        assert folder.is_dir()
