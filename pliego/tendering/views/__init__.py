"""Pages of the electronic pliego."""
