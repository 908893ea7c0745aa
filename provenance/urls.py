"""The addresses of the whole site: the admin here, everything else in `claims.urls`."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    # Django's own page would write past the services.
    path("admin/password_change/", RedirectView.as_view(pattern_name="password_change")),
    path("admin/", admin.site.urls),
    path("", include("claims.urls")),
]

handler400 = "claims.views.errors.bad_request"
handler403 = "claims.views.errors.not_allowed"
handler404 = "claims.views.errors.not_found"
handler500 = "claims.views.errors.server_error"
