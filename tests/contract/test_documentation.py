"""The README names every command, option, setting and route, and what it shows is what happens."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from search_api.app import create_app
from search_api.cli import footnote
from search_api.ranking_settings import Ranking
from search_api.settings import SETTINGS, Settings
from tests.conftest import REPOSITORY

README = (REPOSITORY / "README.md").read_text("utf-8")
ARCHITECTURE = (REPOSITORY / "ARCHITECTURE.md").read_text("utf-8")


def test_every_command_and_option_is_in_the_readme() -> None:
    for name, command in footnote.commands.items():
        assert f"footnote {name}" in README
        for option in command.params:
            if isinstance(option, click.Option):
                assert any(f"`{o}" in README or f" {o}" in README for o in option.opts), (
                    f"{name} {option.opts}"
                )


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    for name, default, meaning in SETTINGS:
        flag = f"--{name.replace('_', '-')}"
        assert f"| `{flag}` | `FOOTNOTE_{name.upper()}` | `{default}` | {meaning} |" in README


def test_every_setting_of_ranking_is_in_the_readme() -> None:
    for field in fields(Ranking):
        assert f"`{field.name}`" in README, field.name


def test_every_route_is_in_the_readme() -> None:
    app = create_app(Settings())
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            path = re.sub(r"<(?:path:)?(\w+)>", r"<\1>", rule.rule)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            assert all(f"`{method} {path}`" in README for method in methods), rule


def test_every_rule_of_the_lint_is_in_the_readme() -> None:
    source = "\n".join(p.read_text("utf-8") for p in (REPOSITORY / "corpus" / "linting").glob("*.py"))
    rules = set(re.findall(r'"([a-z]+(?:-[a-z]+)+|length|unreadable)"', source)) - {"utf-8-sig", "table-row"}
    for rule in rules:
        assert f"`{rule}`" in README, rule


def test_every_dependency_has_its_reason() -> None:
    config = (REPOSITORY / "setup.cfg").read_text("utf-8")
    block = config.split("install_requires =")[1].split("[options.packages.find]")[0]
    for package in re.findall(r"^    ([A-Za-z0-9_-]+)", block, re.MULTILINE):
        assert package in ARCHITECTURE, package


def test_no_placeholder_was_left() -> None:
    for text in (README, ARCHITECTURE):
        assert not re.search(r"^[A-Z_]{6,}$|\b(?:TODO|FIXME|XXX)\b", text, re.MULTILINE)


def _examples() -> list[tuple[str, list[str]]]:
    """Every ``$ command`` in a console block with the lines shown below it."""
    examples: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                examples.append((line[2:], []))
            elif line.strip() not in ("", "..."):
                examples[-1][1].append(line)
    return examples


@pytest.fixture(scope="module")
def port(starter_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real server over a copy of the starter index, which examples may change."""
    folder = tmp_path_factory.mktemp("served")
    index = shutil.copytree(starter_index, folder / "index")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = int(probe.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "search_api",
        "serve",
        "--index",
        str(index),
        "--keys",
        str(folder / "keys.json"),
        "--port",
        str(number),
    ]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{number}/readyz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.05)
        yield number
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


@pytest.mark.parametrize(("command", "shown"), _examples(), ids=lambda value: str(value)[:50])
def test_the_readme_shows_what_happens(
    command: str, shown: list[str], starter_index: Path, port: int
) -> None:
    """Each shown line occurs in the output, in order; ``...`` stands for anything."""
    words = shlex.split(command.replace("127.0.0.1:8000", f"127.0.0.1:{port}"))
    if words[0] == "footnote":
        words[:1] = [sys.executable, "-m", "search_api"]
    environment = os.environ | {"FOOTNOTE_INDEX": str(starter_index)}
    done = subprocess.run(words, capture_output=True, text=True, cwd=REPOSITORY, env=environment, check=False)
    output = done.stdout + done.stderr
    at = 0
    for line in shown:
        # The shared index is there already, so indexing again finds it unchanged.
        pattern = re.escape(line).replace(r"\.\.\.", ".*?").replace("published", "(?:published|unchanged)")
        found = re.compile(pattern).search(output, at)
        assert found, f"{line!r} is not in the output of {command}:\n{output[:3000]}"
        at = found.end()
