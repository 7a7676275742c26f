import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from icoca_portal.outbox import operations
from icoca_portal.outbox.models import Message, EnclosedFile, Enclosure
from tests.browser.test_mail_form import RICH

@pytest.mark.django_db(transaction=True)
def test_shots(person, settings):
    settings.SAMPLE_SITE = True
    src = EnclosedFile.keep(SimpleUploadedFile("Provisional agenda.txt", b"1 Opening"*400), enclosure=Enclosure.objects.create())
    row = operations.queue_message(key="k", to="delegate@sample.example", name="Sample Delegate", subject="Circular 3: provisional agenda of the ninth exchange", text="", html=RICH, thread="meeting-9", unsubscribe="https://portal.example/notices/end/abc/", enclosure=operations.enclose([src]))
    for who, address, n in (("visitor", f"/outbox/{row.pk}/", "outbox"), ("secretariat", f"/admin/outbox/message/{row.pk}/change/", "admin")):
        for width, dark in ((1280, False), (360, True)):
            page = person(who, width=width, dark=dark)
            page.set_default_timeout(60000)
            page.goto(address)
            page.wait_for_timeout(500)
            page.screenshot(path=f"/tmp/mf_{n}_{width}.png", full_page=True)
