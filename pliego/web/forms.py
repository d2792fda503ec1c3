"""Forms that keep what was typed and refuse what they do not know."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Fields are drawn with the house's own templates."""
