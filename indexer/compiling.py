"""A sentence-transformers model -> OpenVINO, as encoder or as reranker; the only file that imports torch.

`compile_encoder` wraps the whole SentenceTransformer (pooling and normalisation included) and
converts it to OpenVINO IR with half-precision weights. `TorchEncoder` runs the same model on a
CUDA device, where bulk encoding is faster than on the CPU.
"""

import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import ModelError
from indexer import reranker
from indexer.encoder import DESCRIPTION_FILE, MODEL_FILE, TOKENIZER_FILE, OpenVinoEncoder, Vectors
from indexer.models import ModelFiles, locate_reranker
from indexer.storage import storage_errors, sync_tree

#: Texts that the compiled model must encode as the model itself does, of lengths that need padding.
_PROBES = ("calcium in the wall of an artery", "legs", "What did the trials of vitamin K find? " * 3)
_LEAST_COSINE = 0.99
_SIMILARITIES = ("cosine", "dot")
#: The names under which models keep their prompts, as sentence-transformers looks them up.
_OF_QUERIES, _OF_PASSAGES = ("query",), ("document", "passage", "corpus")


def compile_encoder(model: ModelFiles, folder: Path) -> None:
    """Write ``model`` as an OpenVINO encoder into ``folder``, which must be empty.

    Prompts, maximum length, dimension and what vectors are compared by come from the model's own
    configuration. Raises `ModelError` where the model cannot be loaded or converted, or where the
    converted one encodes otherwise than the model itself.
    """
    with _quiet():
        transformer = _load(model, "cpu")
        description = {
            "model": model.name,
            "fingerprint": model.fingerprint,
            "dim": int(transformer.get_embedding_dimension() or 0),
            "max_tokens": int(transformer.max_seq_length or 512),
            "query_prompt": _prompt(transformer, *_OF_QUERIES),
            "passage_prompt": _prompt(transformer, *_OF_PASSAGES),
            "similarity": _similarity(model, transformer),
        }
        whole = _whole(transformer, int(str(description["dim"])), description["similarity"] == "cosine")
        _save(model, whole, 2, transformer.tokenizer, description, folder)
        _check_faithful(model, transformer, folder)


def compile_reranker(model: ModelFiles, folder: Path) -> None:
    """Write the cross-encoder ``model`` for `indexer.reranker` into ``folder``, which must be empty.

    Raises `ModelError` where it is no cross-encoder with one score, or scores otherwise once converted.
    """
    with _quiet():
        encoder = _load_reranker(model)
        inputs = 3 if "token_type_ids" in encoder.tokenizer.model_input_names else 2
        description = {
            "model": model.name,
            "fingerprint": model.fingerprint,
            "max_tokens": int(encoder.max_seq_length or 512),
            "inputs": inputs,
        }
        _save(model, _scoring(encoder), inputs, encoder.tokenizer, description, folder)
        pairs = [(_PROBES[0], probe) for probe in _PROBES]
        theirs = encoder.predict(pairs, convert_to_numpy=True, show_progress_bar=False)
        ours = reranker.OpenVinoReranker(folder).scores(_PROBES[0], _PROBES)
        if not np.allclose(ours, theirs, atol=0.05, rtol=0.05):
            raise ModelError(
                model.name,
                "scores otherwise once it is converted to OpenVINO",
                "use a BERT-like cross-encoder",
            )


def open_reranker(name: str, index: Path, threads: int | None = None) -> reranker.OpenVinoReranker:
    """The cross-encoder of that name or folder, compiled under ``index`` where it is not yet.

    Raises `ModelError` where it is none, `StorageError` where it cannot be kept.
    """
    model = locate_reranker(name)
    folder = index / reranker.FOLDER / model.fingerprint[:16]
    if not folder.is_dir():
        with storage_errors(index):
            folder.parent.mkdir(parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix=".compiling-", dir=folder.parent))
            try:
                compile_reranker(model, made)
                sync_tree(made)
                # Another process may have been faster; what it made is the same.
                if not folder.is_dir():
                    made.rename(folder)
            finally:
                shutil.rmtree(made, ignore_errors=True)
    return reranker.OpenVinoReranker(folder, threads)


