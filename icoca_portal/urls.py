"""All addresses of the portal: stable, one name per phrase."""

from django.contrib import admin
from django.urls import include, path

from icoca_portal import views
from icoca_portal.lib import idling, parking

handler400 = "icoca_portal.views.bad_request"
handler403 = "icoca_portal.views.forbidden"
handler404 = "icoca_portal.views.not_found"
handler500 = "icoca_portal.views.server_error"

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("members.account_urls")),
    path("accounts/", include("allauth.urls")),
    path("meetings/", include("meetings.urls")),
    path("", include("members.urls")),
    path("questionnaires/", include("questionnaires.urls")),
    path("outbox/", include("icoca_portal.outbox.urls")),
    path("parked/", parking.read_parked, name="read_parked"),
    path("parked/discard/", parking.discard_parked, name="discard_parked"),
    path("session/keep/", idling.keep_session, name="keep_session"),
    path("contact/", views.contact, name="contact"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("appearance/", views.choose_appearance, name="choose_appearance"),
    path("health/", views.health, name="health"),
    path("admin/", admin.site.urls),
]
