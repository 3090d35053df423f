"""Building and updating: what is encoded, kept, dropped, refused; what a refusing disk leaves."""

import json
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import FingerprintError, IndexDamagedError, ModelError, NothingToIndexError, StorageError
from corpus.passages import SPLITTER_VERSION
from indexer import generation, lexical, vectors
from indexer.build import build
from indexer.generation import ENCODER_FOLDER, LIBRARY_FILE, IndexDirectory
from indexer.library import Library
from indexer.library_writing import LibraryWriter
from indexer.models import ModelFiles
from indexer.vectors import VectorIndex
from search_api.queries import query_from
from search_api.search import Searcher
from tests.indexer.small_index import (
    ARTICLE,
    ARTICLE_ID,
    CRAMPS,
    CRAMPS_FINDING,
    CRAMPS_ID,
    GLA,
    GLA_FINDING,
    GLA_ID,
    SmallIndex,
    write_library,
    write_study,
)

GHOST = {
    "id": "ghost1999",
    "type": "article-journal",
    "title": "A study that was missing",
    "custom": {"study_type": "RCT", "finding": "Quinine is not for everyone."},
}


REFUSED = (
    r"the disk refused a write \([^\n]+\); free space or check the path and its permissions, then run again"
)


def best_text(index: Path, question: str, mode: str = "lexical") -> str:
    """The text of the first hit in the live generation."""
    searcher = Searcher.open(IndexDirectory(index).open())
    try:
        return searcher.search(query_from({"query": question, "mode": mode})).hits[0].passage.text
    finally:
        searcher.close()


def test_a_first_build_reports_what_it_published(base_index: SmallIndex) -> None:
    manifest = base_index.live().manifest
    assert (manifest.name, manifest.parent) == ("000001", None)
    assert manifest.counts == {
        "articles": 1,
        "studies": 2,
        "passages": 4,
        "references": 3,
        "resolved_references": 2,
        "prose_mentions": 0,
        "resolved_prose_mentions": 0,
    }
    assert manifest.parameters["model"] == "all-MiniLM-L6-v2"
    assert manifest.parameters["splitter"] == SPLITTER_VERSION
    assert set(base_index.sources()) == {GLA_ID, CRAMPS_ID, ARTICLE_ID}
    assert base_index.directory.verify() == []


def test_the_rows_of_library_vectors_and_manifest_agree(base_index: SmallIndex) -> None:
    assert len(VectorIndex(base_index.live().path / vectors.FILE)) == len(base_index.passages()) == 4


def test_the_best_passage_answers_the_question(base_index: SmallIndex) -> None:
    assert best_text(base_index.index, "fewer cramps by stretching", "hybrid") == CRAMPS_FINDING


def test_indexing_the_same_files_again_publishes_and_encodes_nothing(small: SmallIndex) -> None:
    report = small.update()
    assert not report.published
    assert report.encoded == report.removed == 0
    assert report.index_version == small.live().manifest.index_version
    assert report.counts == small.live().manifest.counts
    assert [(lost.source_id, lost.label, lost.raw) for lost in report.unresolved] == [
        (ARTICLE_ID, "3", "@ghost1999")
    ]
    assert small.names() == ["000001"]


def test_a_file_that_moved_is_no_change(small: SmallIndex) -> None:
    moved = small.library / "elsewhere"
    moved.mkdir()
    (small.library / "gla2004.json").rename(moved / "renamed.json")
    assert not small.update().published


def test_of_a_changed_source_only_its_own_passages_are_encoded(small: SmallIndex) -> None:
    write_study(small.library, GLA, "MK-7 did nothing at all.")
    report = small.update()
    assert report.published
    assert report.encoded == 1
    assert report.index_version.startswith("000002-")
    assert "MK-7 did nothing at all." in {passage.text for passage in small.passages()}
    assert GLA_FINDING not in {passage.text for passage in small.passages()}
    assert len(small.passages()) == 4


def test_a_change_of_the_record_alone_is_published_and_encodes_nothing(small: SmallIndex) -> None:
    write_study(small.library, GLA | {"volume": "7"})
    report = small.update()
    assert report.published
    assert report.encoded == 0
    assert small.sources()[GLA_ID].csl["volume"] == "7"


