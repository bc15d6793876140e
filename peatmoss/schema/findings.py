"""Findings: the rows that analyses write. Each table comes with its analysis."""

from sqlalchemy import Table

from peatmoss.schema.base import integer, metadata, text

statistic = Table(
    "statistic", metadata,
    text("subject", "What is counted: model, popular_model (the top 1,000 by downloads), edge, repository.", null=False, primary_key=True),
    text("name", "The property, for instance has_license.", null=False, primary_key=True),
    integer("count", "How many have it.", null=False),
    integer("denominator", "Of how many.", null=False),
    text("reason", "How it is counted, in words.", null=False),
    comment="Supply-chain statistics, each with its denominator.",
)  # fmt: skip
