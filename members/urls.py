from django.http import HttpResponse
from django.urls import path

app_name = "members"
urlpatterns = [
    path("profile/", lambda request: HttpResponse(""), name="edit_profile"),
    path("participants/", lambda request: HttpResponse(""), name="list_participants"),
]
