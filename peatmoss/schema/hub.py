"""Model hubs: models, what they declare, their snapshots, their history."""

from sqlalchemy import Index, Table

from peatmoss.schema.base import (
    RELATIONS,
    RESOLUTIONS,
    flag,
    integer,
    junction,
    key,
    lookup,
    metadata,
    moment,
    number,
    one_of,
    ref,
    shard_ref,
    text,
    unique,
)

model_hub = lookup(
    "model_hub",
    "A place that publishes models. 1 is HuggingFace, 2 is PyTorch.",
    text("url", "Its address.", null=False),
)

model = Table(
    "model", metadata, key(),
    text("context_id", "The model's name on its hub, for instance google-bert/bert-base-uncased.", null=False),
    ref("model_hub_id", "model_hub", "The hub.", index=False),
    text("sha", "Current revision (git commit) on the hub."),
    text("repo_url", "Page of the model.", null=False),
    integer("downloads", "Downloads in the 30 days before the as-of date, as the hub counts them (not users)."),
    integer("downloads_all_time", "Downloads since creation, as the hub counts them."),
    integer("likes", "Likes."),
    text("model_type", "Architecture family declared in the configuration, for instance bert."),
    text("gated", "Access needs acceptance: no, auto (granted at once), manual (granted by the owner)."),
    flag("is_private", "Visible to its owner only."),
    flag("is_disabled", "Disabled by the hub."),
    moment("created_at", "When the repository was created on the hub."),
    flag("is_created_at_floor", "True if created_at is the hub's floor (2022-03-02): created then or earlier."),
    moment("last_modified_at", "Last change of the repository."),
    integer("parameter_count", "Parameters, from the tensor headers as the hub reports them."),
    integer("context_length", "Context length in tokens, from the GGUF header as the hub reports it."),
    integer("storage_bytes", "Storage used by the repository, all revisions."),
    flag("has_snapshot", "A card, configuration or tensor summary of this model is in the database.", null=False),
    moment("gone_at", "As-of date at which the model was first seen to be gone; NULL: not known to be gone."),
    text("gone_reason", "absent (from a complete listing), renamed, or the HTTP status of the hub's answer."),
    shard_ref(),
    flag("needs_remote_code", "Loading it runs code from its repository, as the hub says (tag custom_code, or auto_map in the configuration)."),
    flag("is_pickle_only", "It has weight files, by the hub's file list, and all of them are in pickle formats, which can run code when loaded; NULL: no weight files or no list."),
    text("scan_status", "The hub's security scans, if they were asked for: clean, issues (see model_scan_issue), or pending."),
    unique("model_hub_id", "context_id"),
    one_of("gated", ("no", "auto", "manual")),
    comment="A pre-trained model on a hub, in its newest known state.",
)  # fmt: skip

model_observation = Table(
    "model_observation", metadata,
    ref("model_id", "model", "The model.", pk=True),
    moment("as_of", "As-of date of the listing that said so.", null=False, primary_key=True),
    integer("downloads", "Downloads in the 30 days before; NULL: not said."),
    integer("downloads_all_time", "Downloads since creation; NULL: not said."),
    integer("likes", "Likes; NULL: not said."),
    text("sha", "Revision; NULL: not said."),
    text("license", "License tags, joined by blanks; empty: none declared; NULL: not said."),
    shard_ref(),
    comment="What changes over time: one row per model and as-of date at which something differed from the row before.",
    sqlite_with_rowid=False,
)  # fmt: skip

model_rename = Table(
    "model_rename", metadata, key(),
    ref("model_hub_id", "model_hub", "The hub.", index=False),
    text("old_name", "The name it had.", null=False),
    text("new_name", "The name the hub redirects to.", null=False),
    moment("as_of", "When the redirect was first seen.", null=False),
    shard_ref(),
    unique("model_hub_id", "old_name"),
    comment="A model that moved: its old name still works on the hub, and stands in old code.",
)  # fmt: skip

