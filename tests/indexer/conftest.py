"""What the tests of this floor share: a small library indexed with two models, copied by who changes it."""

import shutil
from pathlib import Path

import pytest

from indexer.build import build
from indexer.encoder import OpenVinoEncoder
from indexer.generation import ENCODER_FOLDER
from indexer.models import ModelFiles, locate
from tests.indexer.small_index import SmallIndex, write_library
from tests.small_models import write_encoder


@pytest.fixture(scope="session")
def base_index(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    """The small library indexed once with the default model; no test changes it."""
    folder = tmp_path_factory.mktemp("small")
    base = SmallIndex(folder / "index", write_library(folder / "library"))
    build(base.index, [base.library])
    return base


@pytest.fixture(scope="session")
def encoder(base_index: SmallIndex) -> OpenVinoEncoder:
    """The compiled default encoder."""
    return OpenVinoEncoder(base_index.live().path / ENCODER_FOLDER)


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    """A sentence-transformers model of 32 dimensions, 128 tokens and two prompts, weights drawn by lot."""
    prompts = {"query": "query: ", "document": "passage: "}
    return locate(str(write_encoder(tmp_path_factory.mktemp("model"), prompts=prompts)))


@pytest.fixture(scope="session")
def light_index(other_model: ModelFiles, tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    """The small library indexed once with the small model; no test changes it."""
    folder = tmp_path_factory.mktemp("light")
    light = SmallIndex(folder / "index", write_library(folder / "library"))
    build(light.index, [light.library], model=other_model.name)
    return light


@pytest.fixture
def small(light_index: SmallIndex, tmp_path: Path) -> SmallIndex:
    """A copy of the light index and its files, to be changed."""
    return light_index.copy_to(tmp_path)


@pytest.fixture
def own_model(other_model: ModelFiles, tmp_path: Path) -> Path:
    """A copy of the small model's folder, to be changed."""
    return Path(shutil.copytree(other_model.path, tmp_path / "model"))


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the hub for anything."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
