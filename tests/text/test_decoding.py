"""Bytes become text in the encoding they evidently are in or that was asked for, or a sentence says why not."""

import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claims.text.decoding import (
    MAX_BYTES,
    Decoded,
    Encoding,
    decode,
    encoding_named,
    pasted,
    refuse_size,
    sha256_of,
)
from claims.text.refusals import TextRefusal

ARABIC = "قال المحافظ إن تنفيذ الاتفاق سيبدأ يوم السبت، وأضاف أن المرحلة الأولى تشمل 300 شخص.\r\n"
ENGLISH = "The governor said that the agreement takes effect on Saturday.\n"
FRENCH = "Le gouverneur a déclaré que l’accord entrera en vigueur à l'été, où qu'il soit.\n"

# What other encodings make of a text of their own. None of it may pass for Windows-1256, nor for anything else.
ELSEWHERE = {
    "cp1251": "Губернатор заявил, что соглашение вступает в силу в субботу утром.",
    "cp1251 capitals": "ГУБЕРНАТОР ОПРОВЕРГ СООБЩЕНИЕ ОБ ОТСТАВКЕ.",  # every byte an Arabic letter of Windows-1256
    "cp1253 capitals": "ΝΕΟ ΣΧΕΔΙΟ ΓΙΑ ΤΟ ΜΕΛΛΟΝ ΤΗΣ ΠΟΛΗΣ ΠΡΟΤΕΙΝΕΙ Ο ΔΗΜΟΣ.",
    "koi8-r": "Губернатор заявил, что соглашение вступает в силу в субботу утром.",
    "iso8859-5": "Губернатор заявил, что соглашение вступает в силу в субботу утром.",
    "cp1253": "Ο κυβερνήτης δήλωσε ότι η συμφωνία τίθεται σε ισχύ το Σάββατο το πρωί.",
    "cp1255": "המושל אמר כי ההסכם ייכנס לתוקף ביום שבת בבוקר, בנוכחות כל הצדדים.",
    "cp1252": "España señaló que el número de años será mayor según la comisión, añadió el señor Núñez.",
    "cp1254": "Vali, anlaşmanın cumartesi günü yürürlüğe gireceğini söyledi, değişiklik olmadığını açıkladı.",
    "cp1250": "Guvernér řekl, že dohoda vstoupí v platnost v sobotu ráno, příští týden začnou jednání.",
    "iso8859-6": "قال المحافظ إن تنفيذ الاتفاق سيبدأ يوم السبت وأضاف أن المرحلة الأولى تشمل كثيرا",
    "cp720": "قال المحافظ إن تنفيذ الاتفاق سيبدأ يوم السبت وأضاف أن المرحلة الأولى تشمل كثيرا",
    "shift-jis": "知事は土曜日の朝に合意が発効すると述べた。",
    "gbk": "省长说协议将于星期六上午生效,各方代表出席了会议。",
    "big5": "省長說協議將於星期六上午生效,各方代表出席了會議。",
    "euc-kr": "주지사는 토요일 아침에 합의가 발효된다고 말했다.",
    "mac-roman": "España señaló que el número de años será mayor según la comisión.",
}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ARABIC.encode(), Decoded(ARABIC, Encoding.UTF_8, bom=False)),
        (ENGLISH.encode(), Decoded(ENGLISH, Encoding.UTF_8, bom=False)),
        (codecs.BOM_UTF8 + ARABIC.encode(), Decoded(ARABIC, Encoding.UTF_8, bom=True)),
        (codecs.BOM_UTF16_LE + ARABIC.encode("utf-16-le"), Decoded(ARABIC, Encoding.UTF_16_LE, bom=True)),
        (codecs.BOM_UTF16_BE + ARABIC.encode("utf-16-be"), Decoded(ARABIC, Encoding.UTF_16_BE, bom=True)),
        (ARABIC.encode("utf-16-le"), Decoded(ARABIC, Encoding.UTF_16_LE, bom=False)),
        (ARABIC.encode("utf-16-be"), Decoded(ARABIC, Encoding.UTF_16_BE, bom=False)),
        (ENGLISH.encode("utf-16-le"), Decoded(ENGLISH, Encoding.UTF_16_LE, bom=False)),
        (ENGLISH.encode("utf-16-be"), Decoded(ENGLISH, Encoding.UTF_16_BE, bom=False)),
        ("اتفاق".encode("utf-16-be"), Decoded("اتفاق", Encoding.UTF_16_BE, bom=False)),
        (ARABIC.encode("cp1256"), Decoded(ARABIC, Encoding.WINDOWS_1256, bom=False)),
        ((ENGLISH + ARABIC).encode("cp1256"), Decoded(ENGLISH + ARABIC, Encoding.WINDOWS_1256, bom=False)),
    ],
)
def test_recognised(content: bytes, expected: Decoded) -> None:
    assert decode(content) == expected


