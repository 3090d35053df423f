"""What the tests share: the starter library, an index of it built once, a searcher and a client."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from indexer.build import build
from indexer.generation import IndexDirectory
from search_api.app import create_app
from search_api.search import Searcher
from search_api.settings import Settings

REPOSITORY = Path(__file__).resolve().parent.parent
STARTER = REPOSITORY / "corpus" / "starter"

#: Indexes of the starter library kept between runs, the latest.
_KEPT = 3

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def starter_index(request: pytest.FixtureRequest) -> Path:
    """An index of the starter library that no test changes, made with the real encoder.

    It is kept between runs for as long as nothing that it is made of changes. Runs at the same time
    may each make it; the first to finish is kept.
    """
    kept = request.config.cache.mkdir("starter_index")
    index = kept / _digest()
    if not index.exists():
        with tempfile.TemporaryDirectory(dir=kept) as made:
            build(Path(made) / "index", [STARTER])
            with contextlib.suppress(OSError):
                (Path(made) / "index").rename(index)
        for older in sorted(kept.iterdir(), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            shutil.rmtree(older, ignore_errors=True)
    return index


def _digest() -> str:
    """What the index is made of: the library, the code that reads and indexes it, the packages."""
    digest = hashlib.sha256((REPOSITORY / "constraints.txt").read_bytes())
    for floor in ("corpus", "indexer"):
        for path in sorted((REPOSITORY / floor).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(REPOSITORY)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def searcher(starter_index: Path) -> Iterator[Searcher]:
    """A searcher of the starter index."""
    opened = Searcher.open(IndexDirectory(starter_index).open())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def client(starter_index: Path) -> FlaskClient:
    """A client of the application over the starter index; it keeps no cookie from one test to the next."""
    return create_app(Settings(index=starter_index)).test_client(use_cookies=False)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files beside the project; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("FOOTNOTE_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent; set FOOTNOTE_SHARED to the folder of real files")
    return folder
