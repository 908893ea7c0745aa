"""The admin of users: made, given roles, deactivated; and of the groups that the roles are, read only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as djangos
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from claims.admin.base import Fitted, Formsets, ThroughServices, acting, reason_of
from claims.admin.fields import ReasonField
from claims.admin.forms import RecordForm
from claims.admin.refusals import REFUSALS, add_refusal, by_field
from claims.models import User
from claims.permissions import CAPABILITY_LABELS, ROLE_LABELS, ROLES, Capability, NotAllowed, Role, may
from claims.queries.histories import Version
from claims.queries.row_lookups import written_row
from claims.queries.user_versions import WrittenUser, user_changes_since, user_version
from claims.services.users import keep_user, set_password
from claims.wording import clauses, listed

# Django's own admin of groups is loaded first: it would register itself later.
if isinstance(admin.site.get_model_admin(Group), djangos.GroupAdmin):
    admin.site.unregister(Group)


def password_field() -> forms.CharField:
    """A password as it is chosen for somebody: the service refuses what is easily guessed."""
    return forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
        help_text=password_validators_help_text_html(),
    )


class UserForm(RecordForm):
    """A user and the roles, with the first password of a new one."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        required=False,
        choices=[(role.value, ROLE_LABELS[role]) for role in Role],
        widget=forms.CheckboxSelectMultiple,
    )
    new_password = password_field()

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active", "is_staff")

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        if self.instance.pk and "roles" in self.fields and "roles" not in self.initial:
            self.fields["roles"].initial = list(self.instance.groups.values_list("name", flat=True))
        if self.instance.pk:
            del self.fields["new_password"]

    @classmethod
    def of_version(cls, row: WrittenUser, **keywords: Any) -> Self:
        """The form as it was opened on that version, as the journal has it."""
        return cls(instance=row.user, initial={"roles": list(row.roles)}, **keywords)


class PasswordForm(forms.Form):
    """A new password for somebody else, and why."""

    new_password = password_field()
    change_reason = ReasonField()


@admin.register(User)
class UserAdmin(ThroughServices):
    """Users; who leaves is deactivated, for the history names them."""

    form = UserForm
    list_display = ("username", "first_name", "last_name", "roles_column", "is_active", "last_login")
    list_filter = ("is_active",)
    # Django's own search: a desk has tens of users, and no index would be quicker than reading them all.
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    fields = ("username", ("first_name", "last_name"), "email", "roles", "is_staff", "is_active")
    never_deleted = gettext_lazy(
        "Users are never deleted, for the history names them. Deactivate the user instead: take the tick “active” away."
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new user has a password from the start, later there is a form of its own for it; and a version."""
        last = ["change_reason", "record_version"] if obj else ["new_password", "change_reason"]
        return [*self.fields, *last]

    def version_row(self, record: User, number: int) -> WrittenUser | None:
        """The version that a form was opened on."""
        return user_version(record.pk, number)

    def changes_since(self, record: User, number: int) -> list[Version]:
        """Who changed the user after that version, when and why, the newest first."""
        return user_changes_since(record.pk, number)

    def get_urls(self) -> list[URLPattern]:
        """The address of the password, before Django's."""
        view = self.admin_site.admin_view(self.password_view)
        return [path("<int:key>/password/", view, name="claims_user_password"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *arguments: Any, **keywords: Any) -> Any:
        """Besides, the way to a new password."""
        user = context.get("original")
        if user is not None and may(request.user, Capability.MANAGE_USERS):
            own = user == request.user
            url = reverse("own_password") if own else reverse("admin:claims_user_password", args=[user.pk])
            title = _("Change your password") if own else _("Set a password")
            context["acts"] = [{"name": "password", "url": url, "title": title}]
        return super().render_change_form(request, context, *arguments, **keywords)

    @method_decorator(sensitive_post_parameters())
    def password_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Set another's password; one's own is changed by who knows the old one."""
        if not may(request.user, Capability.MANAGE_USERS):
            raise NotAllowed(Capability.MANAGE_USERS)
        user = get_object_or_404(User, pk=key)
        if user == request.user:
            return redirect("own_password")
        by = acting(request)
        return self.act_page(
            request,
            user,
            PasswordForm(request.POST if request.method == "POST" else None),
            lambda typed: set_password(user=user, password=typed["new_password"], by=by, reason=typed["change_reason"]),
            title=_("Set a password"),
            button=_("Set this password"),
            about=_("Who is signed in with the old password is signed out."),
            told=_("The password is set. Tell it to the user by a way that nobody listens to."),
        )

    def act_page(
        self,
        request: HttpRequest,
        user: User,
        form: forms.Form,
        write: Callable[[dict[str, Any]], Any],
        *,
        title: str,
        button: str,
        about: str,
        told: str,
    ) -> HttpResponse:
        """Ask for what an act on the user needs, do it by a service, and go back to the user; or say what is wrong."""
        change_url = reverse("admin:claims_user_change", args=[user.pk])
        if form.is_valid():
            try:
                write(form.cleaned_data)
            except REFUSALS as error:
                add_refusal(form, ValidationError(by_field(error)))
            else:
                self.message_user(request, told, messages.SUCCESS)
                return HttpResponseRedirect(change_url)
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": user.get_username(),
            "act": {"button": button, "about": about},
            "form": form,
            "original": user,
            "opts": self.opts,
            "change_url": change_url,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/act.html", context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What was changed of a user is in the log of changes, to which whoever manages users may go."""
        if not may(request.user, Capability.MANAGE_USERS):
            raise NotAllowed(Capability.MANAGE_USERS)
        user = get_object_or_404(User, pk=object_id)
        record = written_row(User._meta.db_table, str(user.pk))
        return redirect(f"{reverse('change_list')}?{urlencode({'record': record})}")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the roles, which the list shows."""
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **keywords: Any) -> Any:
        """What the ticks mean here."""
        field = super().formfield_for_dbfield(db_field, request, **keywords)
        if db_field.name == "is_staff":
            field.label = _("may sign in to the admin")
            field.help_text = ""
        elif db_field.name == "is_active":
            field.help_text = _("Take the tick away when somebody leaves. Users are never deleted.")
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
            password=typed.get("new_password"),
            by=acting(request),
            reason=reason_of(form),
        )


@admin.register(Group)
class GroupAdmin(Fitted, admin.ModelAdmin):  # type: ignore[type-arg]
    """The roles: what each may do follows from one table in the program, and is only read here."""

    list_display = ("name", "may_column")
    fields = ("name", "may_column")
    readonly_fields = ("may_column",)
    actions = None

    @admin.display(description=pgettext_lazy("of permissions", "May"))
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
