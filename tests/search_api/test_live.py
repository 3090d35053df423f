"""The searcher of the live generation: replaced between requests, kept where the new one is damaged."""

import json
import logging
import os
import threading
from pathlib import Path
from shutil import copytree

import pytest

from corpus.errors import IndexDamagedError, IndexMissingError
from indexer.build import build
from indexer.generation import LIBRARY_FILE, IndexDirectory
from indexer.manifest import MANIFEST
from search_api.app import create_app
from search_api.live import LiveSearcher
from search_api.queries import query_from
from search_api.search import Searcher
from search_api.settings import Settings

_FALLS = query_from({"query": "zinc lozenges for the common cold"})


def _study(folder: Path, name: str, title: str) -> Path:
    record = {
        "id": name,
        "DOI": f"10.1000/{name}",
        "type": "article-journal",
        "title": title,
        "issued": {"date-parts": [[2021]]},
        "custom": {"summary": f"{title}: a small trial."},
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record))
    return path


@pytest.fixture(scope="module")
def small(starter_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with two generations: 2, of one study, is live; 3, of two, waits to be published."""
    folder = tmp_path_factory.mktemp("small")
    copytree(starter_index, folder / "index")
    build(folder / "index", [_study(folder, "cold", "Zinc lozenges for the common cold")], prune=True)
    build(folder / "index", [_study(folder, "flu", "Zinc and flu")])
    IndexDirectory(folder / "index").rollback()
    return folder / "index"


@pytest.fixture
def index(small: Path, tmp_path: Path) -> Path:
    """An index that this test may publish to; its files are shared, so they are replaced, not changed."""
    copytree(small, tmp_path / "index", copy_function=os.link)
    return tmp_path / "index"


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name("fresh")
    fresh.write_bytes(content)
    fresh.rename(path)


def _publish(index: Path) -> str:
    """Make the waiting generation live by the rename that ends a build; returns its name."""
    _replace(index / "CURRENT", b"000003\n")
    return "000003"


def _build(index: Path, name: str) -> str:
    """Build and publish a generation with one more study; returns its name."""
    build(index, [_study(index.parent, name, f"Zinc and {name}")])
    return str(IndexDirectory(index).current_name())


def _damage(index: Path) -> None:
    """Cut the library of the generation that is live."""
    directory = IndexDirectory(index)
    library = index / "generations" / str(directory.current_name()) / LIBRARY_FILE
    _replace(library, library.read_bytes()[:-100])


def _ids(searcher: Searcher) -> set[str]:
    return {hit.source.source_id for hit in searcher.search(_FALLS).hits}


def test_nothing_is_opened_before_the_first_request(tmp_path: Path) -> None:
    live = LiveSearcher(tmp_path / "none")
    with pytest.raises(IndexMissingError):
        live.get()


def test_the_same_searcher_is_handed_out_while_nothing_changes(index: Path) -> None:
    live = LiveSearcher(index)
    assert live.get() is live.get()


def test_after_a_publish_the_next_request_is_answered_from_the_new_generation(index: Path) -> None:
    live = LiveSearcher(index)
    held = live.get()
    assert _ids(held) == {"doi:10.1000/cold"}
    name = _publish(index)
    fresh = live.get()
    assert fresh.manifest.name == name != held.manifest.name
    assert _ids(fresh) == {"doi:10.1000/cold", "doi:10.1000/flu"}


def test_a_request_that_holds_the_old_generation_is_still_answered_from_it(index: Path) -> None:
    live = LiveSearcher(index)
    held = live.get()
    before = held.search(_FALLS)
    _publish(index)
    live.get()
    after = held.search(_FALLS)
    assert after.index_version == before.index_version
    assert [hit.passage for hit in after.hits] == [hit.passage for hit in before.hits]


def test_the_old_generation_answers_even_when_its_files_are_gone(index: Path) -> None:
    """Two publishes forget the generation that a slow request may still hold."""
    live = LiveSearcher(index)
    held = live.get()
    _build(index, "cough")
    _build(index, "fever")
    assert not (index / "generations" / held.manifest.name).exists()
    assert _ids(held) == {"doi:10.1000/cold"}
    assert held.library.source("cold").title == "Zinc lozenges for the common cold"


def test_the_encoder_is_handed_on_to_a_generation_of_the_same_model(index: Path) -> None:
    live = LiveSearcher(index)
    held = live.get()
    _publish(index)
    assert live.get().encoder is held.encoder


def test_a_damaged_new_generation_leaves_the_old_one_answering_and_says_so_once(
    index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveSearcher(index)
    held = live.get()
    _publish(index)
    _damage(index)
    with caplog.at_level(logging.INFO, "footnote.live"):
        assert live.get() is held
        assert live.get() is held
    assert _ids(held) == {"doi:10.1000/cold"}
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "still answering from generation 000002" in record.getMessage()


def test_a_sound_generation_after_a_damaged_one_is_taken(index: Path) -> None:
    live = LiveSearcher(index)
    held = live.get()
    _publish(index)
    _damage(index)
    assert live.get() is held
    IndexDirectory(index).rollback()
    assert live.get() is held
    name = _build(index, "cough")
    assert live.get().manifest.name == name


def test_a_new_generation_of_another_format_is_not_taken(index: Path) -> None:
    live = LiveSearcher(index)
    held = live.get()
    name = _publish(index)
    manifest = index / "generations" / name / MANIFEST
    _replace(manifest, json.dumps(json.loads(manifest.read_text()) | {"format": 99}).encode())
    assert live.get() is held


def test_a_damaged_first_generation_is_refused(index: Path) -> None:
    _damage(index)
    with pytest.raises(IndexDamagedError):
        LiveSearcher(index).get()


def test_a_rollback_is_followed_as_well(index: Path) -> None:
    live = LiveSearcher(index)
    first = live.get().manifest.name
    second = _publish(index)
    assert live.get().manifest.name == second
    IndexDirectory(index).rollback()
    assert live.get().manifest.name == first


@pytest.mark.parametrize("content", [None, "", "nonsense\n", "\xff"])
def test_a_lost_or_garbled_pointer_leaves_the_held_generation_answering(
    index: Path, content: str | None
) -> None:
    live = LiveSearcher(index)
    held = live.get()
    pointer = index / "CURRENT"
    if content is None:
        pointer.unlink()
    else:
        _replace(pointer, content.encode("latin-1"))
    assert live.get() is held
    assert _ids(live.get()) == {"doi:10.1000/cold"}


def test_an_index_that_appears_after_the_start_is_found(index: Path, tmp_path: Path) -> None:
    later = tmp_path / "later"
    live = LiveSearcher(later)
    with pytest.raises(IndexMissingError):
        live.get()
    index.rename(later)
    assert _ids(live.get()) == {"doi:10.1000/cold"}


def test_many_threads_that_ask_first_at_once_open_one_searcher(index: Path) -> None:
    live = LiveSearcher(index)
    start = threading.Barrier(8)
    got: list[Searcher] = []

    def ask() -> None:
        start.wait()
        got.append(live.get())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert len({id(searcher) for searcher in got}) == 1


def test_requests_that_run_while_generations_are_published_all_get_whole_answers(index: Path) -> None:
    live = LiveSearcher(index)
    live.get()
    stop = threading.Event()
    faults: list[Exception] = []
    answered = 0

    def ask() -> None:
        nonlocal answered
        while not stop.is_set():
            try:
                searcher = live.get()
                assert searcher.search(_FALLS).index_version == searcher.manifest.index_version
                answered += 1
            except Exception as error:  # noqa: BLE001 - the thread's fault is the test's to report
                faults.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    _publish(index)
    _build(index, "cough")
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert answered > 0


def test_the_application_moves_on_between_two_requests(index: Path) -> None:
    client = create_app(Settings(index=index)).test_client()
    before = client.get("/v1/search?query=zinc").get_json()
    _build(index, "cough")
    after = client.get("/v1/search?query=zinc").get_json()
    assert before["index_version"] != after["index_version"]
    assert len(after["results"]) == len(before["results"]) + 1 == 2
