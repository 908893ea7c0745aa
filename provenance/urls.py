"""The addresses of the whole site: the admin here, everything else in `claims.urls`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("claims.urls")),
]

handler400 = "claims.views.errors.bad_request"
handler403 = "claims.views.errors.not_allowed"
handler404 = "claims.views.errors.not_found"
handler500 = "claims.views.errors.server_error"
