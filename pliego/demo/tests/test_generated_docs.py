"""docs/generated is made from the tables, and says so when it is not."""

import pytest

from pliego.demo import generated_docs
from pliego.kernel.policy import Policy
from pliego.kernel.states import Machine
from pliego.methods import catalogue


class TestPages:
    def test_have_every_method_machine_and_policy(self):
        pages = generated_docs.pages()

        assert all(f"`{method.code}`" in pages["methods.md"] for method in catalogue.every())
        assert all(machine.model in pages["states.md"] for machine in Machine.registry)
        assert all(f"## {policy.name}\n" in pages["permissions.md"] for policy in Policy.registry)
        assert "`tender.published`" in pages["events.md"]

    def test_are_the_same_each_time(self):
        assert generated_docs.pages() == generated_docs.pages()

    @pytest.mark.parametrize("name", ["methods.md", "states.md", "permissions.md", "events.md"])
    def test_are_told_stale_when_touched_and_mended(self, tmp_path, name):
        generated_docs.write(tmp_path)
        (tmp_path / name).write_text("otra cosa")

        told, written = generated_docs.stale(tmp_path), generated_docs.write(tmp_path)

        assert (told, written, generated_docs.stale(tmp_path)) == ([name], [name], [])
