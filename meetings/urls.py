"""Addresses of the meetings: stable."""

from django.urls import path

from meetings import views

app_name = "meetings"

MEETING = "<slug:group>/<int:number>/"
REGISTRATION = f"{MEETING}registration/<slug:delegation>/"

urlpatterns = [
    path("", views.ListMeetings.as_view(), name="list_meetings"),
    path("search/", views.search_meetings, name="search_meetings"),
    path("years/", views.ReadSeries.as_view(), name="read_series"),
    path("attendance/", views.list_attendance, name="list_attendance"),
    path("attendance/<slug:delegation>/", views.list_attendance, name="list_attendance_of"),
    path("calendar.ics", views.export_calendar, name="export_calendar"),
    path("calendar/", views.read_calendar, name="read_calendar"),
    path("calendar/address/", views.make_calendar_address, name="make_calendar_address"),
    path("calendar/address/revoke/", views.revoke_calendar_address, name="revoke_calendar_address"),
    path("calendar/<str:token>.ics", views.export_private_calendar, name="export_private_calendar"),
    # Before the meetings, whose addresses would take these for a group.
    path("follow-ups/", views.list_follow_ups, name="list_follow_ups"),
    path("follow-ups/<int:pk>/", views.read_follow_up, name="read_follow_up"),
    path("follow-ups/<int:pk>/change/", views.change_follow_up, name="change_follow_up"),
    path("follow-ups/<int:pk>/progress/", views.progress_follow_up, name="progress_follow_up"),
    path("follow-ups/<int:pk>/close/", views.close_follow_up, name="close_follow_up"),
    path("follow-ups/<int:pk>/reopen/", views.reopen_follow_up, name="reopen_follow_up"),
    path("import/", views.upload_past_summary, name="upload_past_summary"),
    path("import/<int:pk>/", views.correct_past_summary, name="correct_past_summary"),
    path("import/<int:pk>/discard/", views.discard_past_summary, name="discard_past_summary"),
    path("import/<int:pk>/file/", views.read_past_summary, name="read_past_summary"),
    path(MEETING, views.ReadMeeting.as_view(), name="read_meeting"),
    path(f"{MEETING}agenda/", views.read_agenda, name="read_agenda"),
    path(f"{MEETING}agenda.pdf", views.export_agenda, {"form": "pdf"}, name="export_agenda_pdf"),
    path(f"{MEETING}agenda.docx", views.export_agenda, {"form": "docx"}, name="export_agenda_docx"),
    path(f"{MEETING}agenda/adopt/", views.adopt_agenda, name="adopt_agenda"),
    path(f"{MEETING}registration/", views.read_registration, name="read_registration"),
    path(REGISTRATION, views.read_registration, name="read_registration_of"),
    path(f"{REGISTRATION}reply/", views.reply_invitation, name="reply_invitation"),
    path(f"{REGISTRATION}people/", views.register_person, name="register_person"),
    path(f"{REGISTRATION}people/<int:pk>/", views.change_registration, name="change_registration"),
    path(f"{REGISTRATION}people/<int:pk>/withdraw/", views.withdraw_registration, name="withdraw_registration"),
    path(f"{MEETING}summary/", views.read_summary, name="read_summary"),
    path(f"{MEETING}summary/approve/", views.approve_summary, name="approve_summary"),
    path(f"{MEETING}summary/verify/", views.verify_summary, name="verify_summary"),
    path(f"{MEETING}summary/compose/", views.compose_summary, name="compose_summary"),
    path(f"{MEETING}summary/compose/figure/", views.insert_figure, name="insert_figure"),
    path(f"{MEETING}summary/corrigenda/<int:corrigendum>/", views.read_corrigendum, name="read_corrigendum"),
    path(f"{MEETING}summary/comments/", views.read_comments, name="read_comments"),
    path(f"{MEETING}summary/comments/add/", views.comment_summary, name="comment_summary"),
    path(f"{MEETING}summary/comments/<int:pk>/withdraw/", views.withdraw_comment, name="withdraw_comment"),
    path(f"{MEETING}summary/comments/<int:pk>/answer/", views.answer_comment, name="answer_comment"),
    path(f"{MEETING}summary/comments.xlsx", views.export_comments, {"form": "xlsx"}, name="export_comments_xlsx"),
    path(f"{MEETING}summary/comments.pdf", views.export_comments, {"form": "pdf"}, name="export_comments_pdf"),
    path(f"{MEETING}summary/object/", views.object_to_summary, name="object_to_summary"),
    path(f"{MEETING}summary/changes/<int:revision>/", views.read_changed_text, name="read_changed_text"),
    path(f"{MEETING}summary.pdf", views.export_summary, {"form": "pdf"}, name="export_summary_pdf"),
    path(f"{MEETING}summary.docx", views.export_summary, {"form": "docx"}, name="export_summary_docx"),
    path(f"{MEETING}participants.pdf", views.export_participants, {"form": "pdf"}, name="export_participants_pdf"),
    path(f"{MEETING}participants.docx", views.export_participants, {"form": "docx"}, name="export_participants_docx"),
    path(f"{MEETING}participants.csv", views.export_participants, {"form": "csv"}, name="export_participants_csv"),
    path(f"{MEETING}meeting.ics", views.export_meeting, name="export_meeting"),
    path(f"{MEETING}archive.zip", views.export_archive, name="export_archive"),
    path(f"{MEETING}documents.zip", views.export_documents, name="export_documents"),
    path(f"{MEETING}documents/", views.read_documents, name="read_documents"),
    path(f"{MEETING}documents/attach/", views.attach_document, name="attach_document"),
    path(f"{MEETING}documents/<int:pk>/change/", views.change_document, name="change_document"),
    path(f"{MEETING}documents/<int:pk>/", views.read_document, name="read_document"),
]
