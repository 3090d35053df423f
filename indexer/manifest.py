"""What a generation says of itself: how it was made, what it holds, the digest of each of its files."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import IndexDamagedError, IndexFormatError

FORMAT_VERSION = 3
MANIFEST = "manifest.json"
REBUILD = "remove the folder or give another --index, then run footnote index"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself; ``files`` maps a relative path to (bytes, sha256).

    ``written`` maps a file to its inode and time of writing (ns) when its digest was taken: where both are
    still so, nobody wrote to it since.
    ``parent`` was live when this one was built. ``aside`` is true from `IndexDirectory.set_aside` until it is
    promoted: no build takes its place.
    """

    name: str
    fingerprint: str
    created: str
    parent: str | None
    parameters: Mapping[str, Any]
    counts: Mapping[str, int]
    files: Mapping[str, tuple[int, str]]
    aside: bool = False
    written: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def index_version(self) -> str:
        """Generation and a digest of its files, as the API gives it: ``000007-3f2a``."""
        content = json.dumps({k: v[1] for k, v in sorted(self.files.items())})
        return f"{self.name}-{hashlib.sha256(content.encode()).hexdigest()[:4]}"


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a generation's folder; raises `IndexDamagedError` or `IndexFormatError`."""
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text("utf-8"))
        version = data["format"]
        if version != FORMAT_VERSION:
            raise IndexFormatError(
                f"{folder} has format {version}", f"this Footnote reads format {FORMAT_VERSION}", REBUILD
            )
        return Manifest(
            name=data["generation"],
            fingerprint=data["fingerprint"],
            created=data["created"],
            parent=data["parent"],
            parameters=data["parameters"],
            counts=data["counts"],
            files={name: (entry["bytes"], entry["sha256"]) for name, entry in data["files"].items()},
            aside=bool(data.get("aside", False)),
            written={name: tuple(entry.get("written", (0, 0))) for name, entry in data["files"].items()},
        )
    except FileNotFoundError as error:
        raise IndexDamagedError(str(path), "the file is missing", REBUILD) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamagedError(str(path), "not a readable manifest", REBUILD) from error


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest as a file."""
    document = {
        "format": FORMAT_VERSION,
        "generation": manifest.name,
        "fingerprint": manifest.fingerprint,
        "created": manifest.created,
        "parent": manifest.parent,
        "parameters": dict(manifest.parameters),
        "counts": dict(manifest.counts),
        "files": {
            n: {"bytes": b, "sha256": s, "written": manifest.written.get(n, (0, 0))}
            for n, (b, s) in sorted(manifest.files.items())
        },
    }
    if manifest.aside:
        document["aside"] = True
    path.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
