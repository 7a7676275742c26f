"""``{% kept a b %}…{% endkept %}``: a part of a page that is rendered once a process and then the same again."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.translation import get_language

register = template.Library()

#: So many forms of one part are kept; then it begins anew, so that memory has an end.
MOST = 2000


class KeptNode(template.Node):
    """The part, with what it looked like for each set of keys and language."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self._keys = keys
        self._kept: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        key = (get_language(), *(expression.resolve(context) for expression in self._keys))
        found = self._kept.get(key)
        if found is None:
            found = self.nodelist.render(context)
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = found
        return found


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Render what stands between once for each set of keys, in each language, and keep it.

    The keys must be all that it depends on, and plain values. It holds words of the portal or of a questionnaire, never
    what a delegation wrote, nor anything of one person: what is kept is shown to the next reader too.
    """
    _name, *keys = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, [parser.compile_filter(key) for key in keys])