@pytest.mark.parametrize("name", ELSEWHERE)
def test_other_encodings_are_never_taken_for_one_that_is_read(name: str) -> None:
    with pytest.raises(TextRefusal) as refused:
        decode((ELSEWHERE[name] * 3).encode(name.partition(" ")[0]))
    assert refused.value.code in {"text_encoding_unclear", "text_encoding_unknown", "text_has_nul"}


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        ("هدنة".encode("cp1256"), Encoding.WINDOWS_1256, "هدنة"),  # too short to be recognised
        (FRENCH.encode("cp1252"), Encoding.WINDOWS_1252, FRENCH),
        (FRENCH.encode("cp1252"), Encoding.WINDOWS_1256, FRENCH),  # the two have French in common
        ("知事は言った".encode("utf-16-be"), Encoding.UTF_16_BE, "知事は言った"),
        (codecs.BOM_UTF16_LE + "نعم".encode("utf-16-le"), Encoding.UTF_16_LE, "نعم"),
        (b"page \x0c one \x1a", Encoding.UTF_8, "page \x0c one \x1a"),
    ],
)
def test_asked_for(content: bytes, encoding: Encoding, text: str) -> None:
    assert decode(content, encoding).text == text


@pytest.mark.parametrize(
    ("content", "encoding", "code", "values"),
    [
        (b"", None, "text_empty", {}),
        (b" \r\n\t ", None, "text_empty", {}),
        (codecs.BOM_UTF8, None, "text_empty", {}),
        ("\u200f\u200e".encode(), None, "text_empty", {}),
        (b"a" * (MAX_BYTES + 1), None, "text_too_large", {"bytes": "5,242,881", "most_bytes": "5,242,880"}),
        (b"a" * 50_000_000, None, "text_too_large", {"bytes": "50,000,000", "most_bytes": "5,242,880"}),
        (b"%PDF-1.7\n", None, "text_not_plain", {"format": "a PDF file"}),
        (b"PK\x03\x04...", None, "text_not_plain", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Encoding.WINDOWS_1256, "text_not_plain", None),
        (b"{\\rtf1 a}", None, "text_not_plain", None),
        (codecs.BOM_UTF32_LE + "a".encode("utf-32-le"), None, "text_not_plain", {"format": "UTF-32 text"}),
        (b"one\0two", None, "text_has_nul", {"at": "3"}),
        ("نعم\0".encode(), Encoding.UTF_8, "text_has_nul", {"at": "6"}),
        (codecs.BOM_UTF8 + b"a\0", None, "text_has_nul", {"at": "4"}),
        (b"caf\xe9", Encoding.UTF_8, "text_not_in_encoding", {"encoding": "utf-8", "at": "3", "byte": "0xE9"}),
        (b"odd", Encoding.UTF_16_LE, "text_not_in_encoding", None),
        (b"\x81", Encoding.WINDOWS_1252, "text_not_in_encoding", None),
        (codecs.BOM_UTF8 + b"a", Encoding.WINDOWS_1256, "text_mark_disagrees", None),
        (b"caf\xe9", None, "text_encoding_unclear", {"encodings": "utf-16-le, utf-16-be, windows-1256, windows-1252"}),
        ("هدنة دائمة".encode("cp1256"), None, "text_encoding_unclear", None),
        (b"\x01\x81\x02", None, "text_encoding_unknown", None),
        (bytes(range(1, 256)) + bytes(1), None, "text_has_nul", None),
    ],
)
def test_refused(content: bytes, encoding: Encoding | None, code: str, values: dict[str, str] | None) -> None:
    with pytest.raises(TextRefusal) as refused:
        decode(content, encoding)
    assert refused.value.code == code
    assert values is None or refused.value.values == values
    assert str(refused.value).endswith((".", "?"))


