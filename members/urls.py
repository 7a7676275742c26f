"""Addresses below /members/."""

from django.urls import path
from django.views.generic import RedirectView

from members import views

app_name = "members"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="members:list_participants"), name="list_members"),
    path("participants/", views.ListParticipants.as_view(), name="list_participants"),
    path("participants.csv", views.export_participants, name="export_participants"),
    path("statistics/", views.read_statistics, name="read_statistics"),
    path("statistics/over-time/", views.read_statistics_over_time, name="read_statistics_over_time"),
    path("statistics/<path:key>/", views.read_figure, name="read_figure"),
    path("statistics.csv", views.export_statistics, {"form": "csv"}, name="export_statistics_csv"),
    path("statistics.json", views.export_statistics, {"form": "json"}, name="export_statistics_json"),
    path("delegation/", views.ReadDelegation.as_view(), name="read_delegation"),
    path("profile/", views.edit_profile, name="edit_profile"),
]