def test_a_source_that_is_not_given_again_stays(small: SmallIndex) -> None:
    new = write_study(small.library, GHOST)
    report = build(small.index, [new])
    assert report.removed == 0
    assert set(small.sources()) == {GLA_ID, CRAMPS_ID, ARTICLE_ID, "study:ghost1999"}


def test_prune_drops_what_is_not_given_and_keeps_the_rest_as_it_was(small: SmallIndex) -> None:
    (small.library / "cramps2010.json").unlink()
    assert not small.update().published
    report = small.update(prune=True)
    assert (report.published, report.removed, report.encoded) == (True, 1, 0)
    assert set(small.sources()) == {GLA_ID, ARTICLE_ID}
    assert [r.source_id for r in small.sources()[ARTICLE_ID].references] == [GLA_ID, None, None]
    assert [passage.cites for passage in small.passages() if passage.cites] == [(GLA_ID,)]


def test_pruning_where_nothing_is_gone_publishes_nothing(small: SmallIndex) -> None:
    assert not small.update(prune=True).published


def test_a_reference_resolves_once_its_study_is_added(small: SmallIndex) -> None:
    """The article is not read again: its references are linked anew."""
    report = build(small.index, [write_study(small.library, GHOST)])
    assert report.unresolved == ()
    assert small.sources()[ARTICLE_ID].references[2].source_id == "study:ghost1999"
    library = Library(small.live().path / LIBRARY_FILE)
    assert library.cited_by("study:ghost1999") == (ARTICLE_ID,)
    library.close()


def test_ids_and_rows_are_the_same_after_changes_to_and_fro(
    light_index: SmallIndex, small: SmallIndex
) -> None:
    write_study(small.library, GLA, "Another finding for a while.")
    small.update()
    write_study(small.library, GLA)
    small.update()
    assert small.live().manifest.name == "000003"
    assert small.passages() == light_index.passages()
    assert {i: s.blocks for i, s in small.sources().items()} == {
        i: s.blocks for i, s in light_index.sources().items()
    }


def test_ids_and_rows_are_the_same_in_whatever_order_files_are_given(
    light_index: SmallIndex, other_model: ModelFiles, tmp_path: Path
) -> None:
    fresh = SmallIndex(tmp_path / "index", light_index.library)
    build(fresh.index, sorted(fresh.library.iterdir(), reverse=True), model=other_model.name)
    assert fresh.passages() == light_index.passages()


def test_records_of_one_work_become_one_source_and_the_report_names_their_files(small: SmallIndex) -> None:
    (small.library / "z").mkdir()
    same = write_study(small.library / "z", GLA)
    other = write_study(small.library / "z", CRAMPS, "Another finding.")
    report = small.update()
    assert not report.published, "the first file keeps its say where two of one format disagree"
    assert [(merged.source_id, merged.origins[1]) for merged in report.merged] == [
        (CRAMPS_ID, str(other)),
        (GLA_ID, str(same)),
    ]
    assert small.sources()[CRAMPS_ID].study.finding == CRAMPS_FINDING  # type: ignore[union-attr]


def test_a_doi_that_stands_for_two_papers_is_reported_and_the_first_is_kept(small: SmallIndex) -> None:
    (small.library / "z").mkdir()
    other = write_study(small.library / "z", GLA | {"title": "Ripening of Gouda and its microbial flora"})
    report = small.update()
    assert not report.published
    ((origin, reason),) = [(skipped.origin, skipped.reason) for skipped in report.skipped]
    assert origin == str(other)
    assert "Ripening of Gouda" in reason


def test_a_notice_among_the_files_marks_the_work_that_it_is_about(small: SmallIndex) -> None:
    notice = (
        "PMID- 99999999\nTI  - Retraction notice\nPT  - Retraction of Publication\n"
        "ROF - J Cramps. 2010;1:1. PMID: 33333333\nDP  - 2020\n"
    )
    (small.library / "notice.nbib").write_text(notice, "utf-8")
    report = small.update()
    assert [source_id for source_id, _ in report.standing.marked] == [CRAMPS_ID]
    assert small.sources()[CRAMPS_ID].integrity.status == "retracted"


