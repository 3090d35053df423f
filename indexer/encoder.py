"""Text -> vectors, through the encoder that lies in the index; imports no torch.

Vectors are ``(n, dim) float32``, compared by the inner product. They are of unit length, so that it is the
cosine, unless the model's own configuration says that it compares by the inner product of longer ones.
"""

import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamagedError
from corpus.normalising import search_form
from indexer.token_counting import TokenCounter

Vectors = npt.NDArray[np.float32]

DESCRIPTION_FILE = "encoder.json"
MODEL_FILE = "model.xml"
WEIGHTS_FILE = "model.bin"
TOKENIZER_FILE = "tokenizer.json"
#: Texts in one inference when many are encoded; measured in benchmarks/encoding.py.
BULK_BATCH = 8
_FIRST_USE = threading.Lock()


class Encoder(Protocol):
    """The door to the model: what the rest of Footnote knows of it.

    ``max_tokens`` is the longest passage that fits, its begin and end tokens included, its prompt not.
    """

    dim: int
    max_tokens: int
    fingerprint: str
    model_name: str

    def count_tokens(self, text: str) -> int:
        """Tokens of a text without the model's own begin and end tokens."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """A question as a vector, ``(dim,) float32``."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Several questions at once, ``(n, dim) float32``, each as `encode_query` would encode it."""
        ...

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Vectors:
        """Passages (in their encoded form) as vectors, ``(n, dim) float32``."""
        ...


