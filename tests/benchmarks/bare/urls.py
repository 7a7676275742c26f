"""Where the bare views stand, beside the portal's own addresses."""

from django.urls import include, path

from tests.benchmarks.bare import answering, meeting_pages, registry_pages, results, reviewing

urlpatterns = [
    path("bare/", include(registry_pages.urlpatterns)),
    path("bare/<slug:slug>/response/submit/", answering.submit),
    path("bare/<slug:slug>/response/<int:number>/", answering.read_section),
    path("bare/<slug:slug>/response/<int:number>/<int:question>/", answering.save_field),
    path("bare/<slug:slug>/review/", reviewing.read_matrix),
    path("bare/<slug:slug>/review/<int:question>/", reviewing.read_question),
    path("bare/<slug:slug>/results/", results.read_results),
    path("bare/meetings/", meeting_pages.read_list),
    path("bare/meetings/search/", meeting_pages.search),
    path("bare/meetings/<slug:group>/<int:number>/", meeting_pages.read_meeting),
    path("", include("icoca_portal.urls")),
]