author = lookup("author", "An account on a hub: a user or an organisation.")
tag = lookup(
    "tag",
    "A tag as the hub shows it. Tags that are facts (license:, dataset:, arxiv:, doi:, base_model:) are rows of their own tables instead.",
)
domain = lookup("domain", "A field of machine learning that groups tasks.")
model_task = lookup(
    "model_task",
    "A task as the hub names it (pipeline tag).",
    ref("domain_id", "domain", "The domain; NULL: not classified.", null=True),
)
library = lookup("library", "A software library that loads models, as the hub names it.")
framework = lookup("framework", "A weight format or framework: pytorch, safetensors, gguf, onnx, ...")
language = Table(
    "language", metadata, key(),
    text("abbreviation", "ISO 639 code, or multilingual, or code.", null=False),
    text("name", "English name.", null=False),
    unique("abbreviation"), unique("name"),
    comment="A natural language.",
)  # fmt: skip
license = lookup("license", "A license as it was declared, untouched.")
paper = lookup(
    "paper", "A paper: arxiv:<id> or doi:<doi>.", text("title", "Title, if known."), text("url", "Its page.")
)
architecture = lookup("architecture", "A model class declared in a configuration, for instance BertForMaskedLM.")
dataset = lookup(
    "dataset",
    "A dataset as models name it.",
    text("url", "Its page on the hub; NULL if the name is no hub id."),
    text("sha", "Current revision on the hub."),
    integer("downloads", "Downloads in the 30 days before the as-of date."),
    integer("downloads_all_time", "Downloads since creation."),
    integer("likes", "Likes."),
    text("gated", "Access needs acceptance: no, auto, manual."),
    flag("is_disabled", "Disabled by the hub."),
    moment("created_at", "When the repository was created on the hub."),
    moment("last_modified_at", "Last change of the repository."),
    integer("storage_bytes", "Storage used by the repository, all revisions."),
    text("renamed_to", "The name the hub redirects to."),
    moment("gone_at", "As-of date at which it was first seen to be gone; NULL: not known to be gone."),
    text("gone_reason", "renamed, or the HTTP status of the hub's answer."),
    ref("shard_id", "shard", "The archive shard that last described it; NULL: only named by models.", null=True),
)
dataset_to_license = junction("dataset_to_license", "dataset", "license", "Licenses a dataset declares, by tag.")

_SAID = "Where it is stated"
model_to_author = junction("model_to_author", "model", "author", "Who publishes the model: the namespace it lies in.")
model_to_tag = junction("model_to_tag", "model", "tag", "Tags of a model.")
model_to_model_task = junction("model_to_model_task", "model", "model_task", "The task of a model (its pipeline tag).")
model_to_library = junction(
    "model_to_library", "model", "library", "Libraries that load the model.",
    text("source", f"{_SAID}: library_name (the hub's own field) or tag.", null=False),
    one_of("source", ("library_name", "tag")),
)  # fmt: skip
model_to_framework = junction("model_to_framework", "model", "framework", "Weight formats and frameworks, by tag.")
model_to_language = junction("model_to_language", "model", "language", "Languages of a model, by tag.")
model_to_license = junction("model_to_license", "model", "license", "Licenses a model declares, by tag.")
model_to_paper = junction("model_to_paper", "model", "paper", "Papers a model names, by tag.")
model_to_architecture = junction(
    "model_to_architecture", "model", "architecture", "Model classes declared in the configuration."
)
model_to_dataset = junction(
    "model_to_dataset",
    "model",
    "dataset",
    "Datasets a model says it was trained on, by tag: the first edge of the supply chain.",
)

parameter_count = Table(
    "parameter_count", metadata,
    ref("model_id", "model", "The model.", pk=True),
    text("dtype", "Number format of the tensors, for instance BF16.", null=False, primary_key=True),
    integer("count", "Parameters stored in that format.", null=False),
    comment="Parameters by number format, from the tensor headers as the hub reports them.",
    sqlite_with_rowid=False,
)  # fmt: skip

model_scan_issue = Table(
    "model_scan_issue", metadata,
    ref("model_id", "model", "The model.", pk=True),
    text("path", "The file.", null=False, primary_key=True),
    text("level", "How bad, in the hub's own word, for instance unsafe or suspicious.", null=False),
    comment="Files in which the hub's security scans found something.",
    sqlite_with_rowid=False,
)  # fmt: skip

evaluation_result = Table(
    "evaluation_result", metadata,
    ref("model_id", "model", "The model.", pk=True),
    text("declared_in", "Where the hub has it from: model_index (the card) or eval_results (files of their own).", null=False, primary_key=True),
    integer("position", "Its place among those of the model, from 1.", null=False, primary_key=True),
    text("task", "The task, or the task id within the benchmark."),
    text("dataset_name", "The dataset as named."),
    text("dataset_id", "Its id on the hub, as stated (dataset type or id)."),
    text("dataset_config", "Its configuration."),
    text("dataset_split", "Its split."),
    text("dataset_revision", "Its revision."),
    text("metric", "The metric; NULL: eval_results name none."),
    text("value_text", "The value as stated, cut to 200 characters."),
    number("value", "The value as a number, if it is one."),
    flag("is_verified", "The hub shows it as verified, or a token to verify it is there.", null=False),
    text("evaluated_on", "When, as stated."),
    text("source_name", "Who or what says so, as stated."),
    text("source_url", "Where it is said."),
    text("notes", "Notes, as stated."),
    one_of("declared_in", ("model_index", "eval_results")),
    comment="Results of evaluations as the hub serves them with the model: claims, not measurements of ours.",
    sqlite_with_rowid=False,
)  # fmt: skip

