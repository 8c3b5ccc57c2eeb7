"""Speed as ratios of ways run in turn, and usefulness of the suppression; never tests."""
