"""What an account's pages ask for: a code of the second factor, or the password once more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import User

LONGEST_CODE = 40


class CodeInput(forms.TextInput):
    """Shown as it is typed; empty again once it was wrong, for the next one is another."""

    def format_value(self, value: Any) -> None:
        """Nothing, whatever was typed."""


class CodeForm(forms.Form):
    """A code: of the app, or for recovery."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=LONGEST_CODE,
        widget=CodeInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "dir": "ltr", "spellcheck": "false"}
        ),
    )


class PasswordForm(forms.Form):
    """The password of whoever is signed in. Wrong ones count as wrong ones at the door, and bring the same pause."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, request: HttpRequest, user: User, *arguments: Any) -> None:
        self.request, self.user = request, user
        super().__init__(*arguments)

    def clean_password(self) -> str:
        """Raises `ValidationError` where it is not the user's."""
        typed = str(self.cleaned_data["password"])
        if authenticate(self.request, username=self.user.get_username(), password=typed) != self.user:
            raise ValidationError(_("This is not your password."))
        return typed
