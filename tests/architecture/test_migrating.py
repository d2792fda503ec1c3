"""Migrations see the models that Django's own way shows them, step by step."""

from django.db import models
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterField, CreateModel, RemoveConstraint
from django.db.migrations.state import ProjectState

from pliego.config.management.commands.migrate import only_what_changed

KEY = ("id", models.AutoField(primary_key=True))
SHELF = models.ForeignKey("library.shelf", models.CASCADE, related_name="books")
OPERATIONS = (
    CreateModel("Shelf", [KEY, ("name", models.CharField(max_length=9))]),
    CreateModel("Book", [KEY, ("shelf", SHELF), ("isbn", models.CharField(max_length=13))]),
    AddConstraint("Book", models.UniqueConstraint(fields=["shelf", "isbn"], name="one_on_a_shelf")),
    AddIndex("Book", models.Index(fields=["isbn"], name="by_isbn")),
    CreateModel("Loan", [KEY, ("book", models.ForeignKey("library.book", models.CASCADE, related_name="loans"))]),
    AddField("Shelf", "best", models.ForeignKey("library.book", models.CASCADE, null=True, related_name="best_of")),
    AddConstraint("Loan", models.CheckConstraint(condition=models.Q(id__gt=0), name="counted")),
    AddField("Loan", "shelves", models.ManyToManyField("library.shelf", related_name="loans")),
    AlterField("Book", "isbn", models.CharField(max_length=20, unique=True)),
    AddField("Book", "pages", models.IntegerField(default=1), preserve_default=False),
    RemoveConstraint("Book", "one_on_a_shelf"),
)


def seen() -> list:
    """After each step: of each model its fields, who points to it, its constraints and its indexes."""
    project, steps = ProjectState(), []
    assert not project.apps.get_models()  # made once, so that each step has to bring it up to date
    for operation in OPERATIONS:
        operation.state_forwards("library", project)
        steps.append({model.__name__: told(model, project.apps) for model in project.apps.get_models()})
    return steps


def told(model: type[models.Model], apps) -> tuple:
    meta = model._meta
    for field in (*meta.fields, *meta.many_to_many, *meta.related_objects):
        assert field.related_model in {None, *apps.get_models()}, f"{field} leads to a model of a former step"
    parts = (meta.fields, meta.many_to_many, meta.related_objects, meta.constraints, meta.indexes)
    return tuple(sorted(each.name for each in part) for part in parts)


def test_every_step_sees_what_django_shows():
    shown = seen()
    with only_what_changed():
        ours = seen()

    assert ours == shown
    assert ours[-1]["Book"] == (["id", "isbn", "pages", "shelf"], [], ["best_of", "loans"], [], ["by_isbn"])
    assert ours[-1]["Loan"][:2] == (["book", "id"], ["shelves"])