def test_a_mark_of_the_retraction_list_outlives_a_build_without_it(small: SmallIndex, tmp_path: Path) -> None:
    listed = tmp_path / "retractions.csv"
    listed.write_text(
        "Title,OriginalPaperDOI,OriginalPaperPubMedID,RetractionDOI,RetractionPubMedID,RetractionDate,RetractionNature\n"
        "x,unavailable,33333333,10.5555/notice,0,1/2/2020 0:00,Retraction\n",
        "utf-8",
    )
    build(small.index, [small.library], retractions=listed)
    assert small.sources()[CRAMPS_ID].integrity.notice == "10.5555/notice"
    assert not small.update().published
    assert small.sources()[CRAMPS_ID].integrity.status == "retracted"


def test_a_record_of_another_format_adds_what_the_first_lacks(small: SmallIndex, tmp_path: Path) -> None:
    ris = tmp_path / "more.ris"
    ris.write_text(f"TY  - JOUR\nTI  - {CRAMPS['title']}\nAN  - PMID: 33333333\nVL  - 42\nER  - \n", "utf-8")
    report = build(small.index, [ris])
    assert report.published
    stored = small.sources()[CRAMPS_ID]
    assert (stored.csl["volume"], stored.study.finding) == ("42", CRAMPS_FINDING)  # type: ignore[union-attr]
    assert stored.provenance["volume"] == str(ris)


def test_two_sources_with_the_same_text_keep_both_rows_and_share_a_vector(small: SmallIndex) -> None:
    twin = GLA | {"id": "twin", "DOI": "10.5555/twin", "PMID": "44444444", "PMCID": "PMC5555555"}
    write_study(small.library, twin)
    report = small.update()
    assert report.encoded == 0
    assert report.counts["passages"] == 5
    twins = [passage for passage in small.passages() if passage.text == GLA_FINDING]
    assert {passage.source_id for passage in twins} == {GLA_ID, "doi:10.5555/twin"}
    assert twins[0].passage_id != twins[1].passage_id
    assert len(VectorIndex(small.live().path / vectors.FILE)) == 5


def test_an_article_without_a_word_to_quote_is_a_source_without_passages(small: SmallIndex) -> None:
    (small.library / "bare.md").write_text("---\ntitle: Only a title\nslug: bare\n---\n", "utf-8")
    build(small.index, [small.library / "bare.md"], prune=True)
    assert set(small.sources()) == {"article:bare"}
    assert small.passages() == []
    assert small.directory.verify() == []
    searcher = Searcher.open(small.live())
    for parameters in ({}, {"kind": "article"}, {"mode": "dense"}, {"mode": "lexical"}):
        assert searcher.search(query_from({"query": "tired legs", **parameters})).hits == ()
    searcher.close()


def test_generations_share_the_files_of_the_encoder(small: SmallIndex) -> None:
    first = small.live().path / ENCODER_FOLDER / "model.bin"
    write_study(small.library, GLA, "Another finding.")
    small.update()
    second = small.live().path / ENCODER_FOLDER / "model.bin"
    assert first != second
    assert first.stat().st_ino == second.stat().st_ino


def test_progress_ends_at_the_number_of_texts_to_encode(small: SmallIndex) -> None:
    write_study(small.library, GLA, "Another finding.")
    write_study(small.library, CRAMPS, "Yet another finding.")
    told: list[tuple[str, int, int]] = []
    small.update(progress=lambda *step: told.append(step))
    assert told[-1] == ("encoding", 2, 2)


def test_a_stray_building_folder_does_not_disturb_the_next_build(small: SmallIndex) -> None:
    stray = small.index / "generations" / ".building"
    shutil.copytree(small.live().path, stray)
    (stray / "stray").write_text("x")
    write_study(small.library, GLA, "Another finding.")
    assert small.update().published
    assert small.names() == ["000001", "000002"]
    assert small.directory.verify() == []


def refused(small: SmallIndex, paths: Sequence[Path]) -> str:
    """The message of a build that finds nothing; the live generation answers as before."""
    with pytest.raises(NothingToIndexError) as caught:
        build(small.index, paths)
    assert small.names() == ["000001"]
    assert small.directory.verify() == []
    return str(caught.value)


