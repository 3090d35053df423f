"""Records out of an XML stream that may be long, broken or hostile, with flat memory.

The stream is fed to a pull parser in pieces that end where a record ends. The parser alone says what
the XML means; the cuts decide how much a fault costs: the record that it stands in, while reading goes
on with the next one. Nothing outside the stream is ever opened, a DOCTYPE that declares entities is
refused, and a record larger than a limit is passed over without being held. Several documents one
after another, as batches of downloads leave them, are read as one.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from corpus.records import Skipped

#: An element of lxml, which comes without types.
Element = Any
#: A single record larger than this is passed over, in bytes of XML.
MAX_RECORD_BYTES = 16 * 1024 * 1024

_CHUNK_BYTES = 64 * 1024
#: Longer than any tag that stands at a cut, in bytes.
_LONGEST_TAG = 40
_BLANKS = b" \t\r\n\0"
_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,30})")
_ROOT = re.compile(r"<(?:!DOCTYPE\s+)?([A-Za-z_][\w:.-]*)")
_PLACE = re.compile(r",? line \d+(?:, column \d+)?")


def root_of(head: str) -> str | None:
    """The name of the root element that a document's beginning announces, None where it is not XML.

    >>> root_of('<?xml version="1.0"?><!-- of <today> --><!DOCTYPE Set SYSTEM "s.dtd"><Set/>')
    'Set'
    """
    at = 0
    while True:
        while head[at : at + 1] in ("\ufeff", " ", "\t", "\r", "\n") and at < len(head):
            at += 1
        for opening, closing in (("<?", "?>"), ("<!--", "-->")):
            if head.startswith(opening, at):
                at = head.find(closing, at) + len(closing)
                if at < len(closing):
                    return None
                break
        else:
            match = _ROOT.match(head, at)
            return match.group(1) if match else None


@dataclass
class RecordStream:
    """Reads one stream; ``records_of`` names the record elements under each root that is known.

    ``refusals`` says for other roots why they are not read; ``encoding`` overrides what the XML declares.
    """

    origin: str
    records_of: Mapping[str, tuple[str, ...]]
    refusals: Mapping[str, str]
    encoding: str | None = None
    limit: int = MAX_RECORD_BYTES
    _parser: Any = None
    _root: str = ""
    _declared: str | None = None
    _number: int = 0
    _size: int = 0
    _line: int = 1
    _lines_before: int = 0
    _lost: bool = False
    _stopped: bool = False
    _said: bool = False
    _damage: str | None = None

    def read(self, stream: BinaryIO) -> Iterator[tuple[int, Element] | Skipped]:
        """Each record with its number, valid until the next is asked for, and what was left out."""
        for piece in self._pieces(stream):
            for item in self._read_piece(piece):
                self._said = True
                yield item
            self._line += piece.count(b"\n")
            if self._stopped:
                return
        yield from self._end()

    def _pieces(self, stream: BinaryIO) -> Iterator[bytes]:
        """The stream's bytes, cut after each end tag of a record or root, no piece longer than two chunks."""
        names = {*self.records_of, *(name for names in self.records_of.values() for name in names)}
        end_tag = re.compile(rb"</(?:%s)\s{0,20}>" % b"|".join(sorted(n.encode() for n in names)))
        rest = b""
        for chunk in self._chunks(stream):
            data = rest + chunk
            start = 0
            for match in end_tag.finditer(data):
                yield data[start : match.end()]
                start = match.end()
            # A tag may go on in the next chunk: its beginning waits for the rest.
            cut = data.rfind(b"<", max(start, len(data) - _LONGEST_TAG))
            cut = len(data) if cut < 0 else cut
            if cut > start:
                yield data[start:cut]
            rest = data[cut:]
        if rest:
            yield rest

    def _chunks(self, stream: BinaryIO) -> Iterator[bytes]:
        # read1 gives what a damaged gzip stream holds before the damage, read would lose it.
        read = getattr(stream, "read1", stream.read)
        chunk = b""
        while True:
            try:
                more = read(_CHUNK_BYTES)
            except (OSError, EOFError, zlib.error) as error:
                self._damage = str(error) or type(error).__name__
                more = b""
            chunk += more
            if chunk and (not more or len(chunk) >= _CHUNK_BYTES):
                yield chunk
                chunk = b""
            if not more:
                return

    def _read_piece(self, piece: bytes) -> Iterator[tuple[int, Element] | Skipped]:
        if self._lost:
            piece = self._found_again(piece)
        elif self._parser is None:
            piece, refusal = self._opened(piece)
            if refusal:
                yield refusal
        if not piece:
            return
        self._size += len(piece)
        if self._size > self.limit:
            yield self._too_large()
            return
        fault = None
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError as error:
            fault = error
        yield from self._finished()
        if fault is not None and not self._stopped:
            yield self._broken(fault, piece)

    def _opened(self, piece: bytes) -> tuple[bytes, Skipped | None]:
        """Begin a document: what of the piece is to be fed, and why nothing of it is."""
        bare = piece.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANKS)
        if not bare:
            return b"", None
        self._lines_before = self._line - 1 + piece[: len(piece) - len(bare)].count(b"\n")
        root = root_of(
            bare.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"").decode("latin-1")
        )
        if root is None or root not in self.records_of:
            other = f"the XML is <{root}>, not {' or '.join(self.records_of)}" if root else "not XML"
            return b"", self._refused(
                self.refusals.get(root or "", f"{other}; give the file as it was downloaded")
            )
        self._root = root
        if b"<!ENTITY" in self._prolog(bare).replace(b"\0", b""):
            return b"", self._refused_entities()
        declared = _ENCODING.match(bare)
        self._declared = declared.group(1).decode() if declared else None
        self._parser = self._new_parser(self.encoding)
        return bare, None

    def _prolog(self, piece: bytes) -> bytes:
        start = self._record_start().search(piece)
        return piece[: start.start()] if start else piece

    def _record_start(self) -> re.Pattern[bytes]:
        return re.compile(rb"<(?:%s)[\s>]" % "|".join(self.records_of[self._root]).encode())

    def _new_parser(self, encoding: str | None) -> Any:
        return etree.XMLPullParser(
            events=("end",),
            tag=tuple(f"{{*}}{name}" for name in (self._root, *self.records_of[self._root])),
            encoding=encoding,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )

    def _found_again(self, piece: bytes) -> bytes:
        """After a fault: the piece from where the next record begins, in a root of its own."""
        start = self._record_start().search(piece)
        if start is None:
            if f"</{self._root}".encode() in piece:
                self._lost = False
            return b""
        self._lost = False
        self._lines_before = self._line - 1 + piece[: start.start()].count(b"\n")
        try:
            self._parser = self._new_parser(self.encoding or self._declared)
        except LookupError:
            self._parser = self._new_parser(None)
        # With a DOCTYPE, as the files have it, an entity that only the DTD knows is no fault.
        return (
            f'<!DOCTYPE {self._root} SYSTEM "{self._root}.dtd"><{self._root}>'.encode()
            + piece[start.start() :]
        )

    def _finished(self) -> Iterator[tuple[int, Element] | Skipped]:
        """The records that the parser has completed."""
        for _, element in self._parser.read_events():
            if _declares_entities(element):
                yield self._refused_entities()
                return
            if element.tag.rpartition("}")[2] in self.records_of[self._root]:
                self._number += 1
                self._size = 0
                yield self._number, element
            if element.getparent() is None:
                self._parser = None
                self._size = 0
            else:
                _forget(element)

    def _broken(self, fault: Any, piece: bytes) -> Skipped:
        line = self._lines_before + max(fault.lineno or 1, 1)
        if self._record_start().search(piece):
            self._number += 1
        self._parser, self._lost, self._size = None, True, 0
        problem = _PLACE.sub("", fault.msg or "not readable")
        return Skipped(self.origin, f"line {line}", f"not well-formed XML ({problem}); mend this record")

    def _too_large(self) -> Skipped:
        self._number += 1
        self._parser, self._lost, self._size = None, True, 0
        size = f"{self.limit / (1024 * 1024):g} MB"
        return Skipped(
            self.origin, f"record {self._number}", f"larger than {size}, which no record is; check the file"
        )

    def _refused_entities(self) -> Skipped:
        return self._refused(
            "the DOCTYPE declares entities, which is not safe to read; remove the declarations"
        )

    def _refused(self, reason: str) -> Skipped:
        self._parser, self._stopped = None, True
        return Skipped(self.origin, f"line {self._lines_before + 1}", reason)

    def _end(self) -> Iterator[tuple[int, Element] | Skipped]:
        again = "the records before it were read; get the file again"
        if self._damage:
            yield Skipped(
                self.origin, f"line {self._line}", f"the file is damaged here ({self._damage}); {again}"
            )
        elif self._parser is not None:
            where = f"the XML breaks off here, before </{self._root}>"
            yield Skipped(self.origin, f"line {self._line}", f"{where}; {again}")
        elif not self._said:
            yield Skipped(self.origin, None, "holds no record; check the file")


def _declares_entities(element: Element) -> bool:
    dtd = element.getroottree().docinfo.internalDTD
    return dtd is not None and next(iter(dtd.iterentities()), None) is not None


def _forget(element: Element) -> None:
    """Free a record and what stood before it; the element itself may still get a tail."""
    element.clear()
    parent = element.getparent()
    while element.getprevious() is not None:
        del parent[0]
