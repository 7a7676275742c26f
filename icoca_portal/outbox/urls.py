"""Addresses of the sample site's outbox, and the one to which a mail provider reports."""

from django.urls import path

from icoca_portal.outbox import views

app_name = "outbox"

urlpatterns = [
    path("", views.ReadOutbox.as_view(), name="read_outbox"),
    path("<int:pk>/", views.ReadMessage.as_view(), name="read_message"),
    path("provider/<slug:provider>/", views.receive_events, name="receive_events"),
    path("<int:pk>/form/", views.read_form, name="read_form"),
    path("<int:pk>/files/<int:file>/", views.read_file, name="read_file"),
]
