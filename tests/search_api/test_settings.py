"""Settings: defaults, then the environment, then what is given."""

import re
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from corpus.errors import ParameterError
from search_api.settings import SETTINGS, Settings


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("config", *(name for name, _, _ in SETTINGS)):
        monkeypatch.delenv(f"FOOTNOTE_{name.upper()}", raising=False)


def test_the_table_and_the_record_name_the_same_settings_with_the_same_defaults() -> None:
    assert {name: default for name, default, _ in SETTINGS} == asdict(Settings())
    assert [name for name, _, _ in SETTINGS] == [field.name for field in fields(Settings)]


def test_every_setting_has_a_meaning_in_words() -> None:
    assert all(len(meaning.split()) > 3 for _, _, meaning in SETTINGS)


def test_without_variables_the_defaults_hold() -> None:
    assert Settings.from_environment() == Settings()


_TRIED = [
    ("index", "/srv/index", Path("/srv/index")),
    ("backend", "milvus", "milvus"),
    ("uri", "http://host:19530", "http://host:19530"),
    ("collection", "notes", "notes"),
    ("style", "vancouver", "vancouver"),
    ("max_source_bytes", "1000", 1000),
    ("job_hours", "3", 3),
    ("threads", "3", 3),
    ("profile", "fast", "fast"),
    ("rerank", "some/model", "some/model"),
    ("max_body_bytes", "500", 500),
    ("max_draft_bytes", "700", 700),
    ("cors", "https://example.org", "https://example.org"),
    ("host", "::1", "::1"),
    ("port", "8123", 8123),
    ("workers", "3", 3),
    ("access", "keys", "keys"),
    ("keys", "/etc/keys.json", Path("/etc/keys.json")),
    ("limit", "5 per second", "5 per second"),
    ("limit_store", "redis://host:6379", "redis://host:6379"),
    ("proxies", "1", 1),
    ("request_seconds", "7", 7),
    ("waiting", "2", 2),
    ("cache_bytes", "0", 0),
    ("log", "json", "json"),
]


@pytest.mark.parametrize(("name", "written", "value"), _TRIED)
def test_every_setting_can_be_given_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, written: str, value: object
) -> None:
    monkeypatch.setenv(f"FOOTNOTE_{name.upper()}", written)
    assert getattr(Settings.from_environment(), name) == value


@pytest.mark.parametrize(("name", "written", "value"), _TRIED)
def test_every_setting_can_be_given_in_a_file(tmp_path: Path, name: str, written: str, value: object) -> None:
    file = tmp_path / "footnote.toml"
    file.write_text(f"{name} = {written}\n" if isinstance(value, int) else f'{name} = "{written}"\n')
    assert getattr(Settings.from_environment(file), name) == value


def test_this_file_tries_every_setting_there_is() -> None:
    assert {name for name, _, _ in SETTINGS} == {name for name, _, _ in _TRIED}


def test_the_file_loses_to_the_environment_and_both_to_what_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "footnote.toml"
    file.write_text('port = 1001\nstyle = "ama"\nlog = "json"\n')
    monkeypatch.setenv("FOOTNOTE_CONFIG", str(file))
    monkeypatch.setenv("FOOTNOTE_PORT", "1002")
    monkeypatch.setenv("FOOTNOTE_STYLE", "ieee")
    settings = Settings.from_environment(port=1003)
    assert (settings.port, settings.style, settings.log) == (1003, "ieee", "json")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("prot = 8000\n", "did you mean port?"),
        ('port = "8000"\n', "must be a whole number"),
        ("port = true\n", "must be a whole number"),
        ("style = 3\n", "must be text in quotes"),
        ("port = 70000\n", "must be from 1 to 65535"),
        ("port = \n", "cannot be read as TOML"),
        ('access = "all"\n', "must be one of auto, keys, open"),
        ("[server]\nport = 1\n", "no setting of that name"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_remedy(
    tmp_path: Path, content: str, words: str
) -> None:
    file = tmp_path / "footnote.toml"
    file.write_text(content)
    with pytest.raises(ParameterError, match=re.escape(words)):
        Settings.from_environment(file)


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="No such file"):
        Settings.from_environment(tmp_path / "none.toml")


def test_a_variable_that_is_nearly_a_setting_is_refused_and_others_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOOTNOTE_NOTES_OF_ANOTHER_PROGRAM", "x")
    assert Settings.from_environment() == Settings()
    monkeypatch.setenv("FOOTNOTE_WORKRES", "3")
    with pytest.raises(ParameterError, match="did you mean workers"):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("host", "access", "demanded"),
    [
        ("127.0.0.1", "auto", False),
        ("127.8.8.8", "auto", False),
        ("::1", "auto", False),
        ("localhost", "auto", False),
        ("0.0.0.0", "auto", True),
        ("::", "auto", True),
        ("192.168.1.2", "auto", True),
        ("footnote.example", "auto", True),
        ("127.0.0.1", "keys", True),
        ("0.0.0.0", "open", False),
    ],
)
def test_keys_are_demanded_on_any_address_but_loopback(host: str, access: str, demanded: bool) -> None:
    assert Settings(host=host, access=access).demands_keys is demanded


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_INDEX", "/srv/index")
    assert Settings.from_environment(index=Path("here")).index == Path("here")


def test_none_and_an_empty_variable_count_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_STYLE", "")
    monkeypatch.setenv("FOOTNOTE_INDEX", "/srv/index")
    settings = Settings.from_environment(index=None, style=None)
    assert (settings.style, settings.index) == ("apa", Path("/srv/index"))


@pytest.mark.parametrize("written", ["two", "-1", "1.5", "²", " ", "0x10"])
def test_a_number_that_is_none_is_refused_with_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("FOOTNOTE_THREADS", written)
    with pytest.raises(ParameterError) as caught:
        Settings.from_environment()
    assert caught.value.field == "FOOTNOTE_THREADS"
    assert caught.value.given == written
