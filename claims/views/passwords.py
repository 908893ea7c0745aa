"""One's own password: changed on one page by everybody who is signed in, through the service."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from claims.services.users import set_password


class OwnPasswordForm(PasswordChangeForm):
    """The old password, and twice the new one."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.fields["new_password1"].help_text = " ".join(password_validators_help_texts())

    def save(self, commit: bool = True) -> Any:
        """Give the new password to the service."""
        return set_password(user=self.user, password=self.cleaned_data["new_password1"], by=self.user)


class OwnPassword(PasswordChangeView):
    """Change the password and go on; whoever is signed in elsewhere as the same user is signed out there."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("start")

    def form_valid(self, form: Any) -> HttpResponse:
        """Besides, say that it is done."""
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed."))
        return response