model_to_base_model = Table(
    "model_to_base_model", metadata,
    ref("model_id", "model", "The derived model.", pk=True),
    text("base_model_name", "The base model as it was named.", null=False, primary_key=True),
    text("relation", "How it was derived; unknown if only the base is named.", null=False, primary_key=True),
    text("declared_in", "Strongest place that states it: base_models (the hub's own field), tag, or card_data.", null=False),
    ref("base_model_id", "model", "The base model in this database; NULL: not resolved.", null=True),
    text("resolution", "The rule that resolved the name: exact, rename, namespace, or case (differs in case only: check it)."),
    shard_ref(),
    one_of("relation", RELATIONS),
    one_of("declared_in", ("base_models", "tag", "card_data")),
    one_of("resolution", RESOLUTIONS),
    comment="Derivation edges model -> base model. A relation-less mention of a base counts only if no relation is stated.",
    sqlite_with_rowid=False,
)  # fmt: skip

snapshot = Table(
    "snapshot", metadata, key(),
    ref("model_id", "model", "The model.", index=False),
    text("revision", "Git commit of the snapshot.", null=False),
    moment("as_of", "When this revision was first seen.", null=False),
    shard_ref(),
    text("skipped", "Why its files were not all listed: gated, or more than a limit; NULL: nothing is known to be missing."),
    unique("model_id", "revision"),
    comment="One model at one revision.",
)  # fmt: skip

snapshot_file = Table(
    "snapshot_file", metadata,
    ref("snapshot_id", "snapshot", "The snapshot.", pk=True),
    text("path", "Path in the repository.", null=False, primary_key=True),
    integer("size_bytes", "Size; NULL: the listing gave names only."),
    text("git_sha", "Git blob hash."),
    text("lfs_sha256", "Content hash of a large file."),
    text("kind", "What the file is, by its name: weights, config, tokenizer, card, license, code, data, other.", null=False),
    text("skipped", "Why its content or header was not read: a pickle (never opened), too large, gated, damaged; NULL: it was, or there was no need."),
    one_of("kind", ("weights", "config", "tokenizer", "card", "license", "code", "data", "other")),
    comment="The files of a snapshot.",
    sqlite_with_rowid=False,
)  # fmt: skip

card = Table(
    "card", metadata,
    ref("snapshot_id", "snapshot", "The snapshot.", pk=True),
    text("front_matter", "The YAML block at the head of the card, as JSON; NULL unless status is ok."),
    text("front_matter_status", "ok, none, or why it could not be read: broken, not_a_mapping, too_large, too_deep.", null=False),
    text("body", "The card's text below the front matter. A release holds an excerpt only: cards belong to their authors.", null=False),
    text("sha256", "Hash of the whole card.", null=False),
    integer("size_bytes", "Size of the whole card in UTF-8.", null=False),
    integer("body_start", "Character of the whole card at which the body begins; NULL: loaded by a version that did not say."),
    one_of("front_matter_status", ("ok", "none", "broken", "not_a_mapping", "too_large", "too_deep")),
    comment="The model card (README.md) of a snapshot.",
)  # fmt: skip

config_file = Table(
    "config_file", metadata,
    ref("snapshot_id", "snapshot", "The snapshot.", pk=True),
    text("path", "Path in the repository, for instance config.json.", null=False, primary_key=True),
    text("content", "The configuration as JSON; NULL if it could not be read."),
    text("status", "ok, broken or too_large.", null=False),
    one_of("status", ("ok", "broken", "too_large")),
    comment="Configuration files of a snapshot.",
)  # fmt: skip

tensor_summary = Table(
    "tensor_summary", metadata,
    ref("snapshot_id", "snapshot", "The snapshot.", pk=True),
    text("path", "Weight file.", null=False, primary_key=True),
    text("dtype", "Number format.", null=False, primary_key=True),
    text("format", "safetensors or gguf.", null=False),
    integer("tensor_count", "Tensors of that format in the file.", null=False),
    integer("parameter_count", "Parameters in them.", null=False),
    comment="What the header of a weight file says, by number format. Weights are never read.",
)  # fmt: skip

