"""Files in containers: what is opened, under which name, and what is refused."""

import gzip
import io
import os
import random
import stat
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.containers import PEEK_BYTES, Entry, entries
from corpus.metering import Limits
from corpus.records import Skipped

TEXT = b"Some text.\n"


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*members: tuple[str, bytes] | tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size = len(member[1])
            archive.addfile(info, io.BytesIO(member[1]))
    return out.getvalue()


def link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def found(path: Path, limits: Limits | None = None) -> list[tuple[str, bytes | str]]:
    """(what follows the path in the origin, the bytes, or the reason of a Skipped)."""
    seen: list[tuple[str, bytes | str]] = []
    for entry in entries(path, limits):
        where = entry.origin.removeprefix(str(path))
        seen.append((where, entry.reason if isinstance(entry, Skipped) else entry.stream.read()))
    return seen


def read(tmp_path: Path, data: bytes, limits: Limits | None = None) -> list[tuple[str, bytes | str]]:
    path = tmp_path / "file"
    path.write_bytes(data)
    return found(path, limits)


def only_reason(seen: list[tuple[str, bytes | str]]) -> str:
    ((_, reason),) = seen
    assert isinstance(reason, str)
    return reason


@pytest.mark.parametrize("data", [b"", b"x", TEXT, b"PK is no zip", b"\x1f is no gzip", os.urandom(200_000)])
def test_a_file_that_is_no_container_is_its_own_entry(tmp_path: Path, data: bytes) -> None:
    assert read(tmp_path, data) == [("", data)]


def test_a_gzipped_file_keeps_its_origin_and_loses_the_suffix_of_its_name(tmp_path: Path) -> None:
    for name, inner in (("a.nbib.gz", "a.nbib"), ("b", "b"), ("C.XML.GZ", "C.XML")):
        (tmp_path / name).write_bytes(gzip.compress(TEXT))
        (entry,) = entries(tmp_path / name)
        assert isinstance(entry, Entry)
        assert (entry.origin, entry.name, entry.inside) == (str(tmp_path / name), inner, None)


