"""The tables, every table and column with a comment. Everything that describes the database derives from here."""

from peatmoss.schema import cards, findings, github, hub, ledger, license, names, reuse, sync
from peatmoss.schema.base import metadata

LEDGER = ("run", "checkpoint", "record_hash")
"""Tables about this machine's work, not about models: they are in no release."""

__all__ = ["LEDGER", "cards", "findings", "github", "hub", "ledger", "license", "metadata", "names", "reuse", "sync"]
