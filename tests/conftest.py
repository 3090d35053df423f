"""What the tests share: the starter library, an index of it built once, a searcher and a client."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from indexer.build import BuildReport, build
from indexer.generation import IndexDirectory
from search_api.app import create_app
from search_api.search import Searcher
from search_api.settings import Settings

REPOSITORY = Path(__file__).resolve().parent.parent
STARTER = REPOSITORY / "corpus" / "starter"

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    """The starter library indexed with the real encoder, and what the build reported."""
    index = tmp_path_factory.mktemp("starter") / "index"
    return index, build(index, [STARTER])


@pytest.fixture(scope="session")
def starter_index(built: tuple[Path, BuildReport]) -> Path:
    """An index of the starter library that no test changes."""
    return built[0]


@pytest.fixture(scope="session")
def searcher(starter_index: Path) -> Iterator[Searcher]:
    """A searcher of the starter index."""
    opened = Searcher.open(IndexDirectory(starter_index).open())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def client(starter_index: Path) -> FlaskClient:
    """A client of the application over the starter index."""
    return create_app(Settings(index=starter_index)).test_client()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files beside the project; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("FOOTNOTE_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent; set FOOTNOTE_SHARED to the folder of real files")
    return folder
