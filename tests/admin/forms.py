"""Posting the admin's forms as a browser does: every field as the page shows it, and what a person types over it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from claims.models import User
from claims.permissions import Role
from tests import factories as make

REASON = "As the source says"


class Fields(HTMLParser):
    """The names and values of the fields in the one form of a page that a person fills in."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = given.get("method") == "post" and given.get("id") != "logout-form"
        if not self.inside:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and name and kind not in {"submit", "file", "image"}:
            ticked = kind in {"checkbox", "radio"}
            if not ticked or "checked" in given:
                self.values[name] = given.get("value", "on" if ticked else "")
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and (self._select not in self.values or "selected" in given):
            self.values[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data.removeprefix("\n") if not self.values[self._area] else data


def fields_of(response: HttpResponse) -> dict[str, Any]:
    """What a browser would post from the page if nothing were typed; empty forms for new lines are left out."""
    parser = Fields()
    parser.feed(response.content.decode())
    parser.close()
    return {name: value for name, value in parser.values.items() if "__prefix__" not in name}


def signed_in(role: Role | User = Role.EDITOR) -> Client:
    """A browser of somebody with the role."""
    client = Client()
    client.force_login(role if isinstance(role, User) else make.make_user(role))
    return client


def post(client: Client, url: str, /, *, button: str = "_save", **typed: Any) -> Any:
    """Open the form, type over its fields and press a button; follows no redirect.

    A field is named as in the page with `__` for a hyphen: `claims__0__answer`.
    """
    page: Any = client.get(url)
    assert page.status_code == 200, page.status_code
    data = fields_of(page)
    data.setdefault("change_reason", REASON)
    if not data["change_reason"]:
        data["change_reason"] = REASON
    data |= {name.replace("__", "-"): value for name, value in typed.items()}
    data[button] = "1"
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def written(response: Any) -> Any:
    """The response, which leads on to another page; fails with what the form says where it does not."""
    assert response.status_code == 302, mistakes(response)
    return response


def mistakes(response: Any) -> dict[str, list[str]]:
    """The sentences of a form shown again, by the name of the field as posted."""
    assert response.status_code == 200, (response.status_code, response.headers.get("Location"))
    form = response.context["adminform"].form if "adminform" in response.context else response.context["form"]
    found = {name: list(sentences) for name, sentences in form.errors.items()}
    for each in response.context.get("inline_admin_formsets", ()):
        for part in each.formset.forms:
            found |= {f"{part.prefix}-{name}": list(sentences) for name, sentences in part.errors.items()}
    return found
