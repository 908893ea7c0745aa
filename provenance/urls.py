"""The addresses of the whole site: the admin here, everything else in `claims.urls`."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    # Before the admin's own, which asks no second time for the password and puts nothing on record.
    path("admin/password_change/", RedirectView.as_view(pattern_name="own_password")),
    path("admin/", admin.site.urls),
    path("", include("claims.urls")),
]

handler400 = "claims.errors.bad_request"
handler403 = "claims.errors.not_allowed"
handler404 = "claims.errors.not_found"
handler500 = "claims.errors.server_error"
