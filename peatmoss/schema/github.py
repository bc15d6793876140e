"""GitHub: repositories that use or produce models, and what happens in them."""

from sqlalchemy import CheckConstraint, Table

from peatmoss.schema.base import (
    flag,
    integer,
    junction,
    key,
    metadata,
    moment,
    one_of,
    ref,
    shard_ref,
    text,
    unique,
)

_CHANGES = ("added", "modified", "deleted", "renamed")

reuse_repository = Table(
    "reuse_repository", metadata, key(),
    text("host", "Where it is hosted, for instance github.com.", null=False),
    text("owner", "Account it belongs to.", null=False),
    text("name", "Its name.", null=False),
    text("url", "Its page.", null=False),
    integer("github_id", "The host's own number: survives renames."),
    text("description", "What its owner says it is."),
    text("homepage_url", "Home page."),
    text("default_branch", "Default branch."),
    text("primary_language", "Main programming language, as the host computes it."),
    text("license_key", "License as the host recognises it (its key); NULL: none found; other: found, not recognised."),
    integer("stars", "Stars."),
    integer("forks", "Forks."),
    integer("open_issues", "Open issues and pull requests."),
    integer("size_bytes", "Size of the git repository as the host reports it."),
    flag("is_fork", "A fork of another repository."),
    text("fork_parent", "owner/name of the repository it was forked from."),
    flag("is_archived", "Read-only."),
    flag("is_template", "Marked as a template."),
    moment("created_at", "When it was created."),
    moment("updated_at", "When its metadata last changed."),
    moment("pushed_at", "When code was last pushed."),
    moment("gone_at", "As-of date at which it was first seen to be gone; NULL: not known to be gone."),
    text("gone_reason", "HTTP status of the host's answer: 404 not found, 451 blocked for legal reasons, ..."),
    shard_ref(),
    unique("host", "owner", "name"),
    comment="A repository that uses or produces models, in its newest known state.",
)  # fmt: skip

repository_rename = Table(
    "repository_rename", metadata, key(),
    text("host", "The host.", null=False),
    text("old_name", "owner/name it had.", null=False),
    text("new_name", "owner/name the host redirects to.", null=False),
    moment("as_of", "When the redirect was first seen.", null=False),
    shard_ref(),
    unique("host", "old_name"),
    comment="A repository that moved.",
)  # fmt: skip

repository_topic = Table(
    "repository_topic", metadata,
    ref("reuse_repository_id", "reuse_repository", "The repository.", pk=True),
    text("topic", "The topic.", null=False, primary_key=True, index=True),
    comment="Topics that owners gave their repositories.",
    sqlite_with_rowid=False,
)  # fmt: skip

repository_discovery = Table(
    "repository_discovery", metadata, key(),
    ref("reuse_repository_id", "reuse_repository", "The repository.", index=False),
    text("query", "The search that found it, or the list it was taken from.", null=False),
    moment("as_of", "When.", null=False),
    shard_ref(),
    unique("reuse_repository_id", "query", "as_of"),
    comment="How a repository came to be in the database: the sampling frame of every count.",
)  # fmt: skip

repository_ref = Table(
    "repository_ref", metadata, key(),
    ref("reuse_repository_id", "reuse_repository", "The repository.", index=False),
    text("kind", "branch, tag or release.", null=False),
    text("name", "Its name.", null=False),
    text("target_sha", "Commit it points to."),
    text("title", "Title of a release."),
    moment("created_at", "When the tag or release was made."),
    flag("is_prerelease", "The owner marks it as not final."),
    shard_ref(),
    unique("reuse_repository_id", "kind", "name"),
    one_of("kind", ("branch", "tag", "release")),
    comment="Branches, tags and releases of a repository.",
)  # fmt: skip

github_user = Table(
    "github_user", metadata, key(),
    text("login", "Account name.", null=False),
    unique("login"),
    comment="An account on GitHub: the login only, no address and no real name.",
)  # fmt: skip

github_commit = Table(
    "github_commit", metadata, key(),
    ref("reuse_repository_id", "reuse_repository", "The repository.", index=False),
    text("oid", "Git hash.", null=False),
    moment("authored_date", "Author date."),
    moment("committed_date", "Committer date."),
    text("message_headline", "First line of the message."),
    text("message_body", "The rest of the message."),
    flag("is_merge", "Has more than one parent."),
    shard_ref(),
    unique("reuse_repository_id", "oid"),
    comment="A commit of a repository.",
)  # fmt: skip
commit_to_author = junction("commit_to_author", "github_commit", "github_user", "Authors of a commit.")
github_commit_file = Table(
    "github_commit_file", metadata,
    ref("github_commit_id", "github_commit", "The commit.", pk=True),
    text("path", "The file.", null=False, primary_key=True),
    text("change", "added, modified, deleted or renamed."),
    integer("additions", "Lines added."),
    integer("deletions", "Lines deleted."),
    one_of("change", _CHANGES),
    comment="Files that a commit touched.",
)  # fmt: skip

github_milestone = Table(
    "github_milestone", metadata, key(),
    ref("reuse_repository_id", "reuse_repository", "The repository.", index=False),
    integer("number", "Its number within the repository.", null=False),
    text("title", "Title."),
    text("description", "Description."),
    moment("due_on", "Due date."),
    unique("reuse_repository_id", "number"),
    comment="A milestone.",
)  # fmt: skip