def test_a_sentence_says_what_to_do() -> None:
    with pytest.raises(TextRefusal, match=r"Name one in which it reads well: .*windows-1256"):
        decode(b"caf\xe9s")


def test_a_size_is_refused_before_anything_is_read() -> None:
    refuse_size(MAX_BYTES)
    with pytest.raises(TextRefusal, match="50,000,000 bytes; at most 5,242,880"):
        refuse_size(50_000_000)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("UTF-8", Encoding.UTF_8),
        (" utf8 ", Encoding.UTF_8),
        ("cp1256", Encoding.WINDOWS_1256),
        ("windows-1252", Encoding.WINDOWS_1252),
        ("UTF-16LE", Encoding.UTF_16_LE),
    ],
)
def test_encodings_by_their_names(name: str, encoding: Encoding) -> None:
    assert encoding_named(name) is encoding


@pytest.mark.parametrize("name", ["", "latin-1", "hex", "utf-8\0", "نعم", "x" * 1000])
def test_names_of_other_encodings(name: str) -> None:
    with pytest.raises(TextRefusal) as refused:
        encoding_named(name)
    assert refused.value.code == "encoding_not_known"


@pytest.mark.parametrize(
    ("text", "content"), [("one\r\ntwo\rthree\n", b"one\ntwo\nthree\n"), ("\r\r\n", b"\n\n"), ("نعم", "نعم".encode())]
)
def test_pasted_line_ends_are_one(text: str, content: bytes) -> None:
    assert pasted(text) == content


def test_half_a_character_is_refused() -> None:
    with pytest.raises(TextRefusal) as refused:
        pasted("ab\ud83d")
    assert refused.value.values == {"at": "2"}


def test_the_hash_is_of_the_bytes_as_given() -> None:
    assert sha256_of(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4
    assert sha256_of(ARABIC.encode()) != sha256_of(codecs.BOM_UTF8 + ARABIC.encode())


def decoded_or_refused(content: bytes, encoding: Encoding | None = None) -> Decoded | TextRefusal:
    try:
        return decode(content, encoding)
    except TextRefusal as refusal:
        return refusal


@given(st.binary(max_size=200))
@example(codecs.BOM_UTF16_LE + b"\x00\xd8\x00\x00")
def test_any_bytes_are_decoded_or_refused(content: bytes) -> None:
    for encoding in (None, *Encoding):
        result = decoded_or_refused(content, encoding)
        if isinstance(result, Decoded):
            assert content.endswith(result.text.encode(result.encoding))
        else:
            assert str(result)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.sampled_from(list(Encoding)[:3]))
def test_what_was_encoded_with_a_mark_comes_back(text: str, encoding: Encoding) -> None:
    mark = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[encoding]
    letters = "نص " + text
    assert decode(mark + letters.encode(encoding)) == Decoded(letters, encoding, bom=True)


@given(st.text(st.characters(codec="cp1256", exclude_categories=["Cc"])))
def test_arabic_in_windows_1256_comes_back_where_it_is_recognised(text: str) -> None:
    result = decoded_or_refused((ARABIC + text).encode("cp1256"))
    if isinstance(result, Decoded):
        assert result.text == ARABIC + text
    else:
        assert "windows-1256" in result.values["encodings"]
