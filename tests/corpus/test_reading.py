"""From paths to sources: which files are read, by which reader, and what is said of the rest."""

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from corpus import reading
from corpus.errors import NothingToIndexError
from corpus.reading import LIBRARY_FILES, read_file, read_paths
from corpus.records import Skipped, Source

ARTICLE = "---\ntitle: {}\n---\nText.\n"
STUDY = '{"id": "a", "title": "A study"}'
SCRAPED = "A scraped page\n\nSummary\n\nIt is so.\n\nReferences\n\n1. One. 2004.\n"


def one(path: Path) -> Source | Skipped:
    (found,) = read_file(path)
    return found


def reason(path: Path) -> str:
    found = one(path)
    assert isinstance(found, Skipped)
    assert found.origin == str(path)
    return found.reason


def titles(*paths: Path) -> list[str]:
    return [
        found.title if isinstance(found, Source) else f"skipped {found.origin}" for found in read_paths(paths)
    ]


@pytest.mark.parametrize(
    ("name", "text", "source_id"),
    [
        ("a.md", ARTICLE.format("Natto"), "article:natto"),
        ("a.txt", ARTICLE.format("Natto"), "article:natto"),
        ("noname", ARTICLE.format("Natto"), "article:natto"),
        ("a.json", STUDY, "study:a"),
        ("a.csl", f"\n[{STUDY}]", "study:a"),
        ("a.txt", SCRAPED, "article:a-scraped-page"),
        ("page.html.txt", SCRAPED, "article:a-scraped-page"),
    ],
)
def test_the_reader_is_picked_by_what_a_file_holds(
    tmp_path: Path, name: str, text: str, source_id: str
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    found = one(path)
    assert isinstance(found, Source)
    assert (found.source_id, found.origin) == (source_id, str(path))


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    for name, text in (("a.md", ARTICLE.format("Natto")), ("a.json", STUDY)):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
        assert isinstance(one(tmp_path / name), Source)


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n "])
def test_an_empty_file_is_skipped(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.md").write_bytes(data)
    assert reason(tmp_path / "a.md") == "the file is empty"


def test_a_latin_1_and_a_utf_16_file_are_read(tmp_path: Path) -> None:
    for encoding in ("latin-1", "cp1252", "utf-16", "utf-16-le", "utf-8-sig"):
        (tmp_path / "a.md").write_bytes(ARTICLE.format("Grün").encode(encoding))
        found = one(tmp_path / "a.md")
        assert isinstance(found, Source)
        assert found.title == "Grün"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n\xe2\xe3", "a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "a PNG image"),
        (bytes(range(256)) * 10, "a binary file"),
        (
            b"<?xml version='1.0'?><dsd:thing xmlns:dsd='x'/>",
            "XML of a kind that no reader knows (<dsd:thing>)",
        ),
        (b"<note><to>x</to></note>", "XML of a kind that no reader knows (<note>)"),
        (b"just a line", "no reader knows this file"),
        (b"a,b\n1,2\n", "no reader knows this file"),
    ],
)
def test_what_cannot_be_read_is_skipped_with_the_formats_that_can(
    tmp_path: Path, data: bytes, said: str
) -> None:
    (tmp_path / "a.bin").write_bytes(data)
    told = reason(tmp_path / "a.bin")
    assert told.startswith(said)
    assert "; Footnote reads " in told
    assert all(reader.NAME in told for reader in reading.READERS)


def test_a_list_of_retractions_is_told_where_it_belongs(tmp_path: Path) -> None:
    header = "Record ID,Title,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature"
    (tmp_path / "list.csv").write_text(f"{header}\n1,T,10.1/x,0,Retraction\n", "utf-8")
    assert reason(tmp_path / "list.csv") == (
        "a list of notices and not of records; give it to `footnote index --retractions`"
    )


def test_a_file_that_may_not_be_read_is_skipped(tmp_path: Path) -> None:
    """Root may read anything but what the kernel itself refuses: its own memory at address zero."""
    path = tmp_path / "a.md"
    path.write_text(ARTICLE.format("Natto"), "utf-8")
    path.chmod(0)
    if os.access(path, os.R_OK):
        path = Path("/proc/self/mem")
        if not path.is_file():
            pytest.skip("runs as root on a system without /proc: every file can be read")
    assert reason(path).startswith("cannot be read (")


def test_a_file_that_is_too_large_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 1024 * 1024)
    for size, skipped in ((1024 * 1024, False), (1024 * 1024 + 1, True)):
        (tmp_path / "a.md").write_bytes(ARTICLE.format("Natto").encode().ljust(size, b"x"))
        assert isinstance(one(tmp_path / "a.md"), Skipped) is skipped
    assert reason(tmp_path / "a.md") == "larger than 1 MB; split the file"


