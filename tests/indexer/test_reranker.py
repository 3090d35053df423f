"""A compiled cross-encoder scores as the model itself, is made once, and is refused where it is none."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import CrossEncoder

from corpus.errors import IndexDamagedError, ModelError, StorageError
from indexer.compiling import open_reranker
from indexer.models import locate_reranker
from indexer.reranker import FOLDER, OpenVinoReranker
from tests.indexer.test_models import change_json
from tests.small_models import write_encoder, write_reranker

QUESTION = "Does magnesium prevent cramps at night?"
PASSAGES = [
    "Magnesium did no better than placebo in a trial of 94 adults.",
    "Legs.",
    "",
    "Stretching before sleep went with fewer night cramps in older people. " * 20,
    *(f"Trial number {number} of vitamin K and the arteries." for number in range(12)),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reranker(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def index(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the model lies compiled; no test changes it."""
    folder = tmp_path_factory.mktemp("index")
    open_reranker(str(model), folder)
    return folder


@pytest.fixture(scope="module")
def reranker(model: Path, index: Path) -> OpenVinoReranker:
    return open_reranker(str(model), index)


def test_the_scores_are_those_of_sentence_transformers(model: Path, reranker: OpenVinoReranker) -> None:
    itself = CrossEncoder(str(model), device="cpu", local_files_only=True)
    expected = itself.predict([(QUESTION, passage) for passage in PASSAGES])
    np.testing.assert_allclose(reranker.scores(QUESTION, PASSAGES), expected, atol=0.02)
    assert np.ptp(expected) > 0.2


def test_a_score_belongs_to_its_passage_whatever_stands_beside_it(reranker: OpenVinoReranker) -> None:
    together = reranker.scores(QUESTION, PASSAGES)
    alone = [float(reranker.scores(QUESTION, [passage])[0]) for passage in PASSAGES]
    np.testing.assert_allclose(together, alone, atol=0.01)
    np.testing.assert_allclose(reranker.scores(QUESTION, PASSAGES[::-1]), together[::-1], atol=0.01)
    assert reranker.scores(QUESTION, []).shape == (0,)


def test_many_threads_get_the_scores_that_one_gets(reranker: OpenVinoReranker) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda passage: float(reranker.scores(QUESTION, [passage])[0]), PASSAGES))
    expected = [float(reranker.scores(QUESTION, [passage])[0]) for passage in PASSAGES]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_it_is_compiled_once_and_then_needs_no_torch(model: Path, index: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from indexer.compiling import open_reranker\n"
        "print(open_reranker(sys.argv[1], Path(sys.argv[2])).scores('legs', ['legs']).shape)\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    arguments = [sys.executable, "-c", program, str(model), str(index)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout == "(1,)\n[]\n"
    assert [path.name for path in (index / FOLDER).iterdir()] == [
        locate_reranker(str(model)).fingerprint[:16]
    ]


def test_another_model_is_kept_beside_it(model: Path, index: Path, tmp_path: Path) -> None:
    own = shutil.copytree(model, tmp_path / "own")
    shutil.copytree(index, tmp_path / "index")
    change_json(own / "config_sentence_transformers.json", activation_fn="torch.nn.modules.linear.Identity")
    raw = open_reranker(str(own), tmp_path / "index")
    assert len(list((tmp_path / "index" / FOLDER).iterdir())) == 2
    assert raw.scores(QUESTION, PASSAGES).min() < 0
    assert raw.model_name == str(own)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda folder: (folder / "config.json").unlink(), r"not a cross-encoder \(no config.json of one\)"),
        (lambda folder: (folder / "config.json").write_text("[]"), "not a cross-encoder"),
        (lambda folder: (folder / "config.json").write_text("{"), "not a cross-encoder"),
        (
            lambda folder: change_json(folder / "config.json", architectures=["BertModel"]),
            r"not a cross-encoder with one score \(BertModel\)",
        ),
        (
            lambda folder: change_json(folder / "config.json", id2label={"0": "no", "1": "yes"}),
            "not a cross-encoder with one score",
        ),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"x" * 99), "cannot load it"),
    ],
)
def test_what_is_no_cross_encoder_is_refused_and_leaves_nothing(
    model: Path, tmp_path: Path, change: object, told: str
) -> None:
    own = shutil.copytree(model, tmp_path / "own")
    change(own)  # type: ignore[operator]
    with pytest.raises(ModelError, match=told):
        open_reranker(str(own), tmp_path)
    assert list(tmp_path.glob(f"{FOLDER}/*")) == []


def test_an_encoder_is_no_cross_encoder(tmp_path: Path) -> None:
    encoder = write_encoder(tmp_path)
    with pytest.raises(ModelError, match=r"not a cross-encoder with one score \(BertModel\)"):
        open_reranker(str(encoder), tmp_path)


def test_a_damaged_one_says_what_to_do(index: Path, tmp_path: Path) -> None:
    shutil.copytree(index / FOLDER, tmp_path / FOLDER)
    (folder,) = (tmp_path / FOLDER).iterdir()
    (folder / "tokenizer.json").write_text("noise")
    with pytest.raises(IndexDamagedError, match="the reranker cannot be loaded; remove that folder"):
        OpenVinoReranker(folder)


def test_a_place_that_cannot_be_written_is_a_refusal_of_the_disk(model: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="the disk refused a write"):
        open_reranker(str(model), tmp_path / "file")
