"""A cross-encoder over the top of a ranking: question and passage read together, one score for each pair.

It is no part of an index: any cross-encoder can be put over any. What is compiled is kept beside the
generations, in ``rerankers/<fingerprint>/``, so that torch is needed the first time only.
"""

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from corpus.errors import IndexDamagedError
from indexer.encoder import DESCRIPTION_FILE, MODEL_FILE, TOKENIZER_FILE

Scores = npt.NDArray[np.float32]

#: Beside the generations of an index.
FOLDER = "rerankers"
#: Pairs in one inference: few, for padding costs more than batching saves on a CPU.
_BATCH = 8


class Reranker(Protocol):
    """The door to a cross-encoder."""

    model_name: str
    fingerprint: str

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        """How well each passage answers the question, ``(passages,) float32``; higher is better."""
        ...


class OpenVinoReranker:
    """A compiled cross-encoder; safe for use from several threads, which take turns."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Load from ``folder``; raises `IndexDamagedError` where a file is missing or cannot be read."""
        import openvino
        from tokenizers import Tokenizer

        try:
            description = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(int(description["max_tokens"]))
            settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
            if threads:
                settings["INFERENCE_NUM_THREADS"] = threads
            core = openvino.Core()
            self._request = core.compile_model(
                str(folder / MODEL_FILE), "CPU", settings
            ).create_infer_request()
            self._inputs = int(description["inputs"])
            self.model_name = str(description["model"])
            self.fingerprint = str(description["fingerprint"])
        except Exception as error:
            # The tokenizers library raises bare Exception for a damaged file.
            raise IndexDamagedError(
                str(folder), "the reranker cannot be loaded", "remove that folder, it is made again"
            ) from error
        self._lock = threading.Lock()

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        """How well each passage answers the question, ``(passages,) float32``; higher is better."""
        encodings = self._tokenizer.encode_batch([(question, passage) for passage in passages])
        order = sorted(range(len(passages)), key=lambda place: -len(encodings[place].ids))
        found = np.zeros(len(passages), dtype=np.float32)
        for begin in range(0, len(order), _BATCH):
            places = order[begin : begin + _BATCH]
            found[places] = self._inferred([encodings[place] for place in places])
        return found

    def _inferred(self, encodings: Sequence[Any]) -> Scores:
        shape = len(encodings), max(len(encoding.ids) for encoding in encodings)
        tokens, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
        for line, encoding in enumerate(encodings):
            tokens[line, : len(encoding.ids)] = encoding.ids
            mask[line, : len(encoding.ids)] = 1
            types[line, : len(encoding.ids)] = encoding.type_ids
        with self._lock:
            self._request.infer(dict(enumerate((tokens, mask, types)[: self._inputs])))
            return np.array(self._request.get_output_tensor(0).data, dtype=np.float32)
