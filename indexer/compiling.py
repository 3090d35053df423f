"""A sentence-transformers model -> the ``encoder/`` folder; the only file that imports torch.

`compile_encoder` wraps the whole SentenceTransformer (pooling and normalisation included) and
converts it to OpenVINO IR with half-precision weights. `TorchEncoder` runs the same model on a
CUDA device, where bulk encoding is faster than on the CPU.
"""

import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import ModelError
from indexer.encoder import DESCRIPTION_FILE, MODEL_FILE, TOKENIZER_FILE, OpenVinoEncoder, Vectors
from indexer.models import ModelFiles

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
    import openvino
    import torch

    with _quiet():
        transformer = _load(model, "cpu")
        similarity = _similarity(model, transformer)
        dim = int(transformer.get_embedding_dimension() or 0)

        class Whole(torch.nn.Module):  # type: ignore[misc]
            """Pooling and normalisation included; a submodule, so that its weights are traced as such."""

            def __init__(self) -> None:
                super().__init__()
                self.transformer = transformer

            def forward(self, input_ids: Any, attention_mask: Any) -> Any:
                features = {"input_ids": input_ids, "attention_mask": attention_mask}
                embedding = self.transformer(features)["sentence_embedding"][..., :dim]
                return (
                    torch.nn.functional.normalize(embedding, dim=-1) if similarity == "cosine" else embedding
                )

        example = torch.ones(2, 16, dtype=torch.long)
        try:
            converted = _converted(Whole().eval(), (example, example))
            tokenizer = transformer.tokenizer.backend_tokenizer
        except Exception as error:
            raise ModelError(
                model.name, "cannot be converted to OpenVINO", "use a BERT-like sentence-transformers model"
            ) from error
        # Outside of the above: here an error is the disk's.
        openvino.save_model(converted, str(folder / MODEL_FILE), compress_to_fp16=True)
        tokenizer.save(str(folder / TOKENIZER_FILE))
        description = {
            "model": model.name,
            "fingerprint": model.fingerprint,
            "dim": dim,
            "max_tokens": int(transformer.max_seq_length or 512),
            "query_prompt": _prompt(transformer, *_OF_QUERIES),
            "passage_prompt": _prompt(transformer, *_OF_PASSAGES),
            "similarity": similarity,
        }
        (folder / DESCRIPTION_FILE).write_text(json.dumps(description, indent=1) + "\n", "utf-8")
        _check_faithful(model, transformer, folder)


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
