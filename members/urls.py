"""Addresses below /members/."""

from django.urls import include, path

from members import views

app_name = "members"
urlpatterns = [
    path("", views.list_members, name="list_members"),
    path("members.csv", views.export_members, {"form": "csv"}, name="export_members_csv"),
    path("members.xlsx", views.export_members, {"form": "xlsx"}, name="export_members_xlsx"),
    path("members.json", views.export_members, {"form": "json"}, name="export_members_json"),
    path("participants/", views.ListParticipants.as_view(), name="list_participants"),
    path("participants.csv", views.export_participants, name="export_participants"),
    path("statistics/", views.read_statistics, name="read_statistics"),
    path("statistics/over-time/", views.read_statistics_over_time, name="read_statistics_over_time"),
    path("statistics/<path:key>/", views.read_figure, name="read_figure"),
    path("statistics.csv", views.export_statistics, {"form": "csv"}, name="export_statistics_csv"),
    path("statistics.json", views.export_statistics, {"form": "json"}, name="export_statistics_json"),
    path("map/", views.read_map, name="read_map"),
    path("map.csv", views.export_map, name="export_map"),
    path("api/", views.read_api, name="read_api"),
    path("api/v1/", include("members.api.urls")),
    path("delegation/", views.ReadDelegation.as_view(), name="read_delegation"),
    path("profile/", views.edit_profile, name="edit_profile"),
    # The last one: no organisation takes an address of the portal's own (OrganisationForm.clean_slug).
    path("<slug:slug>/", views.read_member, name="read_member"),
]
