"""What can be done to a claim: link it to another, have it taken back, review it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.acts import Act
from claims.admin.fields import DATE_HELP
from claims.admin.forms import ActForm
from claims.admin.lookups import looked_up
from claims.domain.vocabulary import Review
from claims.models import Claim, ClaimState, Retraction, User
from claims.models.fields import refuse_unstorable
from claims.permissions import Capability
from claims.queries.claim_rows import ClaimRow, claim_rows
from claims.services.links import disown, let_both_stand, revise
from claims.services.notices import Notice, correct, retract
from claims.services.review import check, discard, not_reviewed_by, reopen
from claims.wording import listed, plain

# More claims on one question than these are not offered one by one; the comparison leads to the others.
MOST_OFFERED = 200


class ChosenClaim(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Another claim on the same question, named by who said what where."""

    def offer(self, claim: Claim) -> None:
        """Take the claims of the question, the newest first."""
        keys = ClaimState.objects.filter(question=claim.question_id or 0).exclude(pk=claim.pk).order_by("-claim_id")
        rows = claim_rows(list(keys.values_list("claim", flat=True)[:MOST_OFFERED]))
        self.queryset = claims_on(claim.question_id)
        self.widget.choices = [("", "---------"), *((row.claim.pk, described(row)) for row in rows)]


def claims_on(question: int | None) -> QuerySet[Claim]:
    """The claims on the question."""
    claims: QuerySet[Claim] = Claim.objects.filter(question=question or 0)
    return claims


def described(row: ClaimRow) -> str:
    """Who said what where and when, on one line."""
    said = row.claim.attribution.said_on
    place = listed([row.source, said] if said else [row.source])
    return f"{row.speaker}: {plain(row.held)} – {place}"


class LinkForm(ActForm):
    """The other claim of a link."""

    other = ChosenClaim(
        Claim.objects.none(),
        label=gettext_lazy("Other claim on the same question"),
        widget=forms.Select(attrs={"dir": "auto"}),
    )

    def about(self, record: Any) -> None:
        """Offer the claims of the question."""
        self.fields["other"].offer(record)  # type: ignore[attr-defined]


class NoticeForm(ActForm):
    """When and where a claim was taken back, and in which words."""

    dated_on = forms.CharField(
        label=gettext_lazy("Date"),
        required=False,
        max_length=100,
        help_text=DATE_HELP,
        widget=forms.TextInput(attrs={"dir": "ltr", "class": "vTextField notation"}),
    )
    source = looked_up(Retraction, "source", help_text=gettext_lazy("The source in which it was taken back."))
    snapshot = looked_up(Retraction, "snapshot", help_text=gettext_lazy("The text of it, where the words stand."))
    quote = forms.CharField(
        label=gettext_lazy("Exact words"),
        required=False,
        validators=[refuse_unstorable],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "class": "vLargeTextField"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        validators=[refuse_unstorable],
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "vLargeTextField"}),
    )


def notice_of(claim: Claim, typed: dict[str, Any]) -> Notice:
    """What was typed as the service takes it."""
    names = ("dated_on", "source", "snapshot", "note")
    quote = typed["quote"].replace("\r\n", "\n")
    return Notice(claim=claim, quote=quote, **{name: typed[name] for name in names})


def _revise(claim: Claim, by: User, typed: dict[str, Any]) -> str:
    revise(pairs=[(claim, typed["other"])], by=by, reason=typed["change_reason"])
    return _("This claim revises the other one.")


def _let_both_stand(claim: Claim, by: User, typed: dict[str, Any]) -> str:
    let_both_stand(pairs=[(claim, typed["other"])], by=by, reason=typed["change_reason"])
    return _("Both claims stand.")


def _disown(claim: Claim, by: User, typed: dict[str, Any]) -> str:
    disown(pairs=[(claim, typed["other"])], by=by, reason=typed["change_reason"])
    return _("This claim disowns the other one; both stand.")


