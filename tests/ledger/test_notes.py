"""Keys and notes are those of the C2SP's specification; whatever is malformed is refused with a sentence."""

# ruff: noqa: S311 - the same trials every time

import random
from base64 import b64decode, b64encode

import pytest

from claims.ledger.notes import Refused, SigningKey, make_checkpoint, open_checkpoint, parse_keys
from tests.ledger.logs import KEY, OTHER_KEY

# The example in the documentation of Go's golang.org/x/mod/sumdb/note; Ed25519 gives the same signature every time.
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
ROOT = bytes(range(32))
NOTE = make_checkpoint(1, 7, ROOT, KEY)


def test_the_example_of_the_reference_implementation() -> None:
    key = SigningKey.parse(PRIVATE)
    assert key.verifier_text == PUBLIC
    assert key.private_text == PRIVATE
    assert key.sign(TEXT) == f"{TEXT}\n— PeterNeumann {SIGNATURE}\n"
    assert parse_keys([PUBLIC]) == {("PeterNeumann", bytes.fromhex("c74f20a3")): key.public}


def test_a_key_comes_back_as_it_was_kept_and_is_not_shown() -> None:
    key = SigningKey.generate("desk.example/journal")
    assert SigningKey.parse(f"{key.private_text}\n") == key
    assert SigningKey.generate("desk.example/journal") != key
    assert repr(key) == "SigningKey(name='desk.example/journal')"
    assert parse_keys([f" {key.verifier_text}\n"]) == {(key.name, key.id): key.public}


def test_a_checkpoint_says_what_it_was_made_of() -> None:
    checkpoint = open_checkpoint(NOTE, KEY.verifier_text)
    assert (checkpoint.number, checkpoint.size, checkpoint.root) == (1, 7, ROOT)
    assert NOTE.startswith(f"provenance-0123abcd/1\n7\n{b64encode(ROOT).decode()}\n\n— provenance-0123abcd ")
    for origin, size, root in [(0, 7, ROOT), (1, -1, ROOT), (1, 7, ROOT[1:])]:
        with pytest.raises(ValueError, match="are no checkpoint"):
            make_checkpoint(origin, size, root, KEY)


def test_signatures_of_unknown_keys_are_not_looked_at() -> None:
    witness = f"— witness.example {b64encode(bytes(76)).decode()}\n"
    assert open_checkpoint(NOTE + witness, KEY.verifier_text).size == 7
    text, own = NOTE.split("\n\n")
    assert open_checkpoint(f"{text}\n\n{witness}{own}", KEY.verifier_text).size == 7
    # A witness of our name with another key, and a later key of our own.
    theirs = OTHER_KEY.sign(f"{text}\n").split("\n\n")[1]
    assert open_checkpoint(NOTE + theirs, KEY.verifier_text).size == 7
    assert open_checkpoint(NOTE + theirs, OTHER_KEY.verifier_text).size == 7
    with pytest.raises(Refused, match="is no checkpoint of this log"):
        open_checkpoint(NOTE, OTHER_KEY.verifier_text)
    assert len(parse_keys([KEY.verifier_text, OTHER_KEY.verifier_text])) == 2
    with pytest.raises(Refused, match="of another log"):
        parse_keys([KEY.verifier_text, PUBLIC])


@pytest.mark.parametrize(
    "lines",
    ["", "\n", "{name}/1", "{name}/1\n7", "{name}/1\n07\n{root}", "{name}/1\n-7\n{root}", "{name}/1\n7\nAAAA",
     "{name}/1\n7\n{root}\n\nmore", "{name}/0\n7\n{root}", "{name}\n7\n{root}", "another/1\n7\n{root}",
     "{name}/1\n٧\n{root}", "{name}/1\n" + "9" * 30 + "\n{root}", "{name}/1\n7\n{root} "],
)  # fmt: skip
def test_a_signed_text_that_is_no_checkpoint(lines: str) -> None:
    note = KEY.sign(lines.format(name=KEY.name, root=b64encode(ROOT).decode()) + "\n")
    with pytest.raises(Refused, match=r"^The checkpoint.+\.$"):
        open_checkpoint(note, KEY.verifier_text)


def test_no_change_of_a_note_goes_unseen() -> None:
    content = NOTE.encode()
    for place in range(len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            with pytest.raises(Refused, match=r"\.$"):
                open_checkpoint(changed.decode(errors="surrogateescape"), KEY.verifier_text)
        for changed_note in (content[:place], content[:place] + content[place + 1 :]):
            with pytest.raises(Refused, match=r"\.$"):
                open_checkpoint(changed_note.decode(errors="surrogateescape"), KEY.verifier_text)


def test_a_signature_has_one_spelling() -> None:
    head, signature = NOTE.strip().rsplit(" ", 1)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    same = f"{signature[:-2]}{alphabet[alphabet.index(signature[-2]) + 1]}="
    assert b64decode(same) == b64decode(signature)
    with pytest.raises(Refused, match="is not 68 bytes in base64"):
        open_checkpoint(f"{head} {same}\n", KEY.verifier_text)


def test_no_change_of_a_key_goes_unseen() -> None:
    for text, parse in ((KEY.private_text, SigningKey.parse), (KEY.verifier_text, lambda text: parse_keys([text]))):
        for place in range(len(text)):
            for letter in {"A", "+", " ", "é", "\ud800"} - {text[place]}:
                with pytest.raises(Refused, match=r"\.$") as refused:
                    parse(text[:place] + letter + text[place + 1 :])
                assert text[40:60] not in str(refused.value)
            with pytest.raises(Refused, match=r"\.$"):
                parse(text[:place])


def test_what_cannot_be_signed() -> None:
    for text in ("no end", "", "tab\t\n", "null\0\n", "lone \ud800\n"):
        with pytest.raises(Refused, match="A note is text"):
            KEY.sign(text)
    for name in ("", "two words", "a+b", "line\nfeed"):
        with pytest.raises(Refused, match="A key's name"):
            SigningKey.generate(name)


def test_garbage_is_refused() -> None:
    choose = random.Random(9162)
    for _ in range(2_000):
        garbage = "".join(choose.choice("—\n +/=aZ09\0é\u2028 ") for _ in range(choose.randrange(60)))
        for parse in (SigningKey.parse, lambda text: parse_keys([text]), lambda text: open_checkpoint(text, PUBLIC)):
            with pytest.raises(Refused, match=r"\.$"):
                parse(garbage)
