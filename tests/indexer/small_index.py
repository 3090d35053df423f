"""A library of two studies and one article, written by hand, and an index of it to change at will."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.records import Passage, Source
from indexer.build import BuildReport, build
from indexer.generation import LIBRARY_FILE, Generation, IndexDirectory
from indexer.library import Library

GLA_FINDING = "MK-7 lowered dp-ucMGP by half in 120 adults over twelve months."
GLA: dict[str, Any] = {
    "id": "gla2004",
    "type": "article-journal",
    "title": "Matrix Gla protein and the stiffness of leg arteries",
    "author": [{"family": "Martínez", "given": "A."}, {"family": "Zomer", "given": "B."}],
    "container-title": "Journal of Vascular Notes",
    "issued": {"date-parts": [[2004, 3]]},
    "DOI": "10.5555/GLA.2004.1",
    "PMID": "11111111",
    "PMCID": "PMC2222222",
    "custom": {"study_type": "RCT", "sample_size": "120 adults", "finding": GLA_FINDING},
}
CRAMPS_FINDING = "Stretching before sleep went with fewer cramps in 80 older people."
CRAMPS: dict[str, Any] = {
    "id": "cramps2010",
    "type": "article-journal",
    "title": "Night cramps of the calf in older people",
    "author": [{"family": "Okafor", "given": "C."}],
    "container-title": "Archives of Calves",
    "issued": {"date-parts": [[2010]]},
    "PMID": "33333333",
    "custom": {"study_type": "cohort", "finding": CRAMPS_FINDING},
}
ARTICLE = """---
title: "Vitamin K2 and tired legs"
slug: tired-legs
published: 2024-05-01
author: Footnote editors
---

## Quick summary

MK-7 lowered a blood marker in one trial [@gla2004]. Stretching went with fewer night cramps \
[@cramps2010]. One claim has no source here [@ghost1999].

## What a reader can do

Ask a doctor before taking vitamin K2 with warfarin. Walk every day.
"""
GLA_ID, CRAMPS_ID, ARTICLE_ID = "doi:10.5555/gla.2004.1", "pmid:33333333", "article:tired-legs"


def write_study(folder: Path, record: dict[str, Any], finding: str | None = None) -> Path:
    """Write a study as ``<id>.json``, with another finding where one is given."""
    custom = record["custom"] | ({"finding": finding} if finding is not None else {})
    path = folder / f"{record['id']}.json"
    path.write_text(json.dumps(record | {"custom": custom}), "utf-8")
    return path


def write_library(folder: Path) -> Path:
    """Write the three files into a new folder."""
    folder.mkdir(parents=True)
    write_study(folder, GLA)
    write_study(folder, CRAMPS)
    (folder / "tired-legs.md").write_text(ARTICLE, "utf-8")
    return folder


@dataclass(frozen=True)
class SmallIndex:
    """The folder of an index and the folder of files that it was built from."""

    index: Path
    library: Path

    @property
    def directory(self) -> IndexDirectory:
        return IndexDirectory(self.index)

    def copy_to(self, folder: Path) -> "SmallIndex":
        """Both folders copied under ``folder``."""
        own = SmallIndex(folder / "index", folder / "library")
        shutil.copytree(self.index, own.index)
        shutil.copytree(self.library, own.library)
        return own

    def update(self, **options: Any) -> BuildReport:
        """Index the library's folder as it is now."""
        return build(self.index, [self.library], **options)

    def live(self) -> Generation:
        return self.directory.open()

    def names(self) -> list[str]:
        """The folders of all generations, hidden ones too."""
        return sorted(path.name for path in (self.index / "generations").iterdir())

    def sources(self) -> dict[str, Source]:
        """The sources of the live generation by id."""
        library = Library(self.live().path / LIBRARY_FILE)
        try:
            return {source.source_id: source for source in library.sources()}
        finally:
            library.close()

    def passages(self) -> list[Passage]:
        """The passages of the live generation in order of row."""
        library = Library(self.live().path / LIBRARY_FILE)
        try:
            return library.passages(range(len(library.passage_sources)))
        finally:
            library.close()
