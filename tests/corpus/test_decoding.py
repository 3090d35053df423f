"""Bytes to text: which encoding is told by what, and which bytes are refused."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.decoding import Decoded, Undecodable, decoded, signature_of

TEXT = "Vitamin K₂ – naïve Müller, 90 µg\nund α-Tocopherol"


def text_of(data: bytes, head: bool = False) -> Decoded:
    found = decoded(data, head)
    assert isinstance(found, Decoded)
    return found


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_no_part_of_the_text(mark: bytes, encoding: str) -> None:
    found = text_of(mark + TEXT.encode(encoding))
    assert found == Decoded(TEXT, encoding, "byte order mark")
    assert not found.assumed


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_zero_bytes(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == Decoded(TEXT, encoding, "zero bytes")


def test_utf_8_is_told_by_its_validity_even_where_a_head_declares_another() -> None:
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>naïve</a>'
    assert text_of(declared.encode()) == Decoded(declared, "utf-8", "valid UTF-8")
    assert text_of(b"plain ASCII").how == "valid UTF-8"


@pytest.mark.parametrize(
    ("head", "label", "encoding"),
    [
        ('<?xml version="1.0" encoding="iso-8859-2"?>', "iso8859-2", "iso8859-2"),
        ("<!doctype html><html><head><meta charset=windows-1251>", "cp1251", "cp1251"),
        (
            '<html><head><META http-equiv="Content-Type" content="text/html; charset=Shift_JIS">',
            "shift_jis",
            "shift_jis",
        ),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "cp1252", "cp1252"),
    ],
)
def test_the_head_of_a_page_or_of_xml_declares_the_encoding(head: str, label: str, encoding: str) -> None:
    words = {
        "iso8859-2": "žluťoučký kůň",
        "cp1251": "судороги ног",
        "shift_jis": "ビタミン",
        "cp1252": "“naïve”",
    }
    text = head + words[label]
    assert text_of(text.encode(label)) == Decoded(text, encoding, "declared")


def test_a_declaration_that_is_wrong_or_unknown_is_not_followed() -> None:
    for label in ("utf-8", "no-such-encoding", "base64", "rot13", "zlib", "unicode-escape", "utf-7"):
        text = f'<?xml version="1.0" encoding="{label}"?><a>Gr\xfcn</a>'
        assert text_of(text.encode("cp1252")) == Decoded(text, "cp1252", "assumed")


def test_western_text_in_another_encoding_is_taken_for_windows_1252_and_said_to_be_assumed() -> None:
    for text in ("Grün und naïve", "“Vitamin K” – 5 €"):
        found = text_of(text.encode("cp1252"))
        assert (found.text, found.encoding, found.assumed) == (text, "cp1252", True)
    assert text_of("Grün".encode("latin-1")).text == "Grün"


def test_one_foreign_byte_does_not_spoil_the_utf_8_around_it() -> None:
    data = "naïve – µg ".encode() + b"Gr\xfcn" + " α-Tocopherol".encode()
    assert text_of(data) == Decoded("naïve – µg Grün α-Tocopherol", "utf-8", "mixed")


def test_other_alphabets_without_a_declaration_are_guessed() -> None:
    text = "Витамин К и судороги ног у пожилых людей. Исследование показало, что судорог стало меньше. " * 5
    found = text_of(text.encode("cp1251"))
    assert (found.text, found.how) == (text, "guessed")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF89a\x01\0", "GIF"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "Office"),
        (b"{\\rtf1\\ansi Text}", "RTF"),
        (b"SQLite format 3\0" + bytes(20), "SQLite"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\0\0", "xz"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "7z"),
        (bytes(range(256)) * 4, "binary"),
        (bytes(1000), "binary"),
    ],
)
def test_what_is_no_text_is_refused_by_its_name(data: bytes, said: str) -> None:
    found = decoded(data)
    assert isinstance(found, Undecodable)
    assert said in found.reason


def test_damaged_utf_16_under_a_mark_is_refused() -> None:
    found = decoded(codecs.BOM_UTF16_LE + b"a\0b\0\0\xd8")
    assert isinstance(found, Undecodable)
    assert "damaged UTF-16-LE" in found.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_head_may_end_inside_a_character(encoding: str) -> None:
    data = TEXT.encode(encoding)
    for end in range(24, len(data)):
        found = text_of(data[:end], head=True)
        assert TEXT.startswith(found.text)
        assert not found.assumed


def test_a_file_that_ends_inside_a_character_keeps_the_rest() -> None:
    assert text_of("naïve – 90 µ".encode()[:-1]).text.startswith("naïve – 90 ")


def test_a_stray_control_character_makes_no_binary_file() -> None:
    assert text_of(b"A long line of text " * 5 + b"with a stray\x01 mark. ").how == "valid UTF-8"


def test_signatures_are_told_without_decoding() -> None:
    assert signature_of(b"Text") is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_every_text_survives_a_round_trip_in_every_encoding_with_a_mark(text: str) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert text_of(text.encode(encoding)).text == text


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=200)
def test_no_bytes_raise(data: bytes, head: bool) -> None:
    assert isinstance(decoded(data, head), Decoded | Undecodable)
