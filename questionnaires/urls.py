"""Addresses of questionnaires. A response is always that of the reader's own delegation."""

from django.urls import path

from questionnaires import views

app_name = "questionnaires"

urlpatterns = [
    path("", views.QuestionnaireList.as_view(), name="list_questionnaires"),
    path("<slug:slug>/", views.read_questionnaire, name="read_questionnaire"),
    path("<slug:slug>/verify/", views.verify_submission, name="verify_submission"),
    path("<slug:slug>/response/", views.read_response, name="read_response"),
    path("<slug:slug>/response/check/", views.check_response, name="check_response"),
    path("<slug:slug>/response/submit/", views.submit_response, name="submit_response"),
    path("<slug:slug>/response/submitted/", views.read_submission, name="read_submission"),
    path("<slug:slug>/response/receipt.pdf", views.export_receipt, name="export_receipt"),
    path("<slug:slug>/response.pdf", views.export_response, {"form": "pdf"}, name="export_response_pdf"),
    path("<slug:slug>/response.docx", views.export_response, {"form": "docx"}, name="export_response_docx"),
    path("<slug:slug>/response/files/<int:pk>/", views.read_attachment, name="read_attachment"),
    path("<slug:slug>/response/<int:section>/", views.edit_section, name="edit_section"),
    path("<slug:slug>/response/<int:section>/<int:question>/", views.save_answer, name="save_answer"),
    path("<slug:slug>/review/", views.review_questionnaire, name="review_questionnaire"),
    path("<slug:slug>/review/<int:question>/", views.read_question_review, name="read_question_review"),
    path("<slug:slug>/review/by/<slug:delegation>/", views.read_delegation_review, name="read_delegation_review"),
    path("<slug:slug>/review/<int:question>/<int:submission>/remark/", views.write_remark, name="write_remark"),
    path(
        "<slug:slug>/review/files/<int:submission>/<int:attachment>/",
        views.read_submitted_file,
        name="read_submitted_file",
    ),
    path("<slug:slug>/review/export.xlsx", views.export_submissions, {"form": "xlsx"}, name="export_submissions"),
    path("<slug:slug>/review/export.csv", views.export_submissions, {"form": "csv"}, name="export_submissions_csv"),
]
