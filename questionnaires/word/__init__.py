"""Questionnaires in Word: a form that people fill in without an account, and the way of its answers back."""

from icoca_portal.lib.word.opening import Opened
from questionnaires.word.opening import check_size, open_form
from questionnaires.word.reading import Read, Reading, origin_of, read_form
from questionnaires.word.writing import Form, write_form

__all__ = ["Form", "Opened", "Read", "Reading", "check_size", "open_form", "origin_of", "read_form", "write_form"]
