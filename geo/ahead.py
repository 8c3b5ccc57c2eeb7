"""What readers would wait for, found ahead of them: clusters of reports of sealed releases.

Read from the release as anybody else reads it, so that nothing but what is published enters.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from geo import cluster_file, clusters, release


class Clustered(NamedTuple):
    """File of clusters beside a release; no views where it was there already."""

    path: Path
    views: tuple[cluster_file.View, ...]


def cluster(folder: str | Path) -> Clustered:
    """Find the clusters of every view of a release, and write them beside it.

    A file that is of this very release and method stays.

    Raises
    ------
    ReleaseError
    UnusableError
        The folder that the release lies in cannot be written.
    """
    folder = Path(folder)
    there = cluster_file.read(folder)
    if there and there.method == clusters.METHOD:
        return Clustered(cluster_file.beside(folder), ())
    read = release.read(folder)
    views = tuple(clusters.of_views(read.cells, read.places, read.manifest))
    return Clustered(cluster_file.write(folder, clusters.METHOD, views), views)


def readable(folder: str | Path) -> list[Path]:
    """A release folder itself, or those in it that can be read."""
    folder = Path(folder)
    if (folder / release.MANIFEST).exists():
        return [folder]
    return [one.folder for one in release.releases(folder) if not one.refused]
