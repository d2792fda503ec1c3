"""What the platform does per second, each figure beside its raw limit in the same run. Nothing here is asserted."""
