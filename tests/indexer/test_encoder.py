"""The compiled encoder against sentence-transformers itself; long questions; counting; damage."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from corpus.errors import IndexDamagedError
from corpus.passages import encoded_form
from indexer.compiling import TorchEncoder, compile_encoder
from indexer.encoder import (
    BULK_BATCH,
    DESCRIPTION_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    OpenVinoEncoder,
    Vectors,
)
from indexer.generation import ENCODER_FOLDER
from indexer.models import ModelFiles, locate
from tests.indexer.small_index import SmallIndex

#: Short and long, plain and not; more than one batch, so that batches hold padding.
TEXTS = (
    "",
    "Legs.",
    "Vitamin K2 and arteries in the legs",
    "MK-7 180 ug/day lowered dp-ucMGP by half (HR 0.71, 95% CI 0.53 to 0.95; P=0.003).",
    "Stretching before sleep went with fewer night cramps in 80 older people.",
    "Ärzte in Graz maßen 25(OH)D bei älteren Frauen. 血管の石灰化. Γειά σου.",
    "word " * 150,
    "Matrix Gla protein keeps calcium out of the wall of an artery. " * 12,
    "Iron is low in some people with restless legs. " * 60,
    "a",
    "Supervised treadmill exercise lengthened six-minute walking in 156 people.",
)


def cosines(left: Vectors, right: Vectors) -> list[float]:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return [float(cosine) for cosine in np.sum(left * right, axis=1) / lengths]


@pytest.fixture(scope="module")
def vectors(encoder: OpenVinoEncoder) -> Vectors:
    return encoder.encode_passages(TEXTS)


def test_the_compiled_encoder_gives_the_vectors_of_sentence_transformers(vectors: Vectors) -> None:
    expected = TorchEncoder(locate("all-MiniLM-L6-v2"), "cpu").encode_passages(TEXTS)
    assert vectors.shape == expected.shape == (len(TEXTS), 384)
    assert min(cosines(vectors, expected)) >= 0.9999


def test_vectors_are_of_unit_length(encoder: OpenVinoEncoder, vectors: Vectors) -> None:
    questions = np.stack([encoder.encode_query(text) for text in TEXTS])
    for each in (vectors, questions):
        np.testing.assert_allclose(np.linalg.norm(each, axis=1), 1.0, atol=1e-5)
        assert each.dtype == np.float32


def test_a_question_and_a_passage_of_the_same_words_are_the_same_vector(encoder: OpenVinoEncoder) -> None:
    fitting = [text for text in TEXTS if encoder.count_tokens(text) <= 250]
    questions = np.stack([encoder.encode_query(text) for text in fitting])
    passages = encoder.encode_passages([encoded_form("", (), text) for text in fitting])
    assert len(fitting) == len(TEXTS) - 1
    assert min(cosines(questions, passages)) >= 0.9999


def test_a_passage_has_the_same_vector_alone_and_among_others(
    encoder: OpenVinoEncoder, vectors: Vectors
) -> None:
    assert len(TEXTS) > BULK_BATCH
    rows = [0, 3, len(TEXTS) - 1]
    alone = np.concatenate([encoder.encode_passages([TEXTS[row]]) for row in rows])
    assert min(cosines(alone, vectors[rows])) >= 0.9999


def test_no_passages_have_no_vectors(encoder: OpenVinoEncoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)


def test_progress_is_told_of_every_passage(encoder: OpenVinoEncoder) -> None:
    told: list[int] = []
    encoder.encode_passages(TEXTS, told.append)
    assert sum(told) == len(TEXTS)


def test_a_question_longer_than_the_model_reads_is_not_cut(encoder: OpenVinoEncoder) -> None:
    head = "Matrix Gla protein keeps calcium out of arteries. " * 40
    tail = "Iron is low in people with restless legs. " * 12
    whole, cut = encoder.encode_query(head + tail), encoder.encode_passages([head + tail])[0]
    wanted = encoder.encode_query("restless legs and iron")
    assert whole @ wanted > cut @ wanted + 0.1
    assert np.linalg.norm(whole) == pytest.approx(1.0, abs=1e-5)


def test_a_long_question_is_the_mean_of_its_pieces(encoder: OpenVinoEncoder) -> None:
    """``legs`` and ``iron`` are one token each, and a piece holds 254 beside the begin and end tokens."""
    first, second, third = "legs " * 254, "iron " * 254, "legs " * 100
    pieces = np.stack([encoder.encode_query(piece) for piece in (first, second, third)])
    mean = pieces.mean(axis=0)
    assert encoder.encode_query(first + second + third) @ mean / np.linalg.norm(mean) >= 0.9999


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("legs", 1),
        ("legs hurt", 2),
        ("Legs, hurt!", 4),
        ("legs " * 256, 256),
        ("legs " * 1000, 1000),
    ],
)
def test_tokens_are_counted_without_the_models_own_and_beyond_its_input(
    encoder: OpenVinoEncoder, text: str, count: int
) -> None:
    assert encoder.count_tokens(text) == count


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vitamin K₂", "vitamin K2"),
        ("α-lipoic acid", "alpha-lipoic acid"),
        ("90 µg", "90 mcg"),
        ("MK‑7", "MK-7"),
    ],
)
def test_spellings_that_search_alike_are_encoded_alike(
    encoder: OpenVinoEncoder, one: str, other: str
) -> None:
    assert np.array_equal(encoder.encode_query(one), encoder.encode_query(other))


def test_many_threads_get_the_vectors_that_one_gets(encoder: OpenVinoEncoder) -> None:
    questions = [f"question {number} about the legs" for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(encoder.encode_query, questions))
    assert min(cosines(np.stack(together), np.stack([encoder.encode_query(q) for q in questions]))) >= 0.99999


def test_the_encoder_of_an_index_says_what_it_is(base_index: SmallIndex, encoder: OpenVinoEncoder) -> None:
    assert (encoder.dim, encoder.max_tokens, encoder.model_name) == (384, 256, "all-MiniLM-L6-v2")
    assert (
        encoder.fingerprint
        == base_index.live().manifest.fingerprint
        == locate("all-MiniLM-L6-v2").fingerprint
    )


def test_loading_and_asking_imports_no_torch(base_index: SmallIndex) -> None:
    program = (
        "import sys; from pathlib import Path; from indexer.encoder import OpenVinoEncoder\n"
        "print(OpenVinoEncoder(Path(sys.argv[1]), threads=1).encode_query('legs').shape)\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    folder = base_index.live().path / ENCODER_FOLDER
    arguments = [sys.executable, "-c", program, str(folder)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout == "(384,)\n[]\n"


@pytest.fixture(scope="module")
def prompted(other_model: ModelFiles, tmp_path_factory: pytest.TempPathFactory) -> OpenVinoEncoder:
    """The small model with prompts, compiled."""
    folder = tmp_path_factory.mktemp("prompted")
    compile_encoder(other_model, folder)
    return OpenVinoEncoder(folder)


def test_the_prompts_of_a_model_stand_before_questions_and_passages(
    prompted: OpenVinoEncoder, other_model: ModelFiles
) -> None:
    model = SentenceTransformer(str(other_model.path), device="cpu", local_files_only=True)
    texts = ["vitamin K2", "legs"]
    questions = np.stack([prompted.encode_query(text) for text in texts])
    expected = [model.encode(texts, prompt_name=name) for name in ("query", "document")]
    expected = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in expected]
    assert min(cosines(questions, expected[0])) >= 0.9999
    assert min(cosines(prompted.encode_passages(texts), expected[1])) >= 0.9999
    assert max(cosines(expected[0], expected[1])) < 0.9999


def test_vectors_of_a_model_that_does_not_normalise_are_of_unit_length_too(
    prompted: OpenVinoEncoder, other_model: ModelFiles
) -> None:
    for vectors in (
        prompted.encode_passages(TEXTS),
        prompted.encode_query("legs").reshape(1, -1),
        prompted.encode_query("legs " * 400).reshape(1, -1),
        TorchEncoder(other_model, "cpu").encode_passages(TEXTS),
    ):
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_both_ways_of_bulk_encoding_put_the_same_prompt(
    prompted: OpenVinoEncoder, other_model: ModelFiles
) -> None:
    told: list[int] = []
    on_torch = TorchEncoder(other_model, "cpu").encode_passages(TEXTS, told.append)
    assert min(cosines(prompted.encode_passages(TEXTS), on_torch)) >= 0.9999
    assert sum(told) == len(TEXTS)


def test_another_model_keeps_its_own_size_and_length(
    prompted: OpenVinoEncoder, other_model: ModelFiles
) -> None:
    assert (prompted.dim, prompted.max_tokens) == (32, 128 - 2)  # two tokens are the passage's prompt
    assert prompted.fingerprint == other_model.fingerprint


@pytest.fixture(scope="module")
def compiled(prompted: OpenVinoEncoder) -> Path:
    """The folder of the small compiled encoder."""
    return Path(prompted._model_path).parent


@pytest.mark.parametrize("file", [DESCRIPTION_FILE, MODEL_FILE, WEIGHTS_FILE, TOKENIZER_FILE])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "noise", "another document"])
def test_a_damaged_file_is_reported_as_damage_with_its_remedy(
    compiled: Path, tmp_path: Path, file: str, damage: str
) -> None:
    folder = Path(shutil.copytree(compiled, tmp_path / "encoder"))
    content = (folder / file).read_bytes()
    (folder / file).unlink()
    new = {
        "empty": b"",
        "cut": content[: len(content) // 2],
        "noise": b"\xff" * 500,
        "another document": b"{}",
    }
    if damage in new:
        (folder / file).write_bytes(new[damage])
    with pytest.raises(IndexDamagedError, match="cannot be loaded; run footnote"):
        OpenVinoEncoder(folder)


@pytest.mark.parametrize("change", [{"dim": None}, {"max_tokens": "many"}, {"fingerprint": ...}])
def test_a_description_that_lacks_something_is_damage(
    compiled: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    folder = Path(shutil.copytree(compiled, tmp_path / "encoder"))
    description = json.loads((folder / DESCRIPTION_FILE).read_text()) | change
    kept = {name: value for name, value in description.items() if value is not ...}
    (folder / DESCRIPTION_FILE).write_text(json.dumps(kept))
    with pytest.raises(IndexDamagedError):
        OpenVinoEncoder(folder)


def test_questions_encoded_together_are_as_each_by_itself(encoder: OpenVinoEncoder) -> None:
    texts = ["vitamin K2", "Does magnesium prevent cramps at night?", "calf " * 400, "µg"]
    together = encoder.encode_queries(texts)
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(vector, encoder.encode_query(text), atol=1e-5)


_TOGETHER = """
import sys, threading
from pathlib import Path
from indexer.encoder import OpenVinoEncoder
encoder, together = OpenVinoEncoder(Path(sys.argv[1])), threading.Barrier(8)
def ask():
    together.wait()
    encoder.encode_query("leg cramps")
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_the_first_questions_of_a_process_may_come_at_once(light_index: SmallIndex) -> None:
    """Without the look at a tensor when the encoder is loaded, two of five processes hung for good here."""
    folder = light_index.live().path / ENCODER_FOLDER
    for _ in range(4):
        subprocess.run([sys.executable, "-c", _TOGETHER, str(folder)], check=True, timeout=60)