def test_good_files_are_kept_around_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "1.md").write_text(ARTICLE.format("First"), "utf-8")
    (tmp_path / "2.md").write_text("---\ntitle: a: b\n---\n", "utf-8")
    (tmp_path / "3.json").write_text(
        f'[{STUDY}, {{"title": "Bad", "DOI": "x"}}, {{"title": "Good"}}]', "utf-8"
    )
    (tmp_path / "4.bin").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "5.md").write_text(ARTICLE.format("Last"), "utf-8")
    bad = [f"skipped {tmp_path / name}" for name in ("2.md", "3.json", "4.bin")]
    assert titles(tmp_path) == ["First", bad[0], "A study", bad[1], "Good", bad[2], "Last"]


def test_a_folder_is_read_in_order_of_name_down_to_its_last_folder(tmp_path: Path) -> None:
    for name in ("b/2.md", "b/1.md", "a.md", "b/c/3.md", "c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(ARTICLE.format(name), "utf-8")
    assert titles(tmp_path) == ["a.md", "b/1.md", "b/2.md", "b/c/3.md", "c.md"]
    assert titles(tmp_path / "c.md", tmp_path / "b") == ["c.md", "b/1.md", "b/2.md", "b/c/3.md"]


def test_hidden_files_and_the_papers_of_a_library_are_not_read(tmp_path: Path) -> None:
    for name in (".git/a.md", "__pycache__/a.md", ".hidden.md", *LIBRARY_FILES, "sub/LICENSE", "kept.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(ARTICLE.format(name), "utf-8")
    assert titles(tmp_path) == ["kept.md"]


def test_a_hidden_folder_that_is_named_is_read(tmp_path: Path) -> None:
    (tmp_path / ".library").mkdir()
    (tmp_path / ".library" / "a.md").write_text(ARTICLE.format("Natto"), "utf-8")
    assert titles(tmp_path / ".library") == ["Natto"]


def test_a_path_that_does_not_exist_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(NothingToIndexError, match=r"absent: no such file or folder; check the path"):
        list(read_paths([tmp_path / "absent"]))


def test_what_was_skipped_reads_as_place_and_reason() -> None:
    assert str(Skipped("a.md", "line 2", "no title")) == "a.md, line 2: no title"
    assert str(Skipped("a.md", None, "the file is empty")) == "a.md: the file is empty"


PROSE = "The cramps of older people were fewer in this trial than in the one before it. " * 6
PUBMED_XML = (
    "<?xml version='1.0'?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
    "<ArticleTitle>{}</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
)
JATS = (
    "<article><front><article-meta><title-group><article-title>{}</article-title></title-group>"
    "</article-meta></front></article>"
)
#: One file of each format, all with the same title, under a name that tells nothing.
OF_EACH_FORMAT = {
    "PubMed XML": PUBMED_XML,
    "JATS": JATS,
    "MEDLINE": "PMID- 1\nOWN - NLM\nTI  - {}\nDP  - 2004\n",
    "RIS": "TY  - JOUR\nTI  - {}\nPY  - 2004\nER  - \n",
    "BibTeX": "@article{{a,\n  title = {{{}}},\n  year = 2004\n}}\n",
    "BEIR": '{{"_id": "1", "title": "{}", "text": "Words.", "metadata": {{}}}}\n',
    "CSL-JSON": '[{{"id": "a", "type": "article-journal", "title": "{}"}}]',
    "CSV": "Title,Authors,Year,Journal,DOI\n{},Lee A,2004,J Nutr,10.1000/a\n",
    "HTML": "<!DOCTYPE html><html><head><title>{}</title></head><body><article><p>"
    + PROSE
    + "</p></article></body></html>",
    "Markdown": ARTICLE,
    "scraped": "{}\n\nSummary\n\nIt is so.\n\nReferences\n\n1. One. 2004.\n",
    "plain text": "{}\n\n" + PROSE,
}
TITLE = "Cramps at night"


def test_there_is_a_file_of_each_format() -> None:
    told = [
        next(reader.NAME for reader in reading.READERS if reader.claims(text.format(TITLE), "x"))
        for text in OF_EACH_FORMAT.values()
    ]
    assert len(set(told)) == len(told) == len(reading.READERS)


@pytest.mark.parametrize("text", OF_EACH_FORMAT.values(), ids=OF_EACH_FORMAT)
@pytest.mark.parametrize("name", ["x", "x.txt", "x.xml", "x.csv", "x.ris"])
def test_every_format_is_told_by_its_content_under_any_name(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / name).write_text(text.format(TITLE), "utf-8")
    found = one(tmp_path / name)
    assert isinstance(found, Source), found
    assert found.title.rstrip(".") == TITLE
    claimed = [reader.NAME for reader in reading.READERS if reader.claims(text.format(TITLE), name)]
    assert found.format == claimed[0]


@pytest.mark.parametrize("text", OF_EACH_FORMAT.values(), ids=OF_EACH_FORMAT)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_every_format_is_read_in_every_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    title = "Krämpfe bei Nacht"
    (tmp_path / "x").write_bytes(
        text.format(title)
        .replace("version='1.0'", f"version='1.0' encoding='{encoding[:5]}'")
        .encode(encoding)
    )
    found = one(tmp_path / "x")
    assert isinstance(found, Source), found
    assert found.title.rstrip(".") == title


@pytest.mark.parametrize("text", OF_EACH_FORMAT.values(), ids=OF_EACH_FORMAT)
def test_every_format_is_read_out_of_a_container_under_the_way_to_it(tmp_path: Path, text: str) -> None:
    data = text.format(TITLE).encode()
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr("folder/x", data)
        archive.writestr("folder/y.gz", gzip.compress(data))
    with tarfile.open(tmp_path / "set.tgz", "w:gz") as tar:
        info = tarfile.TarInfo("x")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    (tmp_path / "x.gz").write_bytes(gzip.compress(data))
    found = list(read_paths([tmp_path]))
    assert all(isinstance(thing, Source) for thing in found), found
    assert [thing.origin for thing in found] == [
        f"{tmp_path}/{name}" for name in ("set.tgz!x", "set.zip!folder/x", "set.zip!folder/y.gz", "x.gz")
    ]


def test_an_xml_file_may_be_larger_than_what_is_decoded_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 100)
    (tmp_path / "a.xml").write_text(PUBMED_XML.format(TITLE), "utf-8")
    (tmp_path / "b.md").write_text(ARTICLE.format(TITLE) + "x" * 100, "utf-8")
    xml, markdown = read_paths([tmp_path])
    assert isinstance(xml, Source)
    assert isinstance(markdown, Skipped)


def test_xml_with_bytes_of_another_encoding_between_is_read(tmp_path: Path) -> None:
    data = PUBMED_XML.format("Grün – naïve – µg").encode().replace("ü".encode(), b"\xfc")
    (tmp_path / "a.xml").write_bytes(data)
    found = one(tmp_path / "a.xml")
    assert isinstance(found, Source)
    assert found.title == "Grün – naïve – µg"


def test_a_cut_archive_gives_the_records_before_the_cut_and_says_so(tmp_path: Path) -> None:
    records = "".join(f"TY  - JOUR\nTI  - Title {n} {os.urandom(200).hex()}\nER  - \n\n" for n in range(200))
    (tmp_path / "a.ris.gz").write_bytes(gzip.compress(records.encode())[:-2000])
    found = list(read_file(tmp_path / "a.ris.gz"))
    sources = [thing for thing in found if isinstance(thing, Source)]
    assert 150 < len(sources) < 200
    assert any("damaged" in thing.reason for thing in found if isinstance(thing, Skipped))


def test_hidden_members_and_the_papers_of_a_library_are_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name in ("__MACOSX/._a.md", ".DS_Store", "set/README.md", "set/kept.md"):
            archive.writestr(name, ARTICLE.format(name))
    assert titles(tmp_path) == ["set/kept.md"]


def test_json_lines_that_are_no_sources_are_not_taken_for_csl(tmp_path: Path) -> None:
    for name, text in (
        ("queries.jsonl", '{"_id": "1", "text": "Does it help?", "metadata": {}}\n'),
        ("corpus.jsonl", '{"doc_id": 1, "title": "T", "abstract": ["A."], "structured": false}\n'),
        ("a.txt", '{"title": "no more than a title"}'),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        assert reason(tmp_path / name).startswith("no reader knows this file")


@pytest.mark.parametrize("name", ["a.csljson", "a.txt", "a"])
def test_csl_may_have_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('[{"id": "a", "type": "book", "title": "A book"}]', "utf-8")
    assert isinstance(one(tmp_path / name), Source)


#: Real files without any record that has a title, and one of another format than its folder's.
ODD_ONES = frozenset(
    {
        "bibtexparser-comments_only_output.bib",
        "bibtexparser-common_strings.bib",
        "bibtexparser-empty.bib",
        "bibtexparser-multiline_comments.bib",
        "bibtexparser-wrong.bib",
        "manubot-null-date-parts-csl-raw.json",
        "biopython-efetch_pmc.xml",
        "biopython-esummary1.xml",
        "rispy-example_bom.ris",
        "rispy-example_multiline.ris",
    }
)


def test_every_real_file_is_read_by_the_reader_of_its_format(shared: Path) -> None:
    wanted = {
        "bibtex": "BibTeX",
        "csl-json": "CSL-JSON",
        "csv-exports": "CSV",
        "jats": "JATS",
        "medline-nbib": "MEDLINE",
        "pubmed-xml": "PubMed XML",
        "ris": "RIS",
    }
    for folder, name in wanted.items():
        for path in sorted((shared / "formats" / folder).iterdir()):
            if path.name.endswith(".tar.gz") or path.name in ODD_ONES:
                continue
            formats = {thing.format for thing in read_file(path) if isinstance(thing, Source)}
            assert len(formats) == 1, path
            assert name in str(formats), path
