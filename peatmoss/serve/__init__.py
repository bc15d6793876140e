"""Datasette over a finished release: nothing here writes, everything shown is described by the schema's comments."""

from peatmoss.serve.run import application, run

__all__ = ["application", "run"]