class OpenVinoEncoder:
    """The encoder of an index: OpenVINO IR and tokenizer from its ``encoder/`` folder.

    Safe for use from several threads; each inference request belongs to one thread.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Load from ``folder``; ``threads`` bounds the threads of an inference.

        Raises `IndexDamagedError` where a file is missing or cannot be read.
        """
        import openvino
        from tokenizers import Tokenizer

        try:
            description = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._core = openvino.Core()
            self._model_path = str(folder / MODEL_FILE)
            settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
            if threads:
                settings["INFERENCE_NUM_THREADS"] = threads
            self._query_model = self._core.compile_model(self._model_path, "CPU", settings)
            self.dim = int(description["dim"])
            self._input_tokens = int(description["max_tokens"])
            self.fingerprint = str(description["fingerprint"])
            self.model_name = str(description["model"])
            self._query_prompt = str(description["query_prompt"])
            self._passage_prompt = str(description["passage_prompt"])
            self._unit_length = description.get("similarity", "cosine") == "cosine"
        except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
            raise IndexDamagedError(
                str(folder), "the encoder cannot be loaded", "run footnote verify, then footnote index again"
            ) from error
        except Exception as error:
            # The tokenizers library raises bare Exception for a damaged file.
            if type(error) is not Exception:
                raise
            raise IndexDamagedError(
                str(folder),
                "the tokenizer cannot be loaded",
                "run footnote verify, then footnote index again",
            ) from error
        with _FIRST_USE:
            # OpenVINO looks NumPy up when a tensor's data is first asked for; two threads that do so at once
            # wait for each other for good, the lock of the interpreter held.
            _ = openvino.Tensor(np.zeros(1, dtype=np.float32)).data
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._input_tokens)
        self._counter = TokenCounter(self._tokenizer)
        self.max_tokens = self._input_tokens - self.count_tokens(self._passage_prompt)
        self._bulk: dict[str, Any] = {"PERFORMANCE_HINT": "THROUGHPUT"}
        if threads:
            self._bulk["INFERENCE_NUM_THREADS"] = threads
        self._local = threading.local()

    def count_tokens(self, text: str) -> int:
        """Tokens of a text without the model's own begin and end tokens."""
        return self._counter.count(text)

    def encode_query(self, text: str) -> Vectors:
        """A question as a vector, ``(dim,) float32``.

        A question longer than the model's input is encoded in pieces and averaged, not cut.
        """
        request = self._request()
        vectors = []
        for ids in self._pieces(search_form(text)):
            tokens = np.array([ids], dtype=np.int64)
            request.infer({0: tokens, 1: np.ones_like(tokens)})
            vectors.append(request.get_output_tensor(0).data[0].copy())
        if len(vectors) == 1:
            return np.asarray(vectors[0], dtype=np.float32)
        mean = np.mean(vectors, axis=0)
        return np.asarray(mean / np.linalg.norm(mean) if self._unit_length else mean, dtype=np.float32)

    def _pieces(self, text: str) -> list[list[int]]:
        """The tokens of a question in pieces that fit, each with the prompt before it."""
        encoding = self._tokenizer.encode(self._query_prompt + text)
        if not encoding.overflowing or not self._query_prompt:
            return [encoding.ids, *(part.ids for part in encoding.overflowing)]
        alone = self._tokenizer.encode(text, add_special_tokens=False)
        spans = [span for part in (alone, *alone.overflowing) for span in part.offsets]
        own = self._tokenizer.num_special_tokens_to_add(False) + self.count_tokens(self._query_prompt)
        # A word at the edge of a piece may fall into one token more than it did inside the text.
        size = max(1, self._input_tokens - own - 1)
        starts = range(0, len(spans), size)
        pieces = [text[spans[i][0] : spans[min(i + size, len(spans)) - 1][1]] for i in starts]
        return [self._tokenizer.encode(self._query_prompt + piece).ids for piece in pieces]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Several questions at once, ``(n, dim) float32``, each as `encode_query` would encode it.

        In batches in order of length; a question longer than the model's input is encoded by itself.
        """
        encodings = self._tokenizer.encode_batch([self._query_prompt + search_form(text) for text in texts])
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        whole = [row for row, encoding in enumerate(encodings) if not encoding.overflowing]
        whole.sort(key=lambda row: -len(encodings[row].ids))
        request = self._request()
        for begin in range(0, len(whole), BULK_BATCH):
            rows = whole[begin : begin + BULK_BATCH]
            tokens = np.zeros((len(rows), len(encodings[rows[0]].ids)), dtype=np.int64)
            mask = np.zeros_like(tokens)
            for line, row in enumerate(rows):
                tokens[line, : len(encodings[row].ids)] = encodings[row].ids
                mask[line, : len(encodings[row].ids)] = 1
            request.infer({0: tokens, 1: mask})
            vectors[rows] = request.get_output_tensor(0).data
        for row in set(range(len(texts))) - set(whole):
            vectors[row] = self.encode_query(texts[row])
        return vectors

    def encode_passages(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Vectors:
        """Passages as vectors, ``(n, dim) float32``; ``done`` is told how many were finished.

        Texts run in order of length, so that a batch holds hardly any padding.
        """
        import openvino

        encodings = self._tokenizer.encode_batch([self._passage_prompt + text for text in texts])
        lengths = np.array([len(encoding.ids) for encoding in encodings])
        order = np.argsort(-lengths, kind="stable")
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        model = self._core.compile_model(self._model_path, "CPU", self._bulk)
        queue = openvino.AsyncInferQueue(model)

        def store(request: Any, rows: npt.NDArray[np.int64]) -> None:
            vectors[rows] = request.get_output_tensor(0).data
            if done is not None:
                done(len(rows))

        queue.set_callback(store)
        for begin in range(0, len(texts), BULK_BATCH):
            rows = order[begin : begin + BULK_BATCH]
            tokens = np.zeros((len(rows), int(lengths[rows].max())), dtype=np.int64)
            mask = np.zeros_like(tokens)
            for line, row in enumerate(rows):
                tokens[line, : lengths[row]] = encodings[row].ids
                mask[line, : lengths[row]] = 1
            queue.start_async({0: tokens, 1: mask}, rows)
        queue.wait_all()
        return vectors

    def _request(self) -> Any:
        if not hasattr(self._local, "request"):
            self._local.request = self._query_model.create_infer_request()
        return self._local.request
