"""Database -> release: checks, a fresh public SQLite file, views, dictionary, manifest, checksums.

A release is a function of the database: it holds no wall clock, and "now" is the newest as-of date in it.
"""

from peatmoss.release.run import Summary, run
from peatmoss.release.summary import lines

__all__ = ["Summary", "lines", "run"]
