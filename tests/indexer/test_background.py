"""Where foreign questions and own titles lie, measured at build: one scale for all models."""

import numpy as np
import pytest

from indexer.background import FOREIGN_QUESTIONS, Background, measured
from indexer.encoder import Vectors
from indexer.manifest import MANIFEST
from tests.indexer.small_index import SmallIndex


class _Axes:
    """Encodes titles along the first axis and foreign questions at a cosine of ``foreign`` to it."""

    def __init__(self, foreign: float) -> None:
        self._foreign = foreign

    def encode_query(self, text: str) -> Vectors:
        cosine = self._foreign if text in FOREIGN_QUESTIONS else 1.0
        return np.array([cosine, (1 - cosine**2) ** 0.5], dtype=np.float32)


def _measured(foreign: float, cosines: list[float]) -> Background:
    """Of one source's passages, each at a cosine to the first axis and turned away from the second."""
    matrix = np.array([[c, -((1 - c**2) ** 0.5)] for c in cosines], dtype=np.float16).reshape(-1, 2)
    titled = [("Legs", 0, len(cosines))] if cosines else []
    return measured(_Axes(foreign), titled, matrix)  # type: ignore[arg-type]


def test_a_title_counts_by_the_best_passage_of_its_own() -> None:
    """A foreign question lies along the second axis; its cosines are 0, -0.6 and -0.8."""
    seen = _measured(0.0, [1.0, 0.8, 0.6])
    assert (seen.foreign, seen.own) == pytest.approx((-0.6, 1.0), abs=1e-3)


def test_closeness_is_0_at_the_foreign_and_1_at_the_own() -> None:
    told = Background(0.1, 0.9).closeness(np.array([0.1, 0.5, 0.9, 1.0]))
    assert told == pytest.approx([0, 0.5, 1, 1.125])


def test_without_passages_or_without_a_difference_the_usual_values_stand() -> None:
    assert _measured(0.0, []) == Background()
    assert _measured(1.0, [1.0, 1.0]) == Background()


def test_the_manifest_keeps_it_and_reads_it_back(small: SmallIndex) -> None:
    parameters = small.live().manifest.parameters
    assert Background.of_manifest(parameters).as_parameters() == parameters["background"]
    assert Background.of_manifest({}) == Background()


def test_a_generation_without_it_is_built_again_without_encoding(small: SmallIndex) -> None:
    manifest = small.live().path / MANIFEST
    text = manifest.read_text()
    begin = text.index('  "background"')
    manifest.unlink()
    manifest.write_text(text[:begin] + text[text.index("},", begin) + 3 :].lstrip("\n"))
    again = small.update()
    assert (again.published, again.encoded) == (True, 0)
    assert "background" in small.live().manifest.parameters
