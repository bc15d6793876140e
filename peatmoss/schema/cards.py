"""What model cards say: answers of language models (core), and the findings of the analysis `cards`."""

from sqlalchemy import Table

from peatmoss.schema.base import flag, integer, key, metadata, number, one_of, ref, shard_ref, text, unique

ANSWER_STATUSES = ("ok", "invalid", "truncated", "refused", "failed")
CARD_STATES = ("empty", "front_matter_only", "template", "generated", "written")

llm_answer = Table(
    "llm_answer", metadata, key(),
    text("answer_key", "Hash of subject, prompt and model: the same question has the same key.", null=False),
    text("prompt", "What was asked: card (its facts) or commit (what it changes).", null=False),
    text("prompt_sha256", "Hash of the instruction and of the shape of the answer.", null=False),
    text("subject", "What was asked about: the name of a model; of a commit: github or huggingface, owner/name@hash.", null=False, index=True),
    text("subject_sha256", "Hash of the text that was asked about, for instance card.sha256.", null=False, index=True),
    text("model", "The language model.", null=False),
    text("status", "ok, or why there is no answer: invalid (wrong shape), truncated, refused, failed (no answer at all).", null=False),
    text("reason", "The status in words; NULL if ok."),
    text("answer", "The answer as JSON; NULL unless ok."),
    integer("tokens_in", "Tokens sent.", null=False),
    integer("tokens_out", "Tokens received.", null=False),
    number("cost", "What it cost, in the currency of the prices that were given; 0 if none were.", null=False),
    shard_ref(),
    unique("answer_key"),
    one_of("status", ANSWER_STATUSES),
    comment="An answer of a language model, as archived. Nothing reads one without checking its evidence.",
)  # fmt: skip

card_extraction = Table(
    "card_extraction", metadata,
    ref("snapshot_id", "snapshot", "The snapshot whose card was read.", pk=True),
    text("extractor", "rules, or llm and the name of the language model.", null=False, primary_key=True),
    text("version", "Version of the rules, or hash of the prompt.", null=False),
    text("status", "ok; cut (only a part was read); or, of a language model: invalid, truncated, refused, failed.", null=False),
    text("reason", "The status in words; NULL if ok."),
    integer("value_count", "Values found.", null=False),
    integer("rejected_count", "Values of a language model that were dropped, because their quote is not in the card.", null=False),
    one_of("status", ("ok", "cut", "invalid", "truncated", "refused", "failed")),
    comment="One reading of one card by one extractor. Failures are statuses here, never values.",
    sqlite_with_rowid=False,
)  # fmt: skip

card_value = Table(
    "card_value", metadata,
    ref("snapshot_id", "snapshot", "The snapshot whose card says so.", pk=True),
    text("extractor", "rules, or llm and the name of the language model.", null=False, primary_key=True),
    integer("position", "Order among the values of this card and extractor.", null=False, primary_key=True),
    text("field", "Which fact: license, dataset, evaluation, hyper_parameter, ... (see the README).", null=False, index=True),
    text("name", "Of a metric or a setting: which."),
    text("value", "The value, normalised; present where a section is the fact.", null=False),
    number("number", "The value as a number, in `unit`."),
    text("unit", "percent, ratio, kg, h, token, parameter, device, ...; NULL: none, or the card leaves it open."),
    text("role", "Of a dataset: train, evaluation; of a repository: upstream, mention; of a paper: cited, mention; of a base model: the relation."),
    text("dataset", "Of an evaluation result: the dataset, as named."),
    text("split", "Of an evaluation result: validation, test or train, if said."),
    text("raw", "The words of the card. In a release NULL for cards that are withheld."),
    text("path", "Place in the front matter, for instance model-index[0].results[0].metrics[0].value; NULL: in the body."),
    integer("char_start", "First character of `raw` in the card (front matter included); NULL: in the front matter."),
    integer("char_end", "Character after the last one."),
    text("method", "How it was found: front_matter, pair (a key: value line), table, link, bibtex, sentence, section, code, report, title, name, llm.", null=False),
    number("confidence", "How sure the method is, from 0 to 1: set by rule, not measured on this card.", null=False),
    flag("is_chosen", "True for the values to use: of the rules if they are sure of the field (0.7 or more), else of the language model.", null=False),
    comment="Facts that model cards state, each with the words and the place that say so.",
    sqlite_with_rowid=False,
)  # fmt: skip

card_documentation = Table(
    "card_documentation", metadata,
    ref("snapshot_id", "snapshot", "The snapshot.", pk=True),
    text("state", "empty; front_matter_only; template (placeholders, nothing said); generated (by a training script, nothing added); written.", null=False),
    number("score", "Share of the rubric's weight that is met, from 0 to 1 (reference/card_rubric.csv).", null=False),
    integer("met_count", "Points of the rubric that are met.", null=False),
    integer("point_count", "Points of the rubric.", null=False),
    text("met", "The points that are met, joined by blanks.", null=False),
    text("missing", "The points that are not.", null=False),
    integer("placeholder_count", "Places that are still to be filled in, such as [More Information Needed].", null=False),
    integer("word_count", "Words of the body, code and front matter left out.", null=False),
    one_of("state", CARD_STATES),
    comment="How well a model is documented, by a stated rubric.",
    sqlite_with_rowid=False,
)  # fmt: skip

model_to_se_activity = Table(
    "model_to_se_activity", metadata,
    ref("model_id", "model", "The model.", pk=True),
    text("activity", "Software-engineering activity: code generation, defect prediction, ...", null=False, primary_key=True),
    text("source", "Where it is said: name, tag, dataset, title or card.", null=False),
    text("evidence", "The words that say so.", null=False),
    text("rule", "Where the rule comes from (reference/se_activities.csv).", null=False),
    number("confidence", "How sure the rule is, from 0 to 1.", null=False),
    one_of("source", ("name", "tag", "dataset", "title", "card")),
    comment="Software-engineering activities that a model is meant for.",
    sqlite_with_rowid=False,
)  # fmt: skip