def test_a_missing_folder_is_named(small: SmallIndex, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert refused(small, [small.library, missing]) == f"{missing}: no such file or folder; check the path"


def test_an_empty_folder_holds_nothing_to_index(small: SmallIndex, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no file that can be indexed" in refused(small, [empty])


def test_a_folder_of_unknown_files_says_how_many_and_why(small: SmallIndex, tmp_path: Path) -> None:
    folder = tmp_path / "unknown"
    folder.mkdir()
    (folder / "a.bin").write_bytes(b"\x00\xff\xfe")
    (folder / "b.txt").write_text("")
    message = refused(small, [folder])
    assert f"nothing in it can be indexed (2 skipped, the first: {folder / 'a.bin'}" in message


def test_good_files_are_indexed_beside_bad_ones_and_the_bad_are_reported(small: SmallIndex) -> None:
    (small.library / "bad.json").write_text('[{"id": "x"}, 7')
    write_study(small.library, GHOST)
    report = small.update()
    assert report.published
    assert [skipped.origin for skipped in report.skipped] == [str(small.library / "bad.json")]
    assert "study:ghost1999" in small.sources()


def test_a_damaged_live_generation_is_reported_and_not_built_upon(small: SmallIndex) -> None:
    """Else the sources that the paths do not hold would be lost without a word."""
    (small.live().path / vectors.FILE).write_bytes(b"cut")
    write_study(small.library, GLA, "Another finding.")
    with pytest.raises(IndexDamagedError, match="run footnote rollback"):
        small.update()
    assert small.names() == ["000001"]


@pytest.mark.parametrize("current", ["", "nonsense"])
def test_a_broken_current_does_not_make_a_build_begin_anew(small: SmallIndex, current: str) -> None:
    (small.index / "CURRENT").write_text(current)
    with pytest.raises(IndexDamagedError, match="does not name a generation"):
        small.update()
    assert small.names() == ["000001"]


@pytest.fixture
def modelled(tmp_path: Path, own_model: Path) -> SmallIndex:
    """The small library indexed with a copy of the small model."""
    index = SmallIndex(tmp_path / "modelled", write_library(tmp_path / "files"))
    index.update(model=str(own_model))
    return index


def test_an_index_keeps_the_model_that_it_was_made_with(modelled: SmallIndex, own_model: Path) -> None:
    write_study(modelled.library, GLA, "Another finding.")
    assert modelled.update().encoded == 1
    assert modelled.live().manifest.parameters["model"] == str(own_model)
    assert modelled.live().manifest.parameters["dim"] == 32


def test_another_model_is_refused_on_an_index_that_has_one(small: SmallIndex) -> None:
    with pytest.raises(
        FingerprintError, match=r"all-MiniLM-L6-v2: this index was made with .*give another --index"
    ):
        small.update(model="all-MiniLM-L6-v2")
    assert small.names() == ["000001"]


def test_naming_the_model_of_the_index_changes_nothing(small: SmallIndex, other_model: ModelFiles) -> None:
    assert not small.update(model=other_model.name).published


def test_a_model_whose_files_changed_is_compiled_anew_and_encodes_everything(
    modelled: SmallIndex, own_model: Path
) -> None:
    """The same name, another fingerprint: no old vector may stay."""
    before = modelled.live()
    prompts = own_model / "config_sentence_transformers.json"
    prompts.write_text(json.dumps(json.loads(prompts.read_text()) | {"prompts": {"document": "text: "}}))
    report = build(modelled.index, [modelled.library / "gla2004.json"])
    assert report.published
    assert report.encoded == report.counts["passages"] == 4
    after = modelled.live()
    assert after.manifest.fingerprint != before.manifest.fingerprint
    description = json.loads((after.path / ENCODER_FOLDER / "encoder.json").read_text())
    assert description["fingerprint"] == after.manifest.fingerprint
    assert description["passage_prompt"] == "text: "


@pytest.mark.parametrize("fault", ["modules.json", "model.safetensors"])
def test_a_model_that_is_no_model_any_more_leaves_the_index_as_it_was(
    modelled: SmallIndex, own_model: Path, fault: str
) -> None:
    answer = best_text(modelled.index, "cramps", "dense")
    (own_model / fault).unlink()
    write_study(modelled.library, GLA, "Another finding.")
    with pytest.raises(ModelError):
        modelled.update()
    assert modelled.names() == ["000001"]
    assert modelled.directory.verify() == []
    assert best_text(modelled.index, "cramps", "dense") == answer


@pytest.mark.usefixtures("offline")
def test_a_first_build_with_a_model_that_is_none_publishes_nothing(tmp_path: Path) -> None:
    index = SmallIndex(tmp_path / "index", write_library(tmp_path / "files"))
    for name in (str(tmp_path / "files"), "no-such-model"):
        with pytest.raises(ModelError):
            index.update(model=name)
    assert index.directory.current_name() is None
    assert index.names() == []


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow by a byte in this process, as on a full disk."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


STEPS: dict[str, tuple[Any, str]] = {
    "the library's tables": (LibraryWriter, "__init__"),
    "the library's rows": (LibraryWriter, "close"),
    "the lexical index": (lexical.LexicalWriter, "__init__"),
    "the lexical segments": (lexical.LexicalWriter, "close"),
    "the vectors": (vectors, "write"),
    "the manifest": (generation, "write_manifest"),
    "CURRENT": (IndexDirectory, "_make_current"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_is_full_at_any_step_is_reported_and_the_live_generation_answers(
    small: SmallIndex, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The disk is full while that step runs only: what it could not write must not be published later."""
    owner, name = STEPS[step]
    inner = getattr(owner, name)

    def limited(*arguments: Any) -> Any:
        with full_disk():
            return inner(*arguments)

    write_study(small.library, GLA, "MK-7 did nothing for dp-ucMGP.")
    monkeypatch.setattr(owner, name, limited)
    with pytest.raises(StorageError, match=REFUSED):
        small.update()
    monkeypatch.undo()
    assert small.live().manifest.name == "000001"
    assert small.directory.verify() == []
    assert best_text(small.index, "stiffness of leg arteries") == GLA_FINDING
    assert small.update().published
    assert small.directory.verify() == []


def test_a_disk_too_full_for_the_encoder_is_reported_and_nothing_published(
    tmp_path: Path, other_model: ModelFiles
) -> None:
    files = write_library(tmp_path / "files")
    with full_disk(), pytest.raises(StorageError, match=REFUSED):
        build(tmp_path / "index", [files], model=other_model.name)
    assert IndexDirectory(tmp_path / "index").current_name() is None


def test_a_disk_too_full_to_roll_back_is_reported_and_the_live_generation_stays(small: SmallIndex) -> None:
    write_study(small.library, GLA, "Another finding.")
    small.update()
    with full_disk(), pytest.raises(StorageError, match=REFUSED):
        small.directory.rollback()
    assert small.live().manifest.name == "000002"
    assert small.directory.verify() == []


def test_the_command_says_in_one_line_that_the_disk_is_full(small: SmallIndex) -> None:
    write_study(small.library, GLA, "Another finding.")
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from search_api.cli import main; main()"
    )
    arguments = ["-B", "-c", program, "index", str(small.library), "--index", str(small.index)]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(rf"footnote: {re.escape(str(small.index))}: {REFUSED}\n", done.stderr)
    assert small.live().manifest.name == "000001"
    assert small.directory.verify() == []


def test_the_command_reports_a_build_and_its_repetition(small: SmallIndex) -> None:
    (small.library / "tired-legs.md").write_text(
        ARTICLE.replace("Walk every day.", "Walk twice a day."), "utf-8"
    )
    command = [sys.executable, "-m", "search_api", "index", str(small.library), "--index", str(small.index)]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2))
    assert first.stdout.startswith("published 000002-")
    assert "1 articles, 2 studies, 4 passages (1 encoded), 0 removed" in first.stdout
    assert "3 references, 2 resolved, 1 unresolved references" in first.stdout
    assert second.stdout.startswith("unchanged 000002-")
    assert "(0 encoded)" in second.stdout
