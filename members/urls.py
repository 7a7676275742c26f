"""Addresses below /members/, and those of notices."""

from django.urls import URLPattern, URLResolver, include, path

from members import views

app_name = "members"
_below_members: list[URLPattern | URLResolver] = [
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
    path("outreach/", views.list_outreach, name="list_outreach"),
    path("guidance/", views.list_outreach_of, {"what": "guidance"}, name="list_guidance"),
    path("guidance/<slug:slug>/", views.read_guidance, name="read_guidance"),
    path("guidance/<slug:slug>/files/<int:pk>/", views.read_guidance_file, name="read_guidance_file"),
    path("reviews/", views.list_outreach_of, {"what": "reviews"}, name="list_field_reviews"),
    path("reviews/<int:pk>/", views.read_field_review, name="read_field_review"),
    path("workshops/", views.list_outreach_of, {"what": "workshops"}, name="list_workshops"),
    path("workshops/<int:pk>/", views.read_workshop, name="read_workshop"),
    path("assessments/", views.list_assessments, name="list_assessments"),
    path("assessments/<int:pk>/", views.read_assessment, name="read_assessment"),
    path("assessments/<int:pk>/send/", views.send_self_assessment, name="send_self_assessment"),
    path("assessments/<int:pk>/files/<int:file>/", views.read_assessment_file, name="read_assessment_file"),
    path("circulars/", views.list_circulars, name="list_circulars"),
    path("circulars/<slug:reference>/", views.read_circular, name="read_circular"),
    path("circulars/<slug:reference>/circular.pdf", views.export_circular_pdf, name="export_circular_pdf"),
    path("circulars/<slug:reference>/files/<int:pk>/", views.read_circular_file, name="read_circular_file"),
    path("delegation/", views.ReadDelegation.as_view(), name="read_delegation"),
    path("applications/", views.list_applications, name="list_applications"),
    path("applications/<int:pk>/", views.read_application, name="read_application"),
    path("applications/<int:pk>/lines/<int:line>/supply/", views.supply_evidence, name="supply_evidence"),
    path("applications/<int:pk>/evidence/<int:file>/", views.read_evidence, name="read_evidence"),
    path("profile/", views.edit_profile, name="edit_profile"),
    # The last one: no organisation takes an address of the portal's own (OrganisationForm.clean_slug).
    path("<slug:slug>/", views.read_member, name="read_member"),
]

urlpatterns = [
    path("accounts/notices/", views.choose_notices, name="choose_notices"),
    path("notices/end/<str:signed>/", views.end_notices, name="end_notices"),
    path("members/", include(_below_members)),
]
