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
from indexer.encoder import DESCRIPTION_FILE, MODEL_FILE, TOKENIZER_FILE, Vectors
from indexer.models import ModelFiles


def compile_encoder(model: ModelFiles, folder: Path) -> None:
    """Write ``model`` as an OpenVINO encoder into ``folder``, which must be empty.

    Raises `ModelError` where the model cannot be loaded or converted.
    """
    import openvino
    import torch

    with _quiet():
        transformer = _load(model, "cpu")

        class Whole(torch.nn.Module):  # type: ignore[misc]
            """Pooling and normalisation included; a submodule, so that its weights are traced as such."""

            def __init__(self) -> None:
                super().__init__()
                self.transformer = transformer

            def forward(self, input_ids: Any, attention_mask: Any) -> Any:
                features = {"input_ids": input_ids, "attention_mask": attention_mask}
                embedding = self.transformer(features)["sentence_embedding"]
                return torch.nn.functional.normalize(embedding, dim=-1)

        example = torch.ones(2, 16, dtype=torch.long)
        try:
            converted = _converted(Whole().eval(), (example, example))
        except Exception as error:
            raise ModelError(
                model.name, "cannot be converted to OpenVINO", "use a BERT-like sentence-transformers model"
            ) from error
        openvino.save_model(converted, str(folder / MODEL_FILE), compress_to_fp16=True)
    transformer.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
    prompts = transformer.prompts or {}
    description = {
        "model": model.name,
        "fingerprint": model.fingerprint,
        "dim": int(transformer.get_embedding_dimension()),
        "max_tokens": int(transformer.max_seq_length or 512),
        "query_prompt": prompts.get("query") or "",
        "passage_prompt": prompts.get("document") or prompts.get("passage") or "",
    }
    (folder / DESCRIPTION_FILE).write_text(json.dumps(description, indent=1) + "\n", "utf-8")


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
        prompts = self._transformer.prompts or {}
        self._prompt = prompts.get("document") or prompts.get("passage") or ""

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Vectors:
        """Passages as unit vectors, ``(n, dim) float32``; the same as the compiled encoder's."""
        vectors = self._transformer.encode(
            [self._prompt + text for text in texts],
            prompt="",
            batch_size=256,
            normalize_embeddings=True,
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