github_issue = Table(
    "github_issue", metadata, key(),
    text("url", "Its page.", null=False),
    integer("number", "Its number within the repository.", null=False),
    text("title", "Title."),
    text("body", "Text."),
    text("state", "OPEN or CLOSED.", null=False),
    flag("closed", "Is closed."),
    ref("author_id", "github_user", "Who opened it.", null=True),
    ref("milestone_id", "github_milestone", "Milestone.", null=True),
    moment("created_at", "When it was opened."),
    moment("updated_at", "When it last changed."),
    moment("closed_at", "When it was closed."),
    shard_ref(),
    unique("url"),
    one_of("state", ("OPEN", "CLOSED")),
    comment="An issue.",
)  # fmt: skip

github_pull_request = Table(
    "github_pull_request", metadata, key(),
    text("url", "Its page.", null=False),
    integer("number", "Its number within the repository.", null=False),
    text("title", "Title."),
    text("body", "Text."),
    text("state", "OPEN, CLOSED or MERGED.", null=False),
    flag("closed", "Is closed or merged."),
    ref("author_id", "github_user", "Who opened it.", null=True),
    ref("merged_by_id", "github_user", "Who merged it.", null=True),
    ref("milestone_id", "github_milestone", "Milestone.", null=True),
    text("base_ref_name", "Branch it goes to."),
    text("head_ref_name", "Branch it comes from."),
    text("head_repository", "owner/name it comes from."),
    text("merge_commit_oid", "Commit that merged it."),
    text("review_decision", "APPROVED, CHANGES_REQUESTED or REVIEW_REQUIRED."),
    flag("is_draft", "Is a draft."),
    flag("is_cross_repository", "Comes from another repository."),
    integer("additions", "Lines added."),
    integer("deletions", "Lines deleted."),
    integer("changed_files", "Files changed."),
    moment("created_at", "When it was opened."),
    moment("updated_at", "When it last changed."),
    moment("closed_at", "When it was closed."),
    moment("merged_at", "When it was merged."),
    shard_ref(),
    unique("url"),
    one_of("state", ("OPEN", "CLOSED", "MERGED")),
    comment="A pull request.",
)  # fmt: skip

reuse_repo_to_issue = junction("reuse_repo_to_issue", "reuse_repository", "github_issue", "Issues of a repository.")
reuse_repo_to_pull_request = junction(
    "reuse_repo_to_pull_request", "reuse_repository", "github_pull_request", "Pull requests of a repository."
)
issue_to_assignee = junction("issue_to_assignee", "github_issue", "github_user", "Who an issue is assigned to.")
pull_request_to_assignee = junction(
    "pull_request_to_assignee", "github_pull_request", "github_user", "Who a pull request is assigned to."
)
pull_request_to_review_requests = junction(
    "pull_request_to_review_requests", "github_pull_request", "github_user", "Who was asked to review."
)
pull_request_to_commit = junction(
    "pull_request_to_commit", "github_pull_request", "github_commit", "Commits of a pull request."
)

github_pull_request_file = Table(
    "github_pull_request_file", metadata,
    ref("github_pull_request_id", "github_pull_request", "The pull request.", pk=True),
    text("path", "The file.", null=False, primary_key=True),
    integer("additions", "Lines added."),
    integer("deletions", "Lines deleted."),
    comment="Files that a pull request changes.",
)  # fmt: skip

github_label = Table(
    "github_label", metadata, key(),
    ref("reuse_repository_id", "reuse_repository", "The repository.", index=False),
    text("name", "The label.", null=False),
    text("description", "What it means."),
    text("color", "Its color, six hexadecimal digits."),
    unique("reuse_repository_id", "name"),
    comment="A label of a repository.",
)  # fmt: skip
issue_to_label = junction("issue_to_label", "github_issue", "github_label", "Labels of an issue.")
pull_request_to_label = junction(
    "pull_request_to_label", "github_pull_request", "github_label", "Labels of a pull request."
)

github_comment = Table(
    "github_comment", metadata, key(),
    text("url", "Its address.", null=False),
    ref("issue_id", "github_issue", "The issue it stands under.", null=True),
    ref("pull_request_id", "github_pull_request", "The pull request it stands under.", null=True),
    ref("author_id", "github_user", "Who wrote it.", null=True),
    text("author_association", "OWNER, MEMBER, CONTRIBUTOR, NONE, ..."),
    text("body", "Text."),
    moment("created_at", "When it was written."),
    moment("updated_at", "When it was last edited."),
    flag("is_minimized", "Hidden by a maintainer."),
    shard_ref(),
    unique("url"),
    CheckConstraint("(issue_id IS NULL) <> (pull_request_id IS NULL)", name="one_parent"),
    comment="A comment under an issue or a pull request.",
)  # fmt: skip

github_review = Table(
    "github_review", metadata, key(),
    text("url", "Its address.", null=False),
    ref("pull_request_id", "github_pull_request", "The pull request."),
    ref("author_id", "github_user", "Who reviewed.", null=True),
    text("author_association", "OWNER, MEMBER, CONTRIBUTOR, NONE, ..."),
    text("state", "APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED or PENDING."),
    text("body", "Text."),
    moment("submitted_at", "When."),
    unique("url"),
    comment="A review of a pull request.",
)  # fmt: skip

reuse_repository_to_license = junction(
    "reuse_repository_to_license",
    "reuse_repository",
    "license",
    "License of a repository as the host recognises it.",
)
