"""Keys: made once, stored as digests, found in constant time, revoked at once."""

import hashlib
import json
import re
import stat
import threading
import time
from pathlib import Path

import pytest

from corpus.errors import KeyFileError, NotFoundError, ParameterError
from search_api.keys import Key, KeyRing, make_key, revoke_key
from tests.search_api.command_line import run


def test_a_key_that_was_made_is_found_with_its_scopes(tmp_path: Path) -> None:
    key, record = make_key(tmp_path / "keys.json", "reader", ("search",))
    assert re.fullmatch(r"fn_[0-9a-f]{12}_[0-9a-f]{64}", key)
    assert KeyRing(tmp_path / "keys.json").find(key) == record
    assert record.allows("search")
    assert not record.allows("admin")


def test_an_admin_may_search() -> None:
    assert Key("0" * 12, "x", ("admin",), "0" * 64, "").allows("search")


def test_the_file_is_its_owners_alone_and_holds_digests_not_secrets(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    key, record = make_key(path, "reader", ("search",))
    secret = key.rsplit("_", 1)[1]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret not in path.read_text()
    assert json.loads(path.read_text())["keys"][0]["sha256"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in repr(record)


def test_a_revoked_key_is_refused_by_a_ring_that_knew_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    ring = KeyRing(path)
    key, record = make_key(path, "reader", ("search",))
    other, _ = make_key(path, "other", ("search",))
    assert ring.find(key)
    revoke_key(path, record.key_id)
    assert ring.find(key) is None
    assert ring.find(other)


def test_what_is_no_key_is_found_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    key, record = make_key(path, "reader", ("search",))
    ring = KeyRing(path)
    wrong = f"fn_{record.key_id}_{'0' * 64}"
    for given in (
        "",
        "fn__",
        wrong,
        key[:-1],
        key + "0",
        key.upper(),
        f" {key}",
        key[:-1] + "\u0660",
        "x" * 80,
    ):
        assert ring.find(given) is None, given


def test_a_key_of_a_megabyte_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    make_key(path, "reader", ("search",))
    ring = KeyRing(path)
    long = "fn_" + "a" * 1_000_000
    began = time.perf_counter()
    for _ in range(1000):
        assert ring.find(long) is None
    assert time.perf_counter() - began < 1.0


def test_without_a_file_no_key_is_known(tmp_path: Path) -> None:
    assert KeyRing(tmp_path / "none").find("fn_" + "0" * 12 + "_" + "0" * 64) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"keys": [{}]}', '{"keys": [{"key_id": "a"}]}', "\xff"])
def test_a_damaged_file_lets_nobody_in(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(content.encode("latin-1"))
    path.chmod(0o600)
    with pytest.raises(KeyFileError):
        KeyRing(path).find("fn_" + "0" * 12 + "_" + "0" * 64)


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    key, _ = make_key(path, "reader", ("search",))
    ring = KeyRing(path)
    assert ring.find(key)
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        ring.find(key)


def test_keys_made_at_once_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    threads = [threading.Thread(target=make_key, args=(path, f"n{n}", ("search",))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key.name for key in KeyRing(path).all()) == [f"n{n}" for n in range(8)]


def test_scopes_and_names_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="search or admin"):
        make_key(tmp_path / "keys.json", "x", ("root",))
    with pytest.raises(ParameterError, match="printable"):
        make_key(tmp_path / "keys.json", "x\n", ("search",))
    with pytest.raises(NotFoundError, match="footnote keys list"):
        revoke_key(tmp_path / "keys.json", "abc")


def test_the_command_makes_lists_and_revokes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def footnote(*arguments: str) -> str:
        return run(monkeypatch, capsys, ("keys", *arguments)).out

    file = str(tmp_path / "keys.json")
    made = footnote("make", "reading room", "--scope", "search", "--scope", "admin", "--keys", file)
    key_id = made.split("_")[1]
    listed = footnote("list", "--keys", file)
    assert listed.startswith(f"{key_id}  search,admin")
    assert listed.endswith("  reading room\n")
    assert "is revoked" in footnote("revoke", key_id, "--keys", file)
    assert footnote("list", "--keys", file) == ""