def _retract(claim: Claim, by: User, typed: dict[str, Any]) -> str:
    retract(notices=[notice_of(claim, typed)], by=by, reason=typed["change_reason"])
    return _("The retraction is on record.")


def _correct(claim: Claim, by: User, typed: dict[str, Any]) -> str:
    correct(notices=[notice_of(claim, typed)], by=by, reason=typed["change_reason"])
    return _("The correction is on record.")


def _check(claim: Claim, by: User, typed: dict[str, Any]) -> str:
    check(claims=[claim], by=by, reason=typed["change_reason"])
    return _("The claim is checked.")


def _discard(claim: Claim, by: User, typed: dict[str, Any]) -> str:
    discard(claims=[claim], by=by, reason=typed["change_reason"])
    return _("The claim is discarded: it is kept, and counts no more.")


def _reopen(claim: Claim, by: User, typed: dict[str, Any]) -> str:
    reopen(claims=[claim], by=by, reason=typed["change_reason"])
    return _("The claim waits for a review again.")


def asked(claim: Claim) -> bool:
    """Whether the claim answers a question, so that there may be others on it."""
    return claim.question_id is not None and not claim.withdrawn


def standing(claim: Claim) -> bool:
    """Whether the claim is not withdrawn."""
    return not claim.withdrawn


def not_by_editor(claim: Claim, by: User) -> str:
    """Why the user does not review the claim, where somebody else has to."""
    return not_reviewed_by([claim], by).get(claim.pk, "")


def in_review(*reviews: Review) -> Any:
    """Whether the claim's review is one of these."""
    return lambda claim: claim.review in reviews and not claim.withdrawn


ACTS = (
    Act(
        "check",
        gettext_lazy("Check"),
        gettext_lazy("Check this claim"),
        Capability.REVIEW,
        ActForm,
        _check,
        lambda claim: not claim.withdrawn and (claim.review == Review.PENDING or claim.review_stale),
        gettext_lazy("The claim says what its source says."),
        not_by_editor,
    ),
    Act(
        "discard",
        gettext_lazy("Discard"),
        gettext_lazy("Discard this claim"),
        Capability.REVIEW,
        ActForm,
        _discard,
        in_review(Review.PENDING, Review.CHECKED),
        gettext_lazy("The claim is kept, and counts no more in the comparison."),
        not_by_editor,
    ),
    Act(
        "reopen",
        gettext_lazy("Reopen the review"),
        gettext_lazy("Reopen the review"),
        Capability.REVIEW,
        ActForm,
        _reopen,
        in_review(Review.CHECKED, Review.DISCARDED),
    ),
    Act(
        "revise",
        gettext_lazy("It revises another"),
        gettext_lazy("This claim revises the other"),
        Capability.REVISE,
        LinkForm,
        _revise,
        asked,
        gettext_lazy("The other claim, of the same speaker, counts no more."),
    ),
    Act(
        "both-stand",
        gettext_lazy("Let both stand"),
        gettext_lazy("Let both stand"),
        Capability.REVISE,
        LinkForm,
        _let_both_stand,
        asked,
        gettext_lazy("Neither claim revises the other."),
    ),
    Act(
        "disown",
        gettext_lazy("It disowns another"),
        gettext_lazy("This claim disowns the other"),
        Capability.REVISE,
        LinkForm,
        _disown,
        asked,
        gettext_lazy("The speaker says that the other claim was never made. Both stand, and the reason says so."),
    ),
    Act(
        "retract",
        gettext_lazy("Retracted by the speaker"),
        gettext_lazy("Record the retraction"),
        Capability.REVISE,
        NoticeForm,
        _retract,
        standing,
    ),
    Act(
        "correct",
        gettext_lazy("Corrected by the publisher"),
        gettext_lazy("Record the correction"),
        Capability.REVISE,
        NoticeForm,
        _correct,
        standing,
    ),
)