tensor_header = Table(
    "tensor_header", metadata,
    ref("snapshot_id", "snapshot", "The snapshot.", pk=True),
    text("path", "Weight file.", null=False, primary_key=True),
    text("format", "safetensors or gguf.", null=False),
    integer("tensor_count", "Tensors in the file.", null=False),
    integer("parameter_count", "Elements of all tensors, as stored.", null=False),
    integer("header_bytes", "Size of the header.", null=False),
    text("metadata", "What the header says besides the tensors, as JSON; of long texts and lists only their length."),
    text("tensors", "JSON list of [name, number format, shape]; where a name holds * for numbers, further items say which (0-11,14), in every combination. NULL: longer than 1 MB."),
    one_of("format", ("safetensors", "gguf")),
    comment="Names, number formats and shapes of the tensors of a weight file, from its header. Weights are never read.",
)  # fmt: skip

license_text = Table(
    "license_text", metadata,
    ref("snapshot_id", "snapshot", "The snapshot.", pk=True),
    text("path", "Path in the repository, for instance LICENSE.", null=False, primary_key=True),
    text("content", "The text.", null=False),
    text("sha256", "Hash of the text in UTF-8: the same text in many repositories has the same.", null=False),
    integer("size_bytes", "Size of the text in UTF-8.", null=False),
    Index(None, "sha256"),
    comment="Texts of the license and notice files of a snapshot.",
)  # fmt: skip

hf_commit = Table(
    "hf_commit", metadata, key(),
    text("commit_id", "Git hash.", null=False),
    moment("created_at", "Date of the commit."),
    text("title", "First line of the message."),
    text("message", "The rest of the message."),
    ref("model_id", "model", "The model.", index=False),
    shard_ref(),
    unique("model_id", "commit_id"),
    comment="A commit in a model's repository on the hub.",
)  # fmt: skip
hf_commit_to_author = junction("hf_commit_to_author", "hf_commit", "author", "Authors of a hub commit.")
hf_commit_file = Table(
    "hf_commit_file", metadata,
    ref("hf_commit_id", "hf_commit", "The commit.", pk=True),
    text("path", "The file.", null=False, primary_key=True),
    text("change", "added, modified, deleted or renamed."),
    one_of("change", ("added", "modified", "deleted", "renamed")),
    comment="Files that a hub commit touched.",
)  # fmt: skip

hf_git_ref = Table(
    "hf_git_ref", metadata, key(),
    ref("model_id", "model", "The model.", index=False),
    text("kind", "branch, tag, convert or pull_request.", null=False),
    text("name", "Short name.", null=False),
    text("ref", "Full name, for instance refs/heads/main.", null=False),
    text("target_commit", "Git hash it points to."),
    shard_ref(),
    unique("model_id", "ref"),
    one_of("kind", ("branch", "tag", "convert", "pull_request")),
    comment="Branches and tags of a model's repository on the hub.",
)  # fmt: skip

discussion = Table(
    "discussion", metadata, key(),
    ref("model_id", "model", "The model.", index=False),
    integer("num", "Its number within the model.", null=False),
    text("title", "Title."),
    text("status", "draft, open, closed or merged."),
    flag("is_pull_request", "A pull request rather than a plain discussion."),
    moment("created_at", "When it was opened."),
    text("target_branch", "Branch a pull request goes to."),
    text("merge_commit_oid", "Commit that merged it."),
    text("diff", "The change proposed, if collected."),
    ref("author_id", "author", "Who opened it.", null=True),
    shard_ref(),
    unique("model_id", "num"),
    comment="A discussion or pull request on a model's page.",
)  # fmt: skip

discussion_event = Table(
    "discussion_event", metadata, key(),
    ref("discussion_id", "discussion", "The discussion.", index=False),
    text("event_id", "The hub's id of the event.", null=False),
    text("type", "comment, status-change, commit, title-change, ...", null=False),
    moment("created_at", "When."),
    ref("author_id", "author", "Who.", null=True),
    text("content", "Text of a comment."),
    flag("edited", "The comment was edited."),
    flag("hidden", "The comment was hidden."),
    text("new_status", "Status it changed to."),
    text("summary", "Summary of a commit."),
    text("oid", "Hash of a commit."),
    text("old_title", "Title before."),
    text("new_title", "Title after."),
    unique("discussion_id", "event_id"),
    comment="What happened in a discussion, in order.",
)  # fmt: skip
