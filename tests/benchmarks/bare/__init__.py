"""The yardstick: what the portal's pages cost when somebody writes them by hand, in a bare Django project.

The same facts are asked and the same rows are written, in one transaction, with SQL written by hand and one plain
template a page: no ORM, no forms, no translations, no permissions framework, no operations. The session and its user
are Django's own. Nobody should write a portal like this; it says what there is to win.
"""
