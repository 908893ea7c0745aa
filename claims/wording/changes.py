"""What a change did, in words: how many rows of which kind it wrote, and what happened beside the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, npgettext_lazy, pgettext, pgettext_lazy

from claims.wording.isolation import clauses, isolated, listed

# By table, as the journal names them. "n" decides the form, "count" is how the number is written.
THINGS: Mapping[str, str | Promise] = {
    "claims_side": npgettext_lazy("written", "%(count)s side", "%(count)s sides", "n"),
    "claims_agent": npgettext_lazy("written", "%(count)s agent", "%(count)s agents", "n"),
    "claims_agentname": npgettext_lazy("written", "%(count)s name of an agent", "%(count)s names of agents", "n"),
    "claims_source": npgettext_lazy("written", "%(count)s source", "%(count)s sources", "n"),
    "claims_snapshot": npgettext_lazy("written", "%(count)s snapshot", "%(count)s snapshots", "n"),
    "claims_snapshotcontent": npgettext_lazy("written", "%(count)s text", "%(count)s texts", "n"),
    "claims_topic": npgettext_lazy("written", "%(count)s topic", "%(count)s topics", "n"),
    "claims_question": npgettext_lazy("written", "%(count)s question", "%(count)s questions", "n"),
    "claims_option": npgettext_lazy("written", "%(count)s option", "%(count)s options", "n"),
    "claims_optionbroader": npgettext_lazy("written", "%(count)s broader option", "%(count)s broader options", "n"),
    "claims_attribution": npgettext_lazy("written", "%(count)s attribution", "%(count)s attributions", "n"),
    "claims_relay": npgettext_lazy("written", "%(count)s relay", "%(count)s relays", "n"),
    "claims_passage": npgettext_lazy("written", "%(count)s passage", "%(count)s passages", "n"),
    "claims_claim": npgettext_lazy("written", "%(count)s claim", "%(count)s claims", "n"),
    "claims_import": npgettext_lazy("written", "%(count)s import", "%(count)s imports", "n"),
    "claims_importedbatch": npgettext_lazy(
        "written", "%(count)s batch of an import", "%(count)s batches of imports", "n"
    ),
    "claims_claimoption": npgettext_lazy("written", "%(count)s option of a claim", "%(count)s options of claims", "n"),
    "claims_claimwording": npgettext_lazy(
        "written", "%(count)s wording of a claim", "%(count)s wordings of claims", "n"
    ),
    "claims_claimlink": npgettext_lazy(
        "written", "%(count)s link between claims", "%(count)s links between claims", "n"
    ),
    "claims_retraction": npgettext_lazy("written", "%(count)s retraction", "%(count)s retractions", "n"),
    "claims_correction": npgettext_lazy("written", "%(count)s correction", "%(count)s corrections", "n"),
    "claims_distinction": npgettext_lazy("written", "%(count)s distinction", "%(count)s distinctions", "n"),
    "claims_likeness": npgettext_lazy("written", "%(count)s judged likeness", "%(count)s judged likenesses", "n"),
    "claims_finding": npgettext_lazy("written", "%(count)s finding", "%(count)s findings", "n"),
    "claims_user": npgettext_lazy("written", "%(count)s user", "%(count)s users", "n"),
    "auth_group": npgettext_lazy("written", "%(count)s role", "%(count)s roles", "n"),
    "claims_user_groups": npgettext_lazy("written", "%(count)s role of a user", "%(count)s roles of users", "n"),
    "claims_user_user_permissions": npgettext_lazy(
        "written", "%(count)s permission of a user", "%(count)s permissions of users", "n"
    ),
    "auth_group_permissions": npgettext_lazy(
        "written", "%(count)s permission of a role", "%(count)s permissions of roles", "n"
    ),
    "ledger_change": npgettext_lazy("written", "%(count)s change", "%(count)s changes", "n"),
    "ledger_redaction": npgettext_lazy("written", "%(count)s redaction", "%(count)s redactions", "n"),
    "ledger_event": npgettext_lazy("written", "%(count)s event", "%(count)s events", "n"),
}
_DONE: Mapping[str, str | Promise] = {
    "I": pgettext_lazy("what was done", "%(things)s recorded"),
    "U": pgettext_lazy("what was done", "%(things)s changed"),
    "D": pgettext_lazy("what was done", "%(things)s deleted"),
    "A": pgettext_lazy("what was done", "%(things)s adopted"),
}
# Users' roles, and tables between users, roles and permissions, for which Django has no name that a reader would know:
# one, and several.
_BETWEEN: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "auth_group": (pgettext_lazy("kind of row", "Role"), pgettext_lazy("kind of row", "Roles")),
    "claims_user_groups": (
        pgettext_lazy("kind of row", "Role of a user"),
        pgettext_lazy("kind of row", "Roles of users"),
    ),
    "claims_user_user_permissions": (
        pgettext_lazy("kind of row", "Permission of a user"),
        pgettext_lazy("kind of row", "Permissions of users"),
    ),
    "auth_group_permissions": (
        pgettext_lazy("kind of row", "Permission of a role"),
        pgettext_lazy("kind of row", "Permissions of roles"),
    ),
}
_EVENTS: Mapping[str, str | Promise] = {
    "sign_in": pgettext_lazy("event", "Signed in"),
    "sign_in_failed": pgettext_lazy("event", "Failed to sign in"),
    "sign_in_paused": pgettext_lazy("event", "Signing in paused after wrong passwords"),
    "sign_out": pgettext_lazy("event", "Signed out"),
    "password_changed": pgettext_lazy("event", "Password changed"),
    "second_factor_added": pgettext_lazy("event", "Second factor added"),
    "second_factor_removed": pgettext_lazy("event", "Second factor removed"),
    "second_factor_taken_away": pgettext_lazy("event", "Second factor taken away"),
    "second_factor_passed": pgettext_lazy("event", "Second factor shown"),
    "second_factor_failed": pgettext_lazy("event", "Wrong code of a second factor"),
    "recovery_codes_made": pgettext_lazy("event", "Recovery codes made"),
    "token_made": pgettext_lazy("event", "Token made"),
    "token_revoked": pgettext_lazy("event", "Token revoked"),
    "export": pgettext_lazy("event", "Exported"),
    "import": pgettext_lazy("event", "Imported"),
    "new_origin": pgettext_lazy("event", "New origin of the journal"),
}


def word_parts(parts: Iterable[tuple[str, str, int]]) -> str:
    """What was written, from (table, operation, number): "3 claims, 1 passage recorded; 1 question changed"."""
    done: dict[str, list[str]] = defaultdict(list)
    for table, operation, number in parts:
        done[operation].append(_counted(table, number))
    return clauses(str(_DONE[operation]) % {"things": listed(things)} for operation, things in done.items())


def word_event(kind: str) -> str:
    """What happened: "Signed in"; a kind that has no words here is shown as it is written."""
    return str(_EVENTS[kind]) if kind in _EVENTS else isolated(kind)


def word_unattributed(number: int, *, more: bool = False) -> str:
    """ "3 writes are not attributed.", "more than" where counting was not carried on; nothing where there are none."""
    if not number:
        return ""
    if more:
        return gettext("More than %(number)s writes are not attributed.") % {"number": f"{number:,}"}
    sentence = ngettext("%(number)s write is not attributed.", "%(number)s writes are not attributed.", number)
    return sentence % {"number": f"{number:,}"}


def explain_unattributed(number: int) -> str:
    """What such writes are, and what to do about them."""
    return ngettext(
        "It was made past this software, by a script or a database program: nobody stated who and why. Look at it, and "
        "ask who has access to the database.",
        "They were made past this software, by a script or a database program: nobody stated who and why. Look at "
        "each, and ask who has access to the database.",
        number,
    )


def word_kind(table: str, one: object, several: object, *, plural: bool = False) -> str:
    """What rows of a table are called, as a heading: our word where we have one, else that of the table's own."""
    known = _BETWEEN.get(table, (capfirst(str(one)), capfirst(str(several))))
    return str(known[plural])


def event_kinds() -> list[tuple[str, str]]:
    """The kinds of events that have words, with these."""
    return [(kind, str(words)) for kind, words in _EVENTS.items()]


def _counted(table: str, number: int) -> str:
    things, count = THINGS.get(table), f"{number:,}"
    if things is None:
        return pgettext("written", "%(count)s of %(table)s") % {"count": count, "table": isolated(table)}
    return str(things % {"n": number, "count": count})
