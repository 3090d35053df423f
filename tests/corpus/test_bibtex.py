"""BibTeX entries become studies: values expanded, LaTeX set in Unicode, names in CSL's parts."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import bibtex
from corpus.readers.latex_text import plain, verbatim
from corpus.records import Integrity, Skipped, Source
from tests.corpus.damage import damaged

GOOD = r"""% made by hand
@string{jn = "Journal of " # nutr}
@string{nutr = {Nutrition}}
@string{JN = {Journal of } # nutr}
@comment{ignored, with @article{nothing, title = {Nothing}} inside}
@preamble{"\newcommand{\x}{y}"}

@article{geleijnse2004,
  author = {Geleijnse, Johanna M. and {\v{S}}eva, Jurica and
    van der Meer, Jr, Irene M. and {Rotterdam Study Group} and others},
  title = {Dietary intake of {Menaquinone} is associated with a reduced risk of {CHD}: $\beta$ and K$_2$},
  journal = jn,
  year = 2004, month = nov # "~2",
  volume = {134}, number = {11}, pages = {3100--3105},
  doi = {https://doi.org/10.1093/jn/134.11.3100},
  note = {PMID: 15514282},
  abstract = {Risk fell by 50% in 4807 people.},
  issn = {0022-3166},
}

@inproceedings{talk, crossref = {proc}, author = "Ludwig van Beethoven", title = {A {"}talk{"}},
  pages = {7--}}
@proceedings{proc, title = {Proceedings}, year = 2010, editor = {Doe, J.}, doi = {10.1000/proc}}
"""


def _read(text: str) -> tuple[list[Source], list[Skipped]]:
    results = list(bibtex.read(text, "file.bib"))
    return [r for r in results if isinstance(r, Source)], [r for r in results if isinstance(r, Skipped)]


def _one(fields: str) -> Source:
    (source,), skipped = _read(f"@article{{key, title = {{T}}, {fields}}}")
    assert not skipped
    return source


def test_every_field_of_an_entry_arrives_in_csl() -> None:
    sources, skipped = _read(GOOD)
    assert not skipped
    first = sources[0]
    assert (first.source_id, first.key, first.authors_complete) == (
        "doi:10.1093/jn/134.11.3100",
        "geleijnse2004",
        False,
    )
    assert first.csl == {
        "id": "geleijnse2004",
        "type": "article-journal",
        "title": "Dietary intake of Menaquinone is associated with a reduced risk of CHD: β and K₂",
        "author": [
            {"family": "Geleijnse", "given": "Johanna M."},
            {"family": "Ševa", "given": "Jurica"},
            {"family": "van der Meer", "given": "Irene M.", "suffix": "Jr"},
            {"literal": "Rotterdam Study Group"},
        ],
        "container-title": "Journal of Nutrition",
        "issued": {"date-parts": [[2004, 11, 2]]},
        "volume": "134",
        "issue": "11",
        "page": "3100-3105",
        "DOI": "10.1093/jn/134.11.3100",
        "PMID": "15514282",
        "ISSN": "0022-3166",
    }
    assert "Risk fell by 50% in 4807 people." in first.text


def test_an_entry_inherits_what_it_lacks_but_not_the_identity_of_its_volume() -> None:
    talk = _read(GOOD)[0][1]
    assert talk.source_id == "study:talk"
    assert talk.csl["container-title"] == "Proceedings"
    assert talk.csl["issued"] == {"date-parts": [[2010]]}
    assert talk.csl["editor"] == [{"family": "Doe", "given": "J."}]
    assert talk.csl["author"] == [{"family": "van Beethoven", "given": "Ludwig"}]
    assert (talk.csl["page"], talk.csl["title"]) == ("7", 'A "talk"')


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ("date = {2009-08-21/2009-08-24}", [2009, 8, 21]),
        ("date = {2009-08}, year = {1999}", [2009, 8]),
        ("year = {2004}, month = {Jan--Feb}", [2004]),
        ("year = {2004}, month = 12, day = {31}", [2004, 12, 31]),
        ("year = {2004}, month = feb, day = 30", [2004, 2]),
        ("year = {1998--1999}", [1998]),
        ("year = {2004 Spring}", [2004]),
        ("year = {0000}", None),
        ("year = {in press}", None),
    ],
)
def test_a_date_gives_what_is_certain(fields: str, parts: list[int] | None) -> None:
    issued = _one(fields).csl.get("issued")
    assert issued == ({"date-parts": [parts]} if parts else None)


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ("journaltitle = {Gut}", "container-title", "Gut"),
        ("issue = {3}", "issue", "3"),
        ("pmid = {123}", "PMID", "123"),
        ("pmcid = {PMC12}", "PMCID", "PMC12"),
        ("eprint = {77}, eprinttype = {pubmed}", "PMID", "77"),
        ("eprint = {1702.04615}, archiveprefix = {arXiv}", "URL", "https://arxiv.org/abs/1702.04615"),
        ("url = {https://doi.org/10.1000/A\\_b}", "DOI", "10.1000/a_b"),
        ("doi = {10.1002/(SICI)1097(19980815)17:15<1661::AID>3.0.CO;2-2}", "DOI", None),
        (
            "author = {World Health Organization}",
            "author",
            [{"family": "Organization", "given": "World Health"}],
        ),
        ("author = {{World Health Organization}}", "author", [{"literal": "World Health Organization"}]),
        ("JOURNAL = {Gut}, journal = {Second}", "container-title", "Gut"),
    ],
)
def test_fields_of_both_dialects_are_known(fields: str, name: str, value: object) -> None:
    found = _one(fields).csl.get(name)
    assert found == (value if value is not None else "10.1002/(sici)1097(19980815)17:15<1661::aid>3.0.co;2-2")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"G{\"o}tze \'E {\o}re {\ss} \c{c}", "Götze É øre ß ç"),
        (r"$^{18}$F and Ca$^{2+}$ at $\geq$ 5", "¹⁸F and Ca²⁺ at ≥ 5"),
        ("costs $5 and $10, 20% off", "costs $5 and $10, 20% off"),
        (r"\emph{E. coli} \& {NASA} -- ``so''", "E. coli & NASA – “so”"),
        (r"50% of \emph{all} patients", "50% of all patients"),
        ("{{unbalanced}", "unbalanced"),
    ],
)
def test_latex_is_set_in_unicode(latex: str, text: str) -> None:
    assert plain(latex) == text


def test_an_address_keeps_its_signs() -> None:
    assert verbatim(r"\url{https://x.org/a\_b~c%20d}") == "https://x.org/a_b~c%20d"


def test_the_entries_around_a_missing_brace_are_kept_and_the_broken_one_is_named_with_its_line() -> None:
    text = "@book{a, title = {A}}\n\n@book{b,\n title = {B,\n year = 2000}\n\n@book{c, title = {C}}\n"
    sources, (skipped,) = _read(text)
    assert [s.key for s in sources] == ["a", "c"]
    assert skipped.position == "line 3"
    assert "@book b" in skipped.reason


def test_an_entry_closed_too_early_is_reported() -> None:
    sources, (skipped,) = _read("@book{a, title = {A}},\n year = {2000}\n}\n@book{b, title = {B}}")
    assert [s.key for s in sources] == ["a", "b"]
    assert "closed too early" in skipped.reason


def test_an_entry_without_title_is_reported() -> None:
    sources, (skipped,) = _read("@book{a, title={A}}\n@book{c, year=2000}")
    assert [s.title for s in sources] == ["A"]
    assert (skipped.position, "title" in skipped.reason) == ("line 2", True)


def test_another_work_under_a_key_that_is_taken_is_kept_under_a_key_of_its_own() -> None:
    text = "@book{a, title={A}}\n@book{a, title={B}}\n@book{a-3, title={D}}\n@book{a, title={C}}"
    sources, skipped = _read(text)
    assert [(s.key, s.title) for s in sources] == [("a", "A"), ("a-2", "B"), ("a-3", "D"), ("a-4", "C")]
    assert [s.position for s in skipped] == ["line 2", "line 4"]
    assert "a: the key stands on line 1 already, this other work is kept as a-2;" in skipped[0].reason


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("title={The A}", "title={{T}he a.}", 1),
        ("title={A}, doi={10.1000/a}", "title={a}", 1),
        ("title={A}", "title={A}, doi={10.1000/a}", 1),
        ("title={A}, doi={10.1000/a}", "title={Other}, doi={10.1000/A}", 1),
        ("title={A}, doi={10.1000/a}", "title={A}, doi={10.1000/b}", 2),
        ("title={A}", "title={B}", 2),
    ],
)
def test_a_work_that_stands_twice_under_its_key_is_read_once(first: str, second: str, kept: int) -> None:
    sources, skipped = _read(f"@book{{a, {first}}}\n@book{{a, {second}}}")
    assert (len(sources), len(skipped)) == (kept, 1)
    assert ("left out" in skipped[0].reason) is (kept == 1)


def test_commented_entries_are_no_records_but_per_cent_signs_in_values_stay() -> None:
    text = "%@book{x, title={X}}\n@book{a, % why = {not}\n title={50\n% of all}}\n% @book{y, title={Y}}"
    sources, skipped = _read(text)
    assert ([s.title for s in sources], skipped) == (["50 % of all"], [])


def test_a_circle_and_a_missing_parent_end() -> None:
    sources, skipped = _read("@book{a, title={A}, crossref={b}}\n@book{b, title={B}, crossref={a}}")
    assert (len(sources), skipped) == (2, [])
    assert len(_read("@book{a, title={A}, crossref={none}}")[0]) == 1


def test_a_chapter_without_title_does_not_take_its_books() -> None:
    sources, (skipped,) = _read("@inbook{c, author={A}, crossref={b}}\n@book{b, title={Book}}")
    assert [s.key for s in sources] == ["b"]
    assert (skipped.position, "title" in skipped.reason) == ("line 1", True)


def test_names_that_double_without_end_are_reported_and_the_rest_is_read() -> None:
    doubling = '@string{a = "0123456789"}\n' + "@string{a = a # a}\n" * 60
    sources, skipped = _read(doubling + "@book{b, title = {B}}")
    assert [s.title for s in sources] == ["B"]
    assert "expand without end" in skipped[0].reason


def test_unpaired_braces_in_names_take_no_time() -> None:
    (source,), _ = _read('@book{a, title={T}, author="' + "}" * 200_000 + 'Doe, J."}')
    assert source.csl["author"] == [{"family": "Doe", "given": "J."}]


def test_byte_order_mark_and_line_ends_do_not_matter() -> None:
    assert len(_read("\ufeff" + GOOD.replace("\n", "\r\n"))[0]) == 3


@pytest.mark.parametrize("text", ["", "no entry", "@comment{x}", "@article{", "@article{a, title = {x"])
def test_a_file_without_a_record_says_so(text: str) -> None:
    sources, skipped = _read(text)
    assert not sources
    assert len(skipped) >= 1


def test_a_huge_field_is_read_in_time() -> None:
    sources, _ = _read("@book{a, title = {T}, abstract = {" + r"\'e" * 300_000 + "}}")
    assert len(sources) == 1


@pytest.mark.parametrize(
    ("text", "name", "mine"),
    [
        (GOOD, "a.txt", True),
        ("@wrong{foo, author = {x}}", "a.bib", True),
        ("@wrong{foo, author = {x}}", "a.txt", False),
        ("# Title\n\n@article{a, title={x}}", "a.md", False),
        ('[{"title": "@article{a,"}]', "a.json", False),
        ("TY  - JOUR\nTI  - x\n", "a.ris", False),
        ("@pytest.mark.x(\n    a, b=3)\n", "a.py", False),
        ("", "a.bib", False),
    ],
)
def test_only_bibtex_is_claimed(text: str, name: str, mine: bool) -> None:
    assert bibtex.claims(text, name) is mine


#: File -> how many studies, how many skipped; counted by reading the files.
def test_authors_of_a_real_file_are_read_with_their_accents_and_cut_lists_are_known(shared: Path) -> None:
    sources, _ = _read((shared / "formats" / "bibtex" / "pubmed_parser-paper.bib").read_text("utf-8"))
    assert sources[-1].csl["author"][0] == {"family": "Abdeddaïm", "given": "Saïd"}
    assert [s.authors_complete for s in sources] == [False] + [True] * 10


def test_every_real_file_is_claimed_unless_it_is_empty(shared: Path) -> None:
    for path in sorted((shared / "formats" / "bibtex").glob("*.bib")):
        text = path.read_text("utf-8")
        assert bibtex.claims(text, path.name) is bool(text.strip()), path.name


@given(st.text() | damaged(GOOD))
@settings(max_examples=100)
def test_whatever_the_text_only_studies_and_reasons_come_out(text: str) -> None:
    bibtex.claims(text, "a.bib")
    assert all(isinstance(r, Source | Skipped) for r in bibtex.read(text, "a.bib"))


@given(st.text(alphabet='@{}()"#,=%\\$~ \nabk1', max_size=300))
@settings(max_examples=100)
def test_no_order_of_the_signs_of_the_format_breaks_the_reader(text: str) -> None:
    assert all(isinstance(r, Source | Skipped) for r in bibtex.read("@book{" + text, "a.bib"))


def test_the_notice_of_a_retraction_is_not_taken_for_the_work() -> None:
    source = _one("title = {Bone}, note = {Standing: retracted; notice: pmid:123; date: 2012}")
    assert source.integrity == Integrity("retracted", notice="pmid:123", date="2012")
    assert "PMID" not in source.csl


def test_a_parameter_of_an_address_is_not_an_entity() -> None:
    url = _one(r"title = {Bone}, url = {https://example.org/?a=1\&copy=2&amp;b=3}").csl["URL"]
    assert url == "https://example.org/?a=1&copy=2&b=3"


def test_braces_and_carets_by_name_are_the_signs() -> None:
    title = r"{\textbraceleft}K{\textbraceright}\textasciicircum 2 and \textasciicircum{}x"
    assert _one(f"publisher = {{{title}}}").csl["publisher"] == "{K}^2 and ^x"


def test_keywords_and_the_sections_of_an_abstract_are_kept() -> None:
    source = _one("keywords = {a; b}, abstract = {AIM: To test. RESULTS: It works.}")
    assert source.csl["keyword"] == "a; b"
    assert source.text == "T\n\nAim: To test.\n\nResults: It works."


def test_a_subtype_names_a_type_that_bibtex_lacks() -> None:
    (source,), _ = _read("@misc{a, title = {Bone}, entrysubtype = {interview}}")
    assert source.csl["type"] == "interview"
