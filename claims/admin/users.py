"""The admin of users: made, given roles, deactivated; and of the groups that the roles are, read only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as djangos
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.base import Fitted, Formsets, ThroughServices, acting
from claims.admin.forms import Judged
from claims.models import User
from claims.permissions import CAPABILITY_LABELS, ROLE_LABELS, ROLES, Role
from claims.services.users import keep_user
from claims.wording import clauses, listed

# Django's own admin of groups is loaded first: it would register itself later.
if isinstance(admin.site.get_model_admin(Group), djangos.GroupAdmin):
    admin.site.unregister(Group)


class UserForm(Judged, forms.ModelForm):  # type: ignore[type-arg]
    """A user, the roles, and a new password where one is typed."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        choices=[(role.value, ROLE_LABELS[role]) for role in Role],
        widget=forms.CheckboxSelectMultiple,
    )
    new_password = forms.CharField(
        label=gettext_lazy("New password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
    )

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active", "is_staff")

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if self.instance.pk and "roles" in self.fields:
            self.fields["roles"].initial = list(self.instance.groups.values_list("name", flat=True))
        elif "new_password" in self.fields:
            self.fields["new_password"].required = True

    def clean_new_password(self) -> str:
        """Refuse what is easily guessed."""
        typed = str(self.cleaned_data["new_password"])
        if typed:
            validate_password(typed, self.instance)
        return typed


@admin.register(User)
class UserAdmin(ThroughServices):
    """Users; who leaves is deactivated, for the history names them."""

    form = UserForm
    list_display = ("username", "first_name", "last_name", "roles_column", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    fields = ("username", ("first_name", "last_name"), "email", "roles", "is_staff", "is_active", "new_password")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the roles, which the list shows."""
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **keywords: Any) -> Any:
        """What the ticks mean here."""
        field = super().formfield_for_dbfield(db_field, request, **keywords)
        if db_field.name == "is_staff":
            field.label = _("may sign in to the admin")
            field.help_text = ""
        return field

    @admin.display(description=gettext_lazy("Roles"))
    def roles_column(self, user: User) -> str:
        """The roles in words."""
        if user.is_superuser:
            return str(ROLE_LABELS[Role.ADMINISTRATOR])
        known = {role.value: str(ROLE_LABELS[role]) for role in Role}
        return listed(known[group.name] for group in user.groups.all() if group.name in known)

    def write(self, request: HttpRequest, form: Any, formsets: Formsets) -> None:
        """Keep the user with the roles."""
        typed = form.cleaned_data
        keep_user(
            user=form.instance,
            roles=[Role(name) for name in typed["roles"]],
            password=typed["new_password"] or None,
            by=acting(request),
        )


@admin.register(Group)
class GroupAdmin(Fitted, admin.ModelAdmin):  # type: ignore[type-arg]
    """The roles: what each may do follows from one table in the program, and is only read here."""

    list_display = ("name", "may_column")
    fields = ("name", "may_column")
    readonly_fields = ("may_column",)
    actions = None

    @admin.display(description=gettext_lazy("May"))
    def may_column(self, group: Group) -> str:
        """What the role may do, in words."""
        if group.name not in set(Role):
            return ""
        capabilities = ROLES[Role(group.name)]
        return clauses(str(label) for capability, label in CAPABILITY_LABELS.items() if capability in capabilities)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Roles are those of the program."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Roles are those of the program."""
        return False
