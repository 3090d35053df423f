"""Settings: defaults, then the environment, then what is given."""

from dataclasses import asdict, fields
from pathlib import Path

import pytest

from corpus.errors import ParameterError
from search_api.settings import SETTINGS, Settings


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _, _ in SETTINGS:
        monkeypatch.delenv(f"FOOTNOTE_{name.upper()}", raising=False)


def test_the_table_and_the_record_name_the_same_settings_with_the_same_defaults() -> None:
    assert {name: default for name, default, _ in SETTINGS} == asdict(Settings())
    assert [name for name, _, _ in SETTINGS] == [field.name for field in fields(Settings)]


def test_every_setting_has_a_meaning_in_words() -> None:
    assert all(len(meaning.split()) > 3 for _, _, meaning in SETTINGS)


def test_without_variables_the_defaults_hold() -> None:
    assert Settings.from_environment() == Settings()


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("index", "/srv/index", Path("/srv/index")),
        ("style", "vancouver", "vancouver"),
        ("threads", "3", 3),
        ("profile", "fast", "fast"),
        ("rerank", "some/model", "some/model"),
        ("max_body_bytes", "500", 500),
        ("max_draft_bytes", "700", 700),
    ],
)
def test_every_setting_can_be_given_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, written: str, value: object
) -> None:
    monkeypatch.setenv(f"FOOTNOTE_{name.upper()}", written)
    assert getattr(Settings.from_environment(), name) == value


def test_this_file_tries_every_setting_there_is() -> None:
    tried = {"index", "style", "threads", "profile", "rerank", "max_body_bytes", "max_draft_bytes"}
    assert {name for name, _, _ in SETTINGS} == tried


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
