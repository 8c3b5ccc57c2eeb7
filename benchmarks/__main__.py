"""Run every benchmark: ``python -m benchmarks``; each prints its own table."""

from __future__ import annotations

from benchmarks import counting, suppression


def main() -> None:
    """Print the tables of all benchmarks."""
    counting.main()
    suppression.main()


if __name__ == "__main__":
    main()