def _whole(transformer: Any, dim: int, unit_length: bool) -> Any:
    """A module from tokens to embeddings, pooling and normalisation included."""
    import torch

    class Whole(torch.nn.Module):  # type: ignore[misc]
        """The model is a submodule, so that its weights are traced as such."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            embedding = self.transformer(features)["sentence_embedding"][..., :dim]
            return torch.nn.functional.normalize(embedding, dim=-1) if unit_length else embedding

    return Whole().eval()


def _scoring(encoder: Any) -> Any:
    """A module from the tokens of pairs to one score each, the activation included."""
    import torch

    class Scoring(torch.nn.Module):  # type: ignore[misc]
        """The model is a submodule, so that its weights are traced as such."""

        def __init__(self) -> None:
            super().__init__()
            self.model = encoder.model

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any = None) -> Any:
            types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
            logits = self.model(input_ids=input_ids, attention_mask=attention_mask, **types).logits
            return encoder.activation_fn(logits).squeeze(-1)

    return Scoring().eval()


def _save(
    model: ModelFiles, module: Any, inputs: int, tokenizer: Any, description: dict[str, Any], folder: Path
) -> None:
    """Convert a traced module and write it with its tokenizer and description."""
    import openvino
    import torch

    example = torch.ones(2, 16, dtype=torch.long)
    try:
        converted = _converted(module, (example,) * inputs)
        backend = tokenizer.backend_tokenizer
    except Exception as error:
        raise ModelError(
            model.name, "cannot be converted to OpenVINO", "use a BERT-like sentence-transformers model"
        ) from error
    # Outside of the above: here an error is the disk's.
    openvino.save_model(converted, str(folder / MODEL_FILE), compress_to_fp16=True)
    backend.save(str(folder / TOKENIZER_FILE))
    (folder / DESCRIPTION_FILE).write_text(json.dumps(description, indent=1) + "\n", "utf-8")


def _similarity(model: ModelFiles, transformer: Any) -> str:
    name = str(transformer.similarity_fn_name)
    if name not in _SIMILARITIES:
        raise ModelError(
            model.name,
            f"compares vectors by {name}, and an index ranks by cosine or inner product",
            "use a model of one of the two",
        )
    return name


def _prompt(transformer: Any, *names: str) -> str:
    """The model's prompt under the first of the names that has one.

    sentence-transformers adds an empty ``document`` of its own, which must not hide a ``passage``.
    """
    prompts = transformer.prompts or {}
    return next((str(prompts[name]) for name in names if prompts.get(name)), "")


def _check_faithful(model: ModelFiles, transformer: Any, folder: Path) -> None:
    """A route, a pooling or a token type that tracing lost would give other vectors without a word."""
    compiled = OpenVinoEncoder(folder)
    asked, held = (_prompt(transformer, *names) for names in (_OF_QUERIES, _OF_PASSAGES))
    pairs = [(compiled.encode_passages(_PROBES), transformer.encode_document(list(_PROBES), prompt=held))]
    pairs += [(compiled.encode_query(text), transformer.encode_query(text, prompt=asked)) for text in _PROBES]
    for ours, theirs in pairs:
        lengths = np.linalg.norm(ours, axis=-1) * np.linalg.norm(theirs, axis=-1)
        if ours.shape != theirs.shape or not np.all(
            np.sum(ours * theirs, axis=-1) >= _LEAST_COSINE * lengths
        ):
            raise ModelError(
                model.name,
                "encodes otherwise once it is converted to OpenVINO",
                "use a BERT-like sentence-transformers model without routes",
            )


def _converted(module: Any, example: tuple[Any, ...]) -> Any:
    """The traced module as an OpenVINO model with dynamic shapes, without usage statistics.

    `openvino.convert_model` reports its use to its makers unless it believes itself in CI, the one
    switch that it offers without writing to the user's home; Footnote tells nobody anything.
    """
    import openvino

    before = os.environ.get("CI")
    os.environ["CI"] = "true"
    try:
        return openvino.convert_model(module, example_input=example)
    finally:
        del os.environ["CI"]
        if before is not None:
            os.environ["CI"] = before


class TorchEncoder:
    """Bulk encoding through sentence-transformers on a torch device."""

    def __init__(self, model: ModelFiles, device: str) -> None:
        with _quiet():
            self._transformer = _load(model, device)
        self._prompt = _prompt(self._transformer, *_OF_PASSAGES)
        self._normalise = self._transformer.similarity_fn_name == "cosine"

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Vectors:
        """Passages as vectors, ``(n, dim) float32``; the same as the compiled encoder's."""
        vectors = self._transformer.encode(
            [self._prompt + text for text in texts],
            prompt="",
            batch_size=256,
            normalize_embeddings=self._normalise,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        if done is not None:
            done(len(texts))
        return np.asarray(vectors, dtype=np.float32)


def cuda_device() -> str | None:
    """``cuda`` where torch can use one, else None; torch is imported only where a driver is seen."""
    if not Path("/dev/nvidiactl").exists():
        return None
    import torch

    return "cuda" if torch.cuda.is_available() else None


def _load(model: ModelFiles, device: str) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(model.path), device=device, local_files_only=True).eval()
    except Exception as error:
        # A cut weights file or a missing module is reported by types of their own, or as TypeError.
        raise ModelError(
            model.name, "sentence-transformers cannot load it", "check the model's folder"
        ) from error


def _load_reranker(model: ModelFiles) -> Any:
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoder(str(model.path), device="cpu", local_files_only=True).eval()
    except Exception as error:
        raise ModelError(
            model.name, "sentence-transformers cannot load it", "check the model's folder"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the tracing and loading chatter of the libraries off the terminal."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    names = ("transformers", "sentence_transformers", "huggingface_hub")
    levels = {name: logging.getLogger(name).level for name in names}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            logging.getLogger(name).setLevel(logging.ERROR)
        try:
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
