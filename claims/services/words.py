"""Writing the words by which records are looked up by name, and saying where they are not what the names make them."""

from collections.abc import Collection, Iterable, Iterator

from claims.models import NameToken, Record
from claims.models.guard import require_change
from claims.queries.words import kind_of, named, names_written, stored_words, words_of
from claims.services.inserting import insert_rows

AT_ONCE = 2_000


def renew_words(written: Iterable[tuple[type[Record], int]]) -> None:
    """Renew the words of the records that were written, in the change that wrote them."""
    for model, keys in names_written(written).items():
        ordered = sorted(keys)
        for start in range(0, len(ordered), AT_ONCE):
            write_words(model, ordered[start : start + AT_ONCE])


def write_words(model: type[Record], keys: Collection[int]) -> None:
    """Add and remove the words in which the stored ones differ; a change must be open, the records locked."""
    stored = stored_words(model, keys)
    new: list[tuple[str, int, str]] = []
    for key, words in words_of(model, keys).items():
        if extra := stored[key] - words:
            named(model).filter(record=key, token__in=extra).delete()
        new += [(kind_of(model), key, token) for token in sorted(words - stored[key])]
    require_change(NameToken)
    insert_rows(NameToken, ("kind", "record", "token"), new)


def word_differences(model: type[Record], keys: Collection[int]) -> Iterator[str]:
    """Each record whose stored words are not those of its names."""
    stored = stored_words(model, keys)
    for key, words in words_of(model, keys).items():
        if stored[key] != words:
            yield f"words of {kind_of(model)} {key}: token"
