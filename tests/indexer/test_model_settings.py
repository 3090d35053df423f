"""A model is used as its own configuration says: prompts, length, dimension, what vectors are compared by."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from corpus.errors import ModelError
from indexer.build import build
from indexer.compiling import TorchEncoder, compile_encoder
from indexer.encoder import OpenVinoEncoder, Vectors
from indexer.models import locate
from tests.indexer.small_index import SmallIndex
from tests.indexer.test_models import change_json
from tests.small_models import write_encoder

TEXTS = ["vitamin K2 and the arteries of the leg", "legs", "Stretching before sleep."]
CONFIG = "config_sentence_transformers.json"


def compiled(model: Path, folder: Path) -> OpenVinoEncoder:
    """The model compiled into a new folder."""
    target = folder / "encoder"
    target.mkdir()
    compile_encoder(locate(str(model)), target)
    return OpenVinoEncoder(target)


def questions(encoder: OpenVinoEncoder, texts: list[str]) -> Vectors:
    return np.stack([encoder.encode_query(text) for text in texts])


def itself(model: Path) -> SentenceTransformer:
    return SentenceTransformer(str(model), device="cpu", local_files_only=True)


def unit(vectors: Any) -> Any:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


@pytest.mark.parametrize(
    ("prompts", "query", "passage"),
    [
        ({"query": "ask: ", "document": "text: "}, "ask: ", "text: "),
        ({"query": "ask: ", "passage": "text: "}, "ask: ", "text: "),
        ({"corpus": "text: "}, "", "text: "),
        ({"query": "ask: ", "document": ""}, "ask: ", ""),
        ({"clustering": "group: "}, "", ""),
        ({}, "", ""),
    ],
)
def test_a_prompt_stands_before_what_the_model_keeps_it_for(
    own_model: Path, tmp_path: Path, prompts: dict[str, str], query: str, passage: str
) -> None:
    change_json(own_model / CONFIG, prompts=prompts)
    encoder, model = compiled(own_model, tmp_path), itself(own_model)
    asked = unit(model.encode([query + text for text in TEXTS], prompt=""))
    held = unit(model.encode([passage + text for text in TEXTS], prompt=""))
    np.testing.assert_allclose(questions(encoder, TEXTS), asked, atol=5e-3)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), held, atol=5e-3)
    assert np.allclose(asked, held, atol=5e-3) == (query == passage)


def test_a_dimension_that_the_model_is_to_be_cut_to_is_kept(tmp_path: Path) -> None:
    model = write_encoder(tmp_path, truncate_dim=16)
    encoder = compiled(model, tmp_path)
    assert encoder.dim == 16
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.shape == (3, 16)
    np.testing.assert_allclose(vectors, unit(itself(model).encode_document(TEXTS)), atol=0.02)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_vectors_of_a_model_that_compares_by_the_inner_product_keep_their_length(tmp_path: Path) -> None:
    model = write_encoder(tmp_path, similarity_fn_name="dot")
    encoder = compiled(model, tmp_path)
    expected = itself(model).encode_document(TEXTS)
    assert float(np.linalg.norm(expected, axis=1).min()) > 1.5
    for vectors in (
        encoder.encode_passages(TEXTS),
        questions(encoder, TEXTS),
        TorchEncoder(locate(str(model)), "cpu").encode_passages(TEXTS),
    ):
        np.testing.assert_allclose(vectors, expected, atol=0.1)
    whole = encoder.encode_query("legs " * 126 + "iron " * 126)
    mean = (encoder.encode_query("legs " * 126) + encoder.encode_query("iron " * 126)) / 2
    np.testing.assert_allclose(whole, mean, atol=1e-3)


@pytest.mark.parametrize("name", ["euclidean", "manhattan"])
def test_a_model_that_compares_by_distance_is_refused(own_model: Path, tmp_path: Path, name: str) -> None:
    change_json(own_model / CONFIG, similarity_fn_name=name)
    with pytest.raises(ModelError, match=f"compares vectors by {name}.*use a model of one of the two"):
        compiled(own_model, tmp_path)


def test_a_model_that_would_encode_otherwise_once_compiled_is_refused(
    own_model: Path, tmp_path: Path
) -> None:
    """Pooling without the prompt needs the prompt's length, which the compiled model is not given."""
    change_json(own_model / "1_Pooling" / "config.json", include_prompt=False)
    with pytest.raises(ModelError, match="encodes otherwise once it is converted to OpenVINO"):
        compiled(own_model, tmp_path)


def test_every_piece_of_a_long_question_has_the_prompt_before_it(own_model: Path, tmp_path: Path) -> None:
    """``legs`` is one token; 128 are read, of which 2 are the model's, 2 the prompt and 1 is slack."""
    encoder = compiled(own_model, tmp_path)
    first, second, third = "legs " * 123, "iron " * 123, "legs " * 50
    pieces = questions(encoder, [first, second, third])
    whole = encoder.encode_query(first + second + third)
    np.testing.assert_allclose(whole, unit(pieces.mean(axis=0)), atol=1e-3)
    assert not np.allclose(whole, encoder.encode_query(first), atol=1e-2)


def test_a_model_that_reads_too_little_is_refused_before_anything_is_published(
    small: SmallIndex, tmp_path: Path
) -> None:
    model = write_encoder(tmp_path / "short", max_tokens=30)
    with pytest.raises(ModelError, match="reads 30 tokens, too few for a passage"):
        build(tmp_path / "fresh", [small.library], model=str(model))
    assert SmallIndex(tmp_path / "fresh", small.library).directory.current_name() is None
