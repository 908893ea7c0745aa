"""The addresses at which a list of claims is downloaded."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from claims.interchange.formats import LIST, formats_of


@dataclass(frozen=True, slots=True)
class Downloads:
    """The downloads of one list: (label, address) of each format, and the address of what they are."""

    formats: tuple[tuple[str | Promise, str], ...]
    about: str


def downloads_of(query: str) -> Downloads:
    """The downloads of the list that the query string asks for (`Asked.selection`)."""
    asking = f"?{query}" if query else ""
    formats = tuple(
        (each.label, reverse("claim_download", args=[each.name]) + asking) for each in formats_of(LIST).values()
    )
    return Downloads(formats, reverse("claim_download_about") + asking)