def test_members_of_a_zip_are_named_by_their_way(tmp_path: Path) -> None:
    data = zipped(("folder/", b""), ("folder/a.nbib", TEXT), ("b.ris", b"B"))
    assert read(tmp_path, data) == [("!folder/a.nbib", TEXT), ("!b.ris", b"B")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_members_of_a_tar_are_named_by_their_way(tmp_path: Path, pack: type[bytes]) -> None:
    data = tarred(link("folder", "", tarfile.DIRTYPE), ("folder/a.nbib", TEXT), ("b.ris", b"B" * 5000))
    assert read(tmp_path, pack(data)) == [("!folder/a.nbib", TEXT), ("!b.ris", b"B" * 5000)]


def test_members_that_nobody_reads_do_not_stop_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a.tgz"
    path.write_bytes(gzip.compress(tarred(*((f"{n}.txt", bytes([n]) * 200_000) for n in range(5)))))
    assert [entry.peek()[:1] for entry in entries(path) if isinstance(entry, Entry)] == [
        bytes([n]) for n in range(5)
    ]


def test_a_peek_takes_nothing_away(tmp_path: Path) -> None:
    data = os.urandom(PEEK_BYTES * 2)
    (tmp_path / "a.gz").write_bytes(gzip.compress(data))
    for entry in entries(tmp_path / "a.gz"):
        assert isinstance(entry, Entry)
        assert entry.peek() == data[:PEEK_BYTES]
        assert entry.stream.read() == data


@pytest.mark.parametrize(
    "inner",
    [gzip.compress(TEXT), zipped(("x", TEXT)), tarred(("x", TEXT)), gzip.compress(tarred(("x", TEXT)))],
    ids=["gzip", "zip", "tar", "tar.gz"],
)
@pytest.mark.parametrize("pack", [zipped, tarred, lambda *m: gzip.compress(tarred(*m))])
def test_a_container_in_a_container_is_opened(tmp_path: Path, pack: type, inner: bytes) -> None:
    is_plain_gzip = inner.startswith(b"\x1f\x8b") and len(inner) < 60
    way = "!in" if is_plain_gzip else "!in!x"
    assert read(tmp_path, pack(("in", inner), ("b", b"B"))) == [(way, TEXT), ("!b", b"B")]


def test_a_third_container_is_refused_and_the_others_are_kept(tmp_path: Path) -> None:
    deep = zipped(("c.zip", zipped(("x", TEXT))), ("d", b"D"))
    seen = read(tmp_path, zipped(("b.zip", deep), ("e", b"E")))
    assert seen[1:] == [("!b.zip!d", b"D"), ("!e", b"E")]
    assert seen[0][0] == "!b.zip!c.zip"
    assert "nested too deep" in str(seen[0][1])


@pytest.mark.parametrize("name", ["../a", "x/../../a", "/etc/passwd", "C:/a", "..\\a", "\\\\host\\a"])
def test_names_that_leave_the_archive_are_refused_and_the_others_kept(tmp_path: Path, name: str) -> None:
    for data in (zipped((name, TEXT), ("b", b"B")), tarred((name, TEXT), ("b", b"B"))):
        first, second = read(tmp_path, data)
        assert "name" in str(first[1])
        assert second == ("!b", b"B")


def test_links_and_devices_are_refused_and_the_others_kept(tmp_path: Path) -> None:
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
    for kind in kinds:
        refused, kept = read(tmp_path, tarred(link("a", "/etc/passwd", kind), ("b", b"B")))
        assert "link" in str(refused[1]) or "device" in str(refused[1])
        assert kept == ("!b", b"B")
    info = zipfile.ZipInfo("a")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "link" in only_reason(read(tmp_path, out.getvalue()))


def test_an_encrypted_member_is_refused_and_the_others_kept(tmp_path: Path) -> None:
    data = bytearray(zipped(("a", TEXT), ("b", b"B")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1  # the general purpose flag of the first member
    refused, kept = read(tmp_path, bytes(data))
    assert "encrypted" in str(refused[1])
    assert kept == ("!b", b"B")


@pytest.mark.parametrize("part", ["[Content_Types].xml", "mimetype"])
def test_an_office_document_is_no_container_of_sources(tmp_path: Path, part: str) -> None:
    assert "document" in only_reason(read(tmp_path, zipped((part, b"<x/>"), ("word/document.xml", b"<w/>"))))


def test_a_cut_gzip_gives_what_it_holds_and_says_that_it_is_damaged(tmp_path: Path) -> None:
    text = random.Random(1).randbytes(300_000).hex().encode()
    part, damage = read(tmp_path, gzip.compress(text)[:200_000])
    assert isinstance(part[1], bytes)
    assert len(part[1]) > 100_000
    assert text.startswith(part[1])
    assert "damaged" in str(damage[1])


def test_a_changed_byte_in_a_zip_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    data = bytearray(zipped(("a", TEXT * 50), ("b", b"B")))
    data[40] ^= 0xFF
    seen = read(tmp_path, bytes(data))
    assert any("damaged" in str(what) for _, what in seen)
    assert seen[-1] == ("!b", b"B")


def test_a_cut_tar_gives_the_members_before_the_cut(tmp_path: Path) -> None:
    data = tarred(("a", TEXT), ("b", b"B" * 100_000))[:30_000]
    seen = read(tmp_path, data)
    assert seen[0] == ("!a", TEXT)
    assert any("damaged" in str(what) for _, what in seen[1:])


def test_a_cut_zip_is_damaged_as_a_whole(tmp_path: Path) -> None:
    assert "damaged" in only_reason(read(tmp_path, zipped(("a", TEXT))[:-10]))


def test_a_bomb_ends_at_its_ratio_and_the_container_with_it(tmp_path: Path) -> None:
    limits = Limits(ratio=50, free_bytes=100_000)
    bomb = bytes(5_000_000)
    for data in (
        gzip.compress(bomb),
        zipped(("a", bomb), ("b", b"B")),
        gzip.compress(tarred(("a", bomb))),
        zipped(("a.gz", gzip.compress(bomb)), ("b", b"B")),
    ):
        seen = read(tmp_path, data, limits)
        assert sum(len(what) for _, what in seen if isinstance(what, bytes)) < 1_000_000
        assert any("more than 50 times its size" in str(what) for _, what in seen)
        assert ("!b", b"B") not in seen


def test_a_table_of_few_distinct_bytes_is_no_bomb(tmp_path: Path) -> None:
    data = bytes(1_000_000)
    assert read(tmp_path, gzip.compress(data)) == [("", data)]


def test_the_sum_of_all_members_is_limited(tmp_path: Path) -> None:
    seen = read(
        tmp_path, zipped(*((f"{n}", os.urandom(1 << 20)) for n in range(4))), Limits(total_bytes=2 << 20)
    )
    assert isinstance(seen[0][1], bytes)
    assert "unpacks to more than 2 MB" in str(seen[-1][1])
    assert len([what for _, what in seen if isinstance(what, bytes)]) <= 3


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_the_number_of_members_is_limited(tmp_path: Path, pack: type) -> None:
    seen = read(tmp_path, pack(*((f"{n}", TEXT) for n in range(20))), Limits(members=5))
    assert len([what for _, what in seen if what == TEXT]) == 5
    assert "more than 5 members" in str(seen[-1][1])


def test_a_header_of_a_tar_cannot_fill_the_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.pax_headers = {"comment": "x" * (6 << 20)}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info)
    assert "header is too large" in only_reason(read(tmp_path, gzip.compress(out.getvalue())))


def test_a_long_gzip_is_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.xml.gz"
    with gzip.open(path, "wb", compresslevel=0) as out:
        for _ in range(60):
            out.write(bytes(1 << 20))
    tracemalloc.start()
    size = 0
    for entry in entries(path):
        assert isinstance(entry, Entry)
        while piece := entry.stream.read(1 << 16):
            size += len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 60 << 20
    assert peak < 2 << 20


def test_a_path_that_cannot_be_read_raises() -> None:
    with pytest.raises(OSError, match="absent"):
        list(entries(Path("/absent")))


GOOD = (
    zipped(("a", TEXT), ("b.gz", gzip.compress(TEXT)), ("c.zip", zipped(("d", TEXT)))),
    tarred(("a", TEXT), ("b.zip", zipped(("c", TEXT)))),
    gzip.compress(tarred(("a", TEXT * 100), ("b", TEXT))),
    gzip.compress(TEXT * 100),
)


@given(st.sampled_from(GOOD), st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damaged_container_raises(tmp_path: Path, good: bytes, data: st.DataObject) -> None:
    mutated = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        match data.draw(st.sampled_from(["change", "cut", "double"])):
            case "change":
                mutated[at] = data.draw(st.integers(0, 255))
            case "cut":
                del mutated[at : at + data.draw(st.integers(1, 40))]
                mutated = mutated or bytearray(b"x")
            case _:
                mutated[at:at] = mutated[at : at + 40]
    read(tmp_path, bytes(mutated))
