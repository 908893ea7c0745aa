"""Words by which claims, and what is looked up by name, are found: worked out from the records, rebuilt at will.

One table of words serves both databases alike, and a search for several words walks an index once for each.
"""

from django.db import models
from django.db.models import PROTECT, Index
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.constraints import one_of
from claims.models.fields import ShortText, Word
from claims.models.guarded import DerivedModel

LONGEST_TOKEN = 100
# The order of code points on both databases, so that the words with one beginning are one stretch of an index. The
# name is SQLite's; on PostgreSQL, where it depends on the server how else texts are ordered, migrations give the column
# the collation "C": one of our own of that name, which they make first, is looked up for each comparison.
BY_CODE_POINT = "BINARY"
# What is looked up by name, by the name of its model.
NAMED_KINDS = ("agent", "question", "side", "snapshot", "source", "topic")


def _token() -> ShortText:
    return ShortText(_("word"), max_length=LONGEST_TOKEN, db_collation=BY_CODE_POINT)


class ClaimToken(DerivedModel):
    """A word, or the stem of one, by which a claim is found: of its statements, answer, quotes, speaker and source."""

    # The words of a claim; and, of a word that very many claims have, whether this one does.
    pk = models.CompositePrimaryKey("claim_id", "token")
    token = _token()
    claim = models.ForeignKey(
        Claim, PROTECT, related_name="tokens", db_index=False, db_constraint=False, verbose_name=_("claim")
    )

    class Meta:
        verbose_name = _("word of a claim")
        verbose_name_plural = _("words of claims")
        indexes = [Index(fields=["token", "claim"], name="claim_token_claims")]  # which claims have the word

    def __str__(self) -> str:
        return self.token


class NameToken(DerivedModel):
    """A word of a name, or a form of one, by which a record is looked up; `record` is its key in the table `kind`.

    Records are never deleted, and one table serves all kinds: so the key is a plain number.
    """

    kind = Word(_("kind"))
    token = _token()
    record = models.PositiveBigIntegerField(_("record"))

    class Meta:
        verbose_name = _("word of a name")
        verbose_name_plural = _("words of names")
        constraints = [
            one_of("name_token", "kind", NAMED_KINDS),
            models.UniqueConstraint(fields=["kind", "token", "record"], name="name_token_unique"),
        ]
        indexes = [Index(fields=["kind", "record", "token"], name="name_token_record")]

    def __str__(self) -> str:
        return self.token
