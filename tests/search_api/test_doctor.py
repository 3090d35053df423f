"""The doctor names what is wrong and what to do, and finds nothing in what is sound."""

import shutil
from pathlib import Path

import pytest

from search_api.diagnosis import Finding, diagnose
from search_api.keys import make_key
from search_api.settings import Settings
from tests.search_api.command_line import run


@pytest.fixture
def index(starter_index: Path, tmp_path: Path) -> Path:
    shutil.copytree(starter_index, tmp_path / "index")
    return tmp_path / "index"


def _wrong(settings: Settings) -> list[Finding]:
    return [finding for finding in diagnose(settings) if finding.remedy]


def test_a_sound_installation_has_nothing_to_mend(index: Path, tmp_path: Path) -> None:
    assert _wrong(Settings(index=index, keys=tmp_path / "keys.json")) == []


def test_a_changed_file_a_leftover_and_open_keys_are_each_named_with_a_remedy(
    index: Path, tmp_path: Path
) -> None:
    library = next(index.glob("generations/0*/library.sqlite"))
    library.write_bytes(library.read_bytes()[:-1] + b"\x01")
    (index / "generations" / ".building").mkdir()
    keys = tmp_path / "keys.json"
    make_key(keys, "reader", ("search",))
    keys.chmod(0o644)
    wrong = _wrong(Settings(index=index, keys=keys))
    told = {(finding.subject, finding.remedy) for finding in wrong}
    assert len(wrong) == 3
    assert any("chmod 600" in (remedy or "") for _, remedy in told)
    assert any("rollback" in (remedy or "") for _, remedy in told)
    assert any((remedy or "").startswith("rm -r") for _, remedy in told)


def test_a_server_for_others_without_keys_or_an_address_is_wrong(index: Path, tmp_path: Path) -> None:
    settings = Settings(
        index=index, keys=tmp_path / "keys.json", host="192.0.2.1", limit_store="redis://[::1]:1"
    )
    assert {finding.subject for finding in _wrong(settings)} == {"keys", "limits", "port"}


def test_the_command_ends_with_one_where_there_is_no_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run(monkeypatch, capsys, ("doctor", "--index", tmp_path / "none"))
    assert ended.code == 1
    assert "do: footnote index, or footnote restore FILE" in ended.out
    assert ended.out.endswith("1 to mend\n")
