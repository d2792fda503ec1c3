"""What the method of a process calls an offer, in our own sentences: a request for information receives answers."""

from typing import Any

from django import template

register = template.Library()


class Called(template.Node):
    def __init__(self, tender: Any, nodes: template.NodeList) -> None:
        self.tender, self.nodelist = tender, nodes

    def render(self, context: template.Context) -> str:
        return self.tender.resolve(context).rulebook.words.called(self.nodelist.render(context))  # type: ignore[no-any-return]


@register.tag
def called(parser: Any, token: Any) -> Called:
    """`{% called tender %}{% translate "Your offer" %}{% endcalled %}`: around a sentence, never around what people
    wrote nor an address."""
    _name, tender = token.split_contents()
    nodes = parser.parse(("endcalled",))
    parser.delete_first_token()
    return Called(parser.compile_filter(tender), nodes)


@register.filter
def called_in(sentence: str, tender: Any) -> str:
    """The same for a sentence that has a name."""
    return tender.rulebook.words.called(sentence)  # type: ignore[no-any-return]
