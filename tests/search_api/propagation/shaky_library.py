"""A small library in which everything is amiss that the report looks for, linked by hand."""

from pathlib import Path

from corpus.records import Block, Integrity, Mention, Passage, Reference, Source
from indexer.library import Library
from indexer.library_writing import LibraryWriter

#: The blocks of the article about bone: what cites which study is known by where it stands.
BLOCKS = (
    ("title", (), "Bone"),
    (
        "paragraph",
        ("Trials",),
        "One trial found fewer fractures [1]. A second, since retracted, agreed [1, 2].",
    ),
    (
        "paragraph",
        ("Trials",),
        "A review pooled them [3]. A correction to it exists [3]. It held [4].",
    ),
    ("paragraph", ("Life",), "Bones carry the body. Do they break? Most fractures heal within months."),
    ("paragraph", ("Life",), "Walking loads the hip. Falls cause most hip fractures [4]."),
)
_CITED = {"1": "study:retracted", "2": "study:doubted", "3": "study:corrected", "4": "study:noted"}


def shaky_library(path: Path) -> Library:
    """The library, written to ``path``."""
    article = _article()
    writer = LibraryWriter(path)
    for source in (article, _listing(), *_studies()):
        writer.add_source(source)
    start = article.text.index("One trial")
    end = article.text.index("agreed [1, 2].") + len("agreed [1, 2].")
    quote = Passage(
        "p-bone", article.source_id, start, end, article.text[start:end], ("Trials",), "paragraph"
    )
    writer.add_passage(quote, "0" * 64)
    writer.close()
    return Library(path)


def _article() -> Source:
    text, blocks, mentions = "", [], []
    for kind, section, words in BLOCKS:
        start = len(text)
        text += words + "\n\n"
        blocks.append(Block(kind, section, start, start + len(words)))  # type: ignore[arg-type]
    for label, cited in _CITED.items():
        at = text.find(label)
        while at >= 0:
            mentions.append(Mention(at, at + 1, "marker", label, 1.0, cited))
            at = text.find(label, at + 1)
    references = (
        *(Reference(label, f"Study {label}", source_id=cited, how="key") for label, cited in _CITED.items()),
        Reference("5", "Nobody A. A work that is not here. 1999."),
    )
    csl = {"type": "webpage", "title": "Bone"}
    ordered = tuple(sorted(mentions, key=lambda mention: mention.start))
    return Source(
        "article:bone", "article", csl, text, tuple(blocks), references=references, mentions=ordered
    )


def _listing() -> Source:
    """An article that has the retracted study in its list and nowhere in its text."""
    listed = Reference("1", "Study 1", source_id="study:retracted", how="key")
    csl = {"type": "webpage", "title": "Further reading"}
    return Source("article:list", "article", csl, "Read on.", (), references=(listed,))


def _studies() -> list[Source]:
    standings = {
        "study:noted": Integrity(note="related to a retracted publication"),
        "study:corrected": Integrity("corrected", notice="10.1000/correction"),
        "study:retracted": Integrity("retracted", notice="10.1000/retraction", recorded_in="PubMed record"),
        "study:doubted": Integrity("concern"),
        "study:sound": Integrity(),
        "study:alone": Integrity("retracted"),
    }
    made = []
    for number, (source_id, integrity) in enumerate(standings.items()):
        author = [{"family": source_id.removeprefix("study:").title()}]
        issued = {"date-parts": [[2001 + number]]}
        csl = {"type": "article-journal", "title": f"On {source_id}", "author": author, "issued": issued}
        made.append(Source(source_id, "study", csl, "", (), integrity=integrity))
    return made
