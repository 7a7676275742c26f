"""Where the bare views stand, beside the portal's own addresses."""

from django.urls import include, path

from tests.benchmarks.bare import answering

urlpatterns = [
    path("bare/<slug:slug>/response/submit/", answering.submit),
    path("bare/<slug:slug>/response/<int:number>/", answering.read_section),
    path("bare/<slug:slug>/response/<int:number>/<int:question>/", answering.save_field),
    path("", include("icoca_portal.urls")),
]
