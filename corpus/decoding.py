"""Bytes -> text, or why they are no text.

In this order: a byte order mark, the zero bytes of UTF-16 without one, the signs of a file that is not
text, UTF-8, UTF-8 with other bytes between, the encoding that an XML or HTML head declares, Windows-1252
(which holds Latin-1) and, where many bytes are not ASCII, what charset-normalizer makes of them.
`Decoded.how` says which it was, `Decoded.assumed` whether that is only a supposition.

*Head* means the first bytes of a longer file: it may end inside a character.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Literal

How = Literal["byte order mark", "zero bytes", "valid UTF-8", "declared", "mixed", "assumed", "guessed"]

# UTF-32 first: its mark begins like that of UTF-16.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# https://en.wikipedia.org/wiki/List_of_file_signatures
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF; save its text or its PubMed record"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document; save it as plain text or CSV"),
    (b"{\\rtf", "an RTF document; save it as plain text"),
    (b"%!PS", "a PostScript document; save its text"),
    (b"SQLite format 3\x00", "an SQLite database; export its records"),
    (b"BZh", "compressed by bzip2; unpack it or compress it by gzip"),
    (b"\xfd7zXZ\x00", "compressed by xz; unpack it or compress it by gzip"),
    (b"(\xb5/\xfd", "compressed by zstd; unpack it or compress it by gzip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; pack it as zip"),
    (b"Rar!\x1a\x07", "a RAR archive; pack it as zip"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
_DECLARED = (
    re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{2,40})[\"']"),
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE),
)
#: How far into a file a head may declare its encoding, in bytes (HTML says 1024; pages are lax).
_DECLARATION_WITHIN = 4096
# https://encoding.spec.whatwg.org/#names-and-labels: what calls itself Latin-1 is Windows-1252.
_LATIN_1 = frozenset({"iso8859-1", "ascii", "cp1252"})
# Codecs of Python's that would rewrite the text, and UTF-7, which HTML forbids.
_NO_ENCODINGS = frozenset({"unicode-escape", "raw-unicode-escape", "idna", "punycode", "utf-7", "undefined"})
_CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_HIGH = bytes(range(0x80, 0x100))
_UNDEFINED_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_SAMPLE = 1 << 16
_WINDOWS = "footnote.windows-1252"
#: A text may hold stray control characters up to this share of its bytes.
_MOST_CONTROL = 0.02
#: Above this share of bytes that are not ASCII a text is in no Western alphabet.
_WESTERN_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the Python name of its encoding, and by what the encoding was told."""

    text: str
    encoding: str
    how: How

    @property
    def assumed(self) -> bool:
        """Whether the encoding is a supposition, so that single letters may be wrong."""
        return self.how in ("mixed", "assumed", "guessed")


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Bytes that are no text; ``reason`` says what they look like."""

    reason: str


def decoded(data: bytes, head: bool = False) -> Decoded | Undecodable:
    r"""The text of some bytes; with ``head`` the last character may be cut and is left out.

    >>> decoded(b"caf\xe9")
    Decoded(text='café', encoding='cp1252', how='assumed')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], encoding, head)
            if text is None:
                return Undecodable(f"damaged {encoding.upper()} text; save the file anew")
            return Decoded(text, encoding, "byte order mark")
    if (wide := _by_zero_bytes(data)) and (text := _strict(data, wide, head)) is not None:
        return Decoded(text, wide, "zero bytes")
    if (reason := _not_text(data)) is not None:
        return Undecodable(reason)
    if (text := _strict(data, "utf-8", head)) is not None:
        return Decoded(text, "utf-8", "valid UTF-8")
    return _mixed(data) or _by_declaration(data, head) or _by_letters(data, head)


def signature_of(data: bytes) -> str | None:
    """What a file that is no text is, told by its first bytes; None where they tell nothing."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP image"
    return next((name for start, name in _SIGNATURES if data.startswith(start)), None)


def _strict(data: bytes, encoding: str, head: bool) -> str | None:
    """The text where every byte is right; None where one is not or the encoding is no text encoding."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        text = decoder.decode(data, final=not head)
    except (UnicodeError, LookupError, ValueError):
        return None
    return text if isinstance(text, str) else None


def _by_zero_bytes(data: bytes) -> str | None:
    """UTF-16 by its zero bytes: ASCII letters have one in every second place, always the same."""
    sample = data[:_SAMPLE]
    pairs = len(sample) // 2
    if pairs < 2:
        return None
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if second > 0.3 * pairs and first < 0.02 * pairs:
        return "utf-16-le"
    if first > 0.3 * pairs and second < 0.02 * pairs:
        return "utf-16-be"
    return None


def _not_text(data: bytes) -> str | None:
    known = signature_of(data)
    if known is not None:
        return known
    sample = data[:_SAMPLE]
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return "a binary file" if control > _MOST_CONTROL * len(sample) else None


def _by_declaration(data: bytes, head: bool) -> Decoded | None:
    for pattern in _DECLARED:
        if match := pattern.search(data[:_DECLARATION_WITHIN]):
            encoding = _python_name(match.group(1).decode("ascii"))
            if encoding and (text := _strict(data, encoding, head)) is not None:
                return Decoded(text, encoding, "declared")
    return None


def _python_name(label: str) -> str | None:
    """The codec behind a label; None for codecs of Python's that are no encoding of a text (base64)."""
    try:
        name = codecs.lookup(label).name
        b"a".decode(name)
    except UnicodeError:
        pass  # one byte is too short for UTF-16
    except LookupError:
        return None
    if name in _NO_ENCODINGS:
        return None
    return "cp1252" if name in _LATIN_1 else name


def _mixed(data: bytes) -> Decoded | None:
    """UTF-8 with some bytes of another encoding between: files joined from two sources, or damaged."""
    replaced = data.decode("utf-8", "replace")
    bad = replaced.count("\ufffd")
    good = len(replaced) - len(replaced.encode("ascii", "ignore")) - bad
    return Decoded(data.decode("utf-8", _WINDOWS), "utf-8", "mixed") if good > bad else None


def _by_letters(data: bytes, head: bool) -> Decoded | Undecodable:
    """A Western text where most letters are ASCII, else what charset-normalizer says."""
    sample = data[:_SAMPLE]
    high = len(sample) - len(sample.translate(None, _HIGH))
    if high <= _WESTERN_SHARE * len(sample) and not _UNDEFINED_IN_1252.search(data):
        return Decoded(data.decode("cp1252"), "cp1252", "assumed")
    return _guessed(data, sample, head)


def _as_1252(error: UnicodeError) -> tuple[str, int]:
    """A codec's error handler: the bytes that are not UTF-8 as Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_WINDOWS, _as_1252)


def _guessed(data: bytes, sample: bytes, head: bool) -> Decoded | Undecodable:
    # A large package, needed for few files.
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    text = _strict(data, best.encoding, head) if best is not None else None
    if best is None or text is None:
        return Undecodable("text in an encoding that nothing tells; convert it to UTF-8")
    return Decoded(text, best.encoding, "guessed")
