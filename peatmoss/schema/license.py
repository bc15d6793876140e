"""Licenses: who claims which, what is concluded, what the rules say along each edge and along the chains."""

from sqlalchemy import Index, Table

from peatmoss.schema.base import VERDICTS, flag, integer, key, metadata, moment, one_of, ref, shard_ref, text, unique

_KINDS = ("model", "dataset", "repository")
_RELATIONS = ("relicense", "combine", "derive", "use", "train")

license_claim = Table(
    "license_claim", metadata, key(),
    text("artifact_kind", "model, dataset or repository.", null=False),
    text("artifact", "Natural key: owner/name of a model or dataset, host/owner/name of a repository.", null=False),
    text("component", "What of it: weights, code or data.", null=False),
    text("source", "Who states it: tag (of the hub), card (its front matter), file (a LICENSE text), api (of the host).", null=False),
    text("raw", "The license as stated, untouched; of a file its hash.", null=False),
    text("expression", "The same as an SPDX expression, LicenseRef or NOASSERTION (names no known license).", null=False),
    text("place", "Where it stands: a front matter key, a file path, an API field.", null=False),
    text("revision", "Revision of the artifact at which it stands there."),
    moment("claimed_at", "As-of date of the statement.", null=False),
    ref("model_id", "model", "The model, if it is one.", null=True),
    ref("reuse_repository_id", "reuse_repository", "The repository, if it is one.", null=True),
    shard_ref(),
    unique("artifact_kind", "artifact", "component", "source", "place", "claimed_at"),
    one_of("artifact_kind", _KINDS),
    one_of("component", ("weights", "code", "data")),
    one_of("source", ("tag", "card", "file", "api")),
    comment="One statement about the license of one part of an artifact, by one source, at one date.",
)  # fmt: skip

license_conclusion = Table(
    "license_conclusion", metadata, key(),
    text("artifact_kind", "model, dataset or repository.", null=False),
    text("artifact", "Natural key: owner/name of a model or dataset, host/owner/name of a repository.", null=False),
    text("component", "What of it: weights, code or data.", null=False),
    text("expression", "The license that the newest claims come to: an SPDX expression, LicenseRef or NOASSERTION.", null=False),
    text("source", "The source that decided it.", null=False),
    flag("is_disputed", "Sources name different licenses: see license_claim.", null=False),
    integer("claim_count", "Claims that were weighed, the newest of each source and place.", null=False),
    text("note", "What the spelling leaves open, for instance that the Hub cannot say or-later."),
    ref("model_id", "model", "The model, if it is one.", null=True),
    ref("reuse_repository_id", "reuse_repository", "The repository, if it is one.", null=True),
    unique("artifact_kind", "artifact", "component"),
    one_of("artifact_kind", _KINDS),
    comment="The license of one part of an artifact, concluded from the claims. No row: nobody claims any.",
)  # fmt: skip

license_verdict = Table(
    "license_verdict", metadata, key(),
    text("upstream_expression", "The license upstream; NONE: nobody claims any; UNASKED: no source was collected.", null=False),
    text("downstream_expression", "The license downstream; NONE: nobody claims any; UNASKED: no source was collected.", null=False),
    text("relation", "What is done: relicense, combine, derive, use or train.", null=False),
    text("verdict", "compatible (no lost clause found), conditional, incompatible (a clause is not reflected), unknown.", null=False),
    text("reason_code", "The layer that decided (identity, stewards, text, osadl, clauses), or why it is unknown.", null=False),
    text("reason", "The reason in words. An automated reading of declared licenses, not legal advice.", null=False),
    text("lost_clauses", "Codes of the upstream's clauses that the downstream does not carry, joined by blanks.", null=False),
    text("duties", "Codes of what is still to be kept though nothing is lost, joined by blanks.", null=False),
    text("rule_set", "The rule set that decided.", null=False),
    text("source_url", "The list, matrix or license that says so; empty if nothing is known.", null=False),
    text("source_date", "Date of that source.", null=False),
    unique("upstream_expression", "downstream_expression", "relation"),
    one_of("relation", _RELATIONS),
    one_of("verdict", VERDICTS),
    comment="What the rules say of one pair of licenses in one relation, judged once for all edges that have it.",
)  # fmt: skip

license_opinion = Table(
    "license_opinion", metadata,
    ref("license_verdict_id", "license_verdict", "The pair.", pk=True),
    text("layer", "identity, stewards, text, osadl or clauses, in their order of precedence.", null=False, primary_key=True),
    text("verdict", "What this layer says.", null=False),
    text("reason", "Its reason in words.", null=False),
    text("rule_set", "Its name.", null=False),
    text("source_url", "Where it says so.", null=False),
    text("source_date", "Date of that source.", null=False),
    one_of("verdict", VERDICTS),
    comment="What every layer of rules says of a pair: where they disagree, the first decides and the others stay visible.",
    sqlite_with_rowid=False,
)  # fmt: skip

