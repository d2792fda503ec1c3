"""Words of the templates: money, instants, states."""

from django import template

register = template.Library()
