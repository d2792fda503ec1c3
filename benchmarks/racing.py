"""Acts on one process that race, in interleavings that are drawn; what contradicts itself is counted."""

from benchmarks.worlds import MONDAY


def run(interleavings: int) -> None:
    import random

    from pliego.bidding.tests.races import World, race
    from pliego.kernel import clock

    clock.hold(MONDAY)
    seed = random.randrange(10**6)
    figures = race(World(MONDAY), interleavings, seed=seed)
    print(f"seed {seed}: " + "\n".join(figures.lines))
