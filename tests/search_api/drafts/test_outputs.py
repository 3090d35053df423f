"""A draft with its citations put in: nothing else changes, and the real programs open what is made."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import ParameterError
from search_api.drafts.citing import cite_draft
from search_api.drafts.outputs.documents import OutputDocument, OutputFormat, output_document
from search_api.drafts.outputs.insertion import with_insertions
from search_api.drafts.reading import read_draft, read_text
from search_api.search import Searcher

_TEXT = """# What *vitamin K2* does & what it costs: 100 % of it

A high intake of **menaquinone** is associated with lower mortality from coronary heart disease.

- In healthy postmenopausal women, three years of MK-7 slowed the loss of bone density at the lumbar spine.
- Magnesium does not prevent cramps in older adults [@garrison2020]; α-tocopherol costs $5 {or} #1 of x_y ~ ^.

| food | µg |
|---|---|
| natto | 1000 |
"""


def _made(searcher: Searcher, form: OutputFormat, style: str = "apa", text: str = _TEXT) -> OutputDocument:
    return output_document(cite_draft(read_text(text, "a.md"), searcher), form, style, name="a")


def test_markdown_keeps_every_letter_and_gains_citations_and_the_list(searcher: Searcher) -> None:
    made = str(_made(searcher, "markdown").content)
    body, _, listed = made.partition("## References")
    assert "coronary heart disease (Geleijnse et al., 2004)." in body
    assert "lumbar spine (Knapen et al., 2013)." in body
    assert re.sub(r" \((?:Geleijnse|Knapen) et al\., \d{4}\)", "", body).strip() == _TEXT.strip()
    assert listed.count("https://doi.org/") == 2


def test_raised_numbers_stand_behind_the_full_stop(searcher: Searcher) -> None:
    made = str(_made(searcher, "markdown", "nature").content)
    assert "coronary heart disease.<sup>1</sup>" in made
    assert "\n1\\. Geleijnse" in made


def test_a_note_style_gives_notes(searcher: Searcher) -> None:
    made = str(_made(searcher, "markdown", "chicago-notes-bibliography").content)
    assert "coronary heart disease.[^footnote-1]" in made
    assert "\n[^footnote-1]: Johanna M. Geleijnse" in made


def test_pandoc_gets_keys_and_a_bibliography_that_has_them_all(searcher: Searcher) -> None:
    made = _made(searcher, "pandoc")
    assert "coronary heart disease [@geleijnse2004]." in str(made.content)
    keys = set(re.findall(r"@([\w-]+)", str(made.content)))
    assert keys == {"geleijnse2004", "knapen2013", "garrison2020"}
    assert keys == set(re.findall(r"^@\w+\{([^,]+),", made.beside["bib"], re.MULTILINE))


def test_html_links_each_citation_to_its_entry(searcher: Searcher) -> None:
    made = str(_made(searcher, "html").content)
    targets = re.findall(r'<cite><a href="#([^"]+)"', made)
    assert len(targets) == 2
    assert all(f'<li id="{target}">' in made for target in targets)
    assert "<strong>menaquinone</strong>" in made


def test_html_of_a_draft_cannot_run_anything(searcher: Searcher) -> None:
    text = "<script>alert(1)</script>\n\nK2 slows loss. <img onerror=x>\n"
    made = str(_made(searcher, "html", text=text).content)
    assert "<script" not in made
    assert "<img" not in made


def test_a_given_word_document_keeps_its_form(searcher: Searcher) -> None:
    document = Document()
    paragraph = document.add_paragraph("Magnesium does not prevent cramps ")
    paragraph.add_run("in older adults").italic = True
    paragraph.add_run(". The end is near.")
    file = io.BytesIO()
    document.save(file)
    cited = cite_draft(read_draft(file.getvalue(), "a.docx"), searcher)
    made = output_document(cited, "docx", "apa", file.getvalue())
    assert isinstance(made.content, bytes)
    read = Document(io.BytesIO(made.content))
    first = read.paragraphs[0]
    assert first.text == (
        "Magnesium does not prevent cramps in older adults (Garrison et al., 2020). The end is near."
    )
    assert next(run.text for run in first.runs if run.italic) == "in older adults"
    assert read.paragraphs[1].text == "References"


def test_latex_escapes_what_is_no_command(searcher: Searcher) -> None:
    made = _made(searcher, "latex")
    text = str(made.content)
    assert r"\section{What \emph{vitamin K2} does \& what it costs: 100 \% of it}" in text
    assert r"coronary heart disease~\cite{geleijnse2004}." in text
    assert r"older adults \cite{garrison2020};" in text
    assert r"\$5 \{or\} \#1 of x\_y" in text
    assert "@article{garrison2020," in made.beside["bib"]


@pytest.mark.skipif(not shutil.which("pdflatex") or not shutil.which("bibtex"), reason="no LaTeX here")
@pytest.mark.timeout(300)
def test_latex_compiles(searcher: Searcher, tmp_path: Path) -> None:
    made = _made(searcher, "latex")
    (tmp_path / "a.tex").write_text(str(made.content), "utf-8")
    (tmp_path / "a.bib").write_text(made.beside["bib"], "utf-8")
    latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a"]
    for command in (latex, ["bibtex", "a"], latex, latex):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-2000:]
    assert "undefined" not in (tmp_path / "a.log").read_text("latin-1")
    assert (tmp_path / "a.pdf").stat().st_size > 10_000


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice here")
@pytest.mark.timeout(300)
def test_libreoffice_reads_the_word_document(searcher: Searcher, tmp_path: Path) -> None:
    content = _made(searcher, "docx").content
    assert isinstance(content, bytes)
    (tmp_path / "a.docx").write_bytes(content)
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", "txt:Text", "a.docx"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    read = (tmp_path / "a.txt").read_text("utf-8-sig")
    assert "coronary heart disease (Geleijnse et al., 2004)." in read
    assert "https://doi.org/10.1093/jn/134.11.3100" in read


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25)
@given(st.text(max_size=300))
def test_whatever_stands_in_a_draft_goes_into_every_format(searcher: Searcher, text: str) -> None:
    try:
        draft = read_text(f"{text}\n\nMagnesium does not prevent cramps in older adults.")
        cited = cite_draft(draft, searcher)
    except ParameterError:
        return
    for form in ("markdown", "html", "docx", "latex"):
        assert output_document(cited, form, "apa").content  # type: ignore[arg-type]


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.text(max_size=5)), max_size=5))
def test_insertions_change_nothing_else(text: str, insertions: list[tuple[int, str]]) -> None:
    placed = sorted(((min(at, len(text)), words) for at, words in insertions), key=lambda item: item[0])
    made = with_insertions(text, placed)
    assert len(made) == len(text) + sum(len(words) for _, words in placed)
    for offset, words in reversed(placed):
        at = offset + sum(len(before) for place, before in placed[: placed.index((offset, words))])
        assert made[at : at + len(words)] == words