license_edge = Table(
    "license_edge", metadata, key(),
    text("upstream_kind", "model or dataset.", null=False),
    text("upstream", "What is built upon or used.", null=False),
    text("downstream_kind", "model or repository.", null=False),
    text("downstream", "What builds upon it or uses it.", null=False),
    text("kind", "finetune, adapter, merge, quantized, unknown (derived somehow); trains; or the role of the usage in code.", null=False),
    text("relation", "What is done in terms of licenses: combine, derive, use or train.", null=False),
    text("tier", "A: contains material of the upstream. B: contested. C: refers to it only.", null=False),
    flag("is_inferred", "The kind is not stated: it was read from the name or the number of bases.", null=False),
    ref("license_verdict_id", "license_verdict", "The verdict about the licenses of today."),
    ref("then_verdict_id", "license_verdict", "The verdict about the upstream's license when the downstream was made; NULL: the same, or not known.", null=True),
    ref("upstream_model_id", "model", "The upstream, if it is a model.", null=True),
    ref("downstream_model_id", "model", "The downstream, if it is a model.", null=True),
    ref("reuse_repository_id", "reuse_repository", "The downstream, if it is a repository.", null=True),
    unique("upstream_kind", "upstream", "downstream_kind", "downstream", "kind"),
    one_of("tier", ("A", "B", "C")),
    comment="Every edge of the supply chain with the verdict about its licenses.",
)  # fmt: skip

license_obligation = Table(
    "license_obligation", metadata,
    ref("model_id", "model", "The model that the obligation reaches.", pk=True),
    text("license_id", "The license that asks for it.", null=False, primary_key=True),
    ref("origin_model_id", "model", "The nearest ancestor under that license."),
    integer("depth", "Steps from that ancestor.", null=False),
    text("state", "carried; lost (on the way into this model); lost_earlier (in the chain, so that this edge looks fine); unknown (this model's license).", null=False),
    text("lost_clauses", "Codes of the clauses that are lost, joined by blanks; empty if carried or unknown.", null=False),
    ref("lost_from_model_id", "model", "Upstream end of the edge where they were lost first.", null=True),
    ref("lost_at_model_id", "model", "Downstream end of that edge.", null=True),
    Index(None, "license_id"),
    one_of("state", ("carried", "lost", "lost_earlier", "unknown")),
    comment="What licenses of ancestors ask of a model, along all derivations. An unlicensed model between does not end it.",
    sqlite_with_rowid=False,
)  # fmt: skip

license_fact = Table(
    "license_fact", metadata,
    text("license_id", "SPDX id, or LicenseRef: of ScanCode's LicenseDB where it has the text, else of the Hub.", null=False, primary_key=True),
    text("name", "Its name.", null=False),
    text("family", "public-domain, permissive, weak-, strong- or network-copyleft, content, noncommercial, rail, model, research, source-available, proprietary.", null=False),
    text("kind", "What it is made for: software, content, data, model or any.", null=False),
    text("verified", "How well its facts are known: text (read), secondary (sources about it), family (its kind only).", null=False),
    text("source_url", "Where the facts come from.", null=False),
    comment="A license that the rules know, curated.",
)  # fmt: skip

license_clause = Table(
    "license_clause", metadata,
    text("license_id", "The license.", null=False, primary_key=True),
    text("code", "The clause.", null=False, primary_key=True, index=True),
    text("value", "What it asks exactly: a scope, a threshold, the words to display; empty: nothing more.", null=False),
    text("triggers", "What brings it about, joined by blanks: use, distribute, network, derive, train, output.", null=False),
    text("section", "Where in the text it stands; empty: not noted.", null=False),
    text("verified", "text, secondary or family, as in license_fact.", null=False),
    comment="The clauses of a license.",
    sqlite_with_rowid=False,
)  # fmt: skip

license_clause_code = Table(
    "license_clause_code", metadata,
    text("code", "P: permission, C: condition, L: limitation, with a number.", null=False, primary_key=True),
    text("kind", "permission, condition or limitation.", null=False),
    text("name", "Its name.", null=False),
    text("weight", "hard (its loss is incompatible), soft (conditional), notice (a duty to name), info.", null=False),
    text("words", "What it asks, as a verb phrase.", null=False),
    comment="The 35 kinds of clauses.",
)  # fmt: skip

license_matrix_cell = Table(
    "license_matrix_cell", metadata,
    text("matrix_date", "Date of the matrix.", null=False, primary_key=True),
    text("upstream", "License of the component.", null=False, primary_key=True),
    text("downstream", "License of the whole.", null=False, primary_key=True),
    text("answer", "Yes, No, Unknown, Same or Check dependency.", null=False),
    text("explanation", "OSADL's reason; empty: none given.", null=False),
    comment="A license matrix of OSADL that was imported (CC-BY-4.0, OSADL eG); without one, the packaged matrix is used.",
    sqlite_with_rowid=False,
)  # fmt: skip
