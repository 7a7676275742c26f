"""Addresses of questionnaires. A response is always that of the reader's own delegation."""

from django.urls import path

from questionnaires import views

app_name = "questionnaires"

urlpatterns = [
    path("", views.QuestionnaireList.as_view(), name="list_questionnaires"),
    path("plans/", views.PlanList.as_view(), name="list_plans"),
    path("plans/<slug:slug>/", views.read_plan, name="read_plan"),
    path("plans/<slug:slug>/documents/<int:pk>/", views.read_plan_document, name="read_plan_document"),
    path("<slug:slug>/", views.read_questionnaire, name="read_questionnaire"),
    path("<slug:slug>/verify/", views.verify_submission, name="verify_submission"),
    path("<slug:slug>/changes/", views.read_changes, name="read_changes"),
    path("<slug:slug>/response/", views.read_response, name="read_response"),
    path("<slug:slug>/response/check/", views.check_response, name="check_response"),
    path("<slug:slug>/response/submit/", views.submit_response, name="submit_response"),
    path("<slug:slug>/response/submitted/", views.read_submission, name="read_submission"),
    path("<slug:slug>/response/receipt.pdf", views.export_receipt, name="export_receipt"),
    path("<slug:slug>/response.pdf", views.export_response, {"form": "pdf"}, name="export_response_pdf"),
    path("<slug:slug>/response.docx", views.export_response, {"form": "docx"}, name="export_response_docx"),
    path("<slug:slug>/blank.docx", views.export_blank, name="export_blank"),
    path("<slug:slug>/response/form.docx", views.export_form, name="export_form"),
    path("<slug:slug>/response/upload/", views.upload_form, name="upload_form"),
    path("<slug:slug>/response/upload/<int:pk>/", views.read_upload, name="read_upload"),
    path("<slug:slug>/response/upload/<int:pk>/apply/", views.apply_upload, name="apply_upload"),
    path("<slug:slug>/response/files/<int:pk>/", views.read_attachment, name="read_attachment"),
    path("<slug:slug>/response/<int:section>/", views.edit_section, name="edit_section"),
    path("<slug:slug>/response/<int:section>/<int:question>/", views.save_answer, name="save_answer"),
    # A delegation working together
    path("<slug:slug>/response/people/", views.read_people, name="read_people"),
    path("<slug:slug>/response/people/assign/", views.assign_section, name="assign_section"),
    path("<slug:slug>/response/people/<int:pk>/end/", views.end_assignment, name="end_assignment"),
    path("<slug:slug>/response/guests/invite/", views.invite_guest, name="invite_guest"),
    path("<slug:slug>/response/guests/<int:pk>/end/", views.end_guest, name="end_guest"),
    path("<slug:slug>/response/presence/", views.read_presence, name="read_presence"),
    path("<slug:slug>/response/history/", views.read_history, name="read_history"),
    path("<slug:slug>/response/prefill/", views.prefill_response, name="prefill_response"),
    path("<slug:slug>/response/clearance/", views.read_clearance, name="read_clearance"),
    path("<slug:slug>/response/clearance/require/", views.require_clearance, name="require_clearance"),
    path("<slug:slug>/response/clearance/send/", views.send_for_clearance, name="send_for_clearance"),
    path("<slug:slug>/response/clearance/<int:pk>/record/", views.record_clearance, name="record_clearance"),
    path("<slug:slug>/response/clearance/<int:pk>/decline/", views.decline_clearance, name="decline_clearance"),
    path("<slug:slug>/response/<int:section>/presence/", views.note_presence, name="note_presence"),
    path("<slug:slug>/response/<int:section>/confirm/", views.confirm_answers, name="confirm_answers"),
    path(
        "<slug:slug>/response/<int:section>/<int:question>/history/",
        views.read_answer_history,
        name="read_answer_history",
    ),
    path("<slug:slug>/response/<int:section>/<int:question>/restore/", views.restore_answer, name="restore_answer"),
    path("<slug:slug>/response/<int:section>/<int:question>/notes/", views.read_notes, name="read_notes"),
    path("<slug:slug>/response/<int:section>/<int:question>/notes/write/", views.write_note, name="write_note"),
    path("<slug:slug>/response/<int:section>/<int:question>/confirm/", views.confirm_answer, name="confirm_answer"),
    path("<slug:slug>/results/", views.read_results, name="read_results"),
    path("<slug:slug>/results/verify/", views.verify_results, name="verify_results"),
    path("<slug:slug>/results.pdf", views.export_results, {"form": "pdf"}, name="export_results_pdf"),
    path("<slug:slug>/results.docx", views.export_results, {"form": "docx"}, name="export_results_docx"),
    path("<slug:slug>/results.csv", views.export_results, {"form": "csv"}, name="export_results_csv"),
    path("<slug:slug>/results.json", views.export_results, {"form": "json"}, name="export_results_json"),
    path("<slug:slug>/response/<int:section>/<int:question>/files/", views.attach_file, name="attach_file"),
    path(
        "<slug:slug>/response/<int:section>/<int:question>/files/<int:attachment>/remove/",
        views.remove_file,
        name="remove_file",
    ),
    path(
        "<slug:slug>/response/<int:section>/<int:question>/quotation/", views.choose_quotation, name="choose_quotation"
    ),
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
