CREATE VIEW card_fact AS
-- The facts to use of each model's newest card: values that are chosen (see card_value.is_chosen), with their evidence.
--   model_id: Key of the model.
--   model: The model.
--   field: Which fact.
--   name: Of a metric or a setting: which.
--   value: The value, normalised.
--   number: The value as a number, in `unit`.
--   unit: Its unit; NULL: none, or left open.
--   role: Of a dataset, repository, paper or base model: what it is to the model.
--   dataset: Of an evaluation result: the dataset.
--   extractor: rules, or llm and the name of the language model.
--   method: How it was found.
--   confidence: How sure the method is.
--   raw: The words of the card; NULL where the card is withheld.
--   place: Path in the front matter, or characters of the card.
--   as_of: As of when this revision was first seen.
SELECT snapshot.model_id, model.context_id AS model, card_value.field, card_value.name, card_value.value, card_value.number, card_value.unit, card_value.role,
  card_value.dataset, card_value.extractor, card_value.method, card_value.confidence, card_value.raw,
  COALESCE(card_value.path, card_value.char_start || '-' || card_value.char_end) AS place, snapshot.as_of
FROM card_value
JOIN snapshot ON snapshot.id = card_value.snapshot_id
JOIN model ON model.id = snapshot.model_id
WHERE card_value.is_chosen AND NOT EXISTS (
  SELECT 1 FROM snapshot AS later JOIN card_extraction ON card_extraction.snapshot_id = later.id
  WHERE later.model_id = snapshot.model_id AND (later.as_of > snapshot.as_of OR (later.as_of = snapshot.as_of AND later.id > snapshot.id)));

CREATE VIEW card_presence AS
-- In how many cards a field is present, beside the share that PeaTMOSS (2024) published for its language model.
--   field: Which fact.
--   card_count: Cards (newest of each model) in which it is found.
--   denominator: Cards that were read.
--   share: The one of the other, in percent.
--   peatmoss_share: PeaTMOSS's share in percent; NULL: not published.
--   peatmoss_denominator: Cards that PeaTMOSS could use.
WITH published (field, share) AS (VALUES
  ('library', 98.85), ('domain', 98.74), ('task', 98.73), ('license', 78.01), ('dataset', 74.41), ('base_model', 73.48), ('demo', 70.56),
  ('github_repository', 58.69), ('evaluation', 58.6), ('language', 52.77), ('paper', 48.03), ('hyper_parameter', 33.24), ('parameter_count', 30.11),
  ('hardware', 29.39), ('input_format', 22.67), ('limitation', 18.16), ('output_format', 18.1), ('grant', 7.81), ('carbon_emitted', 4.8)),
found AS (SELECT field, COUNT(DISTINCT model_id) AS card_count FROM card_fact GROUP BY field),
every AS (SELECT COUNT(DISTINCT snapshot.model_id) AS denominator FROM card_extraction JOIN snapshot ON snapshot.id = card_extraction.snapshot_id)
SELECT found.field, found.card_count, every.denominator, ROUND(100.0 * found.card_count / every.denominator, 2) AS share,
  published.share AS peatmoss_share, CASE WHEN published.share IS NOT NULL THEN 11693 END AS peatmoss_denominator
FROM found CROSS JOIN every LEFT JOIN published ON published.field = found.field;

CREATE VIEW card_agreement AS
-- Rules and language models side by side: one row per card, field and name on which both were asked.
--   model: The model.
--   snapshot_id: Key of the snapshot.
--   field: Which fact.
--   name: Of a metric or a setting: which; empty: none.
--   by_rules: Values of the rules, joined by commas; NULL: none.
--   by_llm: Values of the language model, joined by commas; NULL: none.
--   extractor: The language model.
--   verdict: same, rules only, llm only, or different.
WITH pair AS (SELECT DISTINCT snapshot_id, extractor FROM card_extraction WHERE extractor <> 'rules' AND status = 'ok'),
side AS (
  SELECT snapshot_id, extractor, field, COALESCE(name, '') AS name, group_concat(value, ', ') AS texts
  FROM (SELECT DISTINCT snapshot_id, extractor, field, name, value FROM card_value ORDER BY snapshot_id, extractor, field, name, lower(value))
  GROUP BY snapshot_id, extractor, field, COALESCE(name, '')),
fact AS (
  SELECT pair.snapshot_id, pair.extractor, side.field, side.name FROM pair JOIN side ON side.snapshot_id = pair.snapshot_id AND side.extractor IN ('rules', pair.extractor)
  GROUP BY pair.snapshot_id, pair.extractor, side.field, side.name)
SELECT model.context_id AS model, fact.snapshot_id, fact.field, fact.name, a.texts AS by_rules, b.texts AS by_llm, fact.extractor,
  CASE WHEN a.texts IS NULL THEN 'llm only' WHEN b.texts IS NULL THEN 'rules only' WHEN lower(a.texts) = lower(b.texts) THEN 'same' ELSE 'different' END AS verdict
FROM fact
JOIN snapshot ON snapshot.id = fact.snapshot_id
JOIN model ON model.id = snapshot.model_id
LEFT JOIN side AS a ON a.snapshot_id = fact.snapshot_id AND a.extractor = 'rules' AND a.field = fact.field AND a.name = fact.name
LEFT JOIN side AS b ON b.snapshot_id = fact.snapshot_id AND b.extractor = fact.extractor AND b.field = fact.field AND b.name = fact.name;

CREATE VIEW claimed_and_actual AS
-- What a card claims against what is known from elsewhere: license, base model, size, and results that are claimed twice.
--   model_id: Key of the model.
--   model: The model.
--   subject: license, base_model, parameter_count or evaluation.
--   name: Of an evaluation result: the metric and the dataset.
--   claimed: What the card's text says.
--   place: Where it says so.
--   actual: What the other source says.
--   actual_source: The other source: front matter, hub tag, license file, config.json, tensor headers, model-index or evaluation results (of the hub).
--   verdict: agrees or differs. A license differs if no name is shared, a size by more than a tenth, a result by more than a thousandth of it.
WITH text_license AS (
  SELECT model_id, model, group_concat(value, ', ') AS texts, MIN(place) AS place FROM (SELECT DISTINCT model_id, model, value, place FROM card_fact
  WHERE field = 'license' AND method <> 'front_matter' ORDER BY value) GROUP BY model_id, model),
declared_license AS (
  SELECT model_id, group_concat(value, ', ') AS texts FROM (SELECT DISTINCT model_id, value FROM card_fact WHERE field = 'license' AND method = 'front_matter' ORDER BY value) GROUP BY model_id)
SELECT t.model_id, t.model, 'license' AS subject, NULL AS name, t.texts AS claimed, t.place, d.texts AS actual, 'front matter' AS actual_source,
  CASE WHEN EXISTS (SELECT 1 FROM card_fact a JOIN card_fact b ON b.model_id = a.model_id AND b.field = 'license' AND b.method = 'front_matter' AND lower(b.value) = lower(a.value)
    WHERE a.model_id = t.model_id AND a.field = 'license' AND a.method <> 'front_matter') THEN 'agrees' ELSE 'differs' END AS verdict
FROM text_license AS t JOIN declared_license AS d ON d.model_id = t.model_id
UNION ALL
SELECT f.model_id, f.model, 'license', NULL, f.value, f.place,
  (SELECT group_concat(name, ', ') FROM (SELECT license.name FROM model_to_license JOIN license ON license.id = model_to_license.license_id WHERE model_to_license.model_id = f.model_id ORDER BY license.name)),
  'hub tag', CASE WHEN EXISTS (SELECT 1 FROM model_to_license JOIN license ON license.id = model_to_license.license_id WHERE model_to_license.model_id = f.model_id AND (lower(license.name) = lower(f.value) OR (license.name = 'other' AND f.place = 'license_name'))) THEN 'agrees' ELSE 'differs' END
FROM card_fact AS f WHERE f.field = 'license' AND EXISTS (SELECT 1 FROM model_to_license WHERE model_id = f.model_id)
UNION ALL
SELECT DISTINCT card.model_id, model.context_id, 'license', NULL, card.raw, card.place, file.expression, 'license file',
  CASE WHEN card.expression = file.expression THEN 'agrees' ELSE 'differs' END
FROM license_claim AS card
JOIN license_claim AS file ON file.model_id = card.model_id AND file.source = 'file' AND file.expression <> 'NOASSERTION'
JOIN model ON model.id = card.model_id
WHERE card.source = 'card' AND card.expression <> 'NOASSERTION'
  AND NOT EXISTS (SELECT 1 FROM license_claim AS later WHERE later.model_id = card.model_id AND later.source = 'card' AND later.place = card.place AND later.claimed_at > card.claimed_at)
  AND NOT EXISTS (SELECT 1 FROM license_claim AS later WHERE later.model_id = file.model_id AND later.source = 'file' AND later.place = file.place AND later.claimed_at > file.claimed_at)
UNION ALL
SELECT f.model_id, f.model, 'base_model', NULL, f.value, f.place, json_extract(config_file.content, '$._name_or_path'), 'config.json',
  CASE WHEN lower(json_extract(config_file.content, '$._name_or_path')) = lower(f.value)
    OR lower(json_extract(config_file.content, '$._name_or_path')) LIKE '%/' || lower(f.value) OR lower(f.value) LIKE '%/' || lower(json_extract(config_file.content, '$._name_or_path')) THEN 'agrees' ELSE 'differs' END
FROM card_fact AS f
JOIN snapshot ON snapshot.model_id = f.model_id
JOIN config_file ON config_file.snapshot_id = snapshot.id AND config_file.path = 'config.json' AND config_file.status = 'ok'
WHERE f.field = 'base_model' AND json_valid(config_file.content) AND json_extract(config_file.content, '$._name_or_path') LIKE '%/%' AND json_extract(config_file.content, '$._name_or_path') NOT LIKE '%/%/%'
  AND json_extract(config_file.content, '$._name_or_path') NOT LIKE './%' AND json_extract(config_file.content, '$._name_or_path') NOT LIKE '/%'
UNION ALL
SELECT f.model_id, f.model, 'parameter_count', NULL, CAST(CAST(f.number AS INTEGER) AS TEXT), f.place, CAST(model.parameter_count AS TEXT), 'tensor headers',
  CASE WHEN abs(f.number - model.parameter_count) <= 0.1 * model.parameter_count THEN 'agrees' ELSE 'differs' END
FROM card_fact AS f JOIN model ON model.id = f.model_id
WHERE f.field = 'parameter_count' AND f.number IS NOT NULL AND model.parameter_count > 0
UNION ALL
SELECT t.model_id, t.model, 'evaluation', i.name || COALESCE(' on ' || i.dataset, ''), t.value || COALESCE(' ' || t.unit, ''), t.place, i.value || COALESCE(' ' || i.unit, ''), 'model-index',
  CASE WHEN abs(t.number * CASE t.unit WHEN 'percent' THEN 0.01 ELSE 1 END - i.number * CASE i.unit WHEN 'percent' THEN 0.01 ELSE 1 END)
    <= 0.001 * abs(i.number * CASE i.unit WHEN 'percent' THEN 0.01 ELSE 1 END) THEN 'agrees' ELSE 'differs' END
FROM card_fact AS t JOIN card_fact AS i ON i.model_id = t.model_id AND i.field = 'evaluation' AND i.method = 'front_matter'
  AND lower(i.name) = lower(t.name) AND (t.dataset IS NULL OR lower(t.dataset) = lower(i.dataset))
WHERE t.field = 'evaluation' AND t.method <> 'front_matter'
UNION ALL
SELECT t.model_id, t.model, 'evaluation', t.name || COALESCE(' on ' || t.dataset, ''), t.value || COALESCE(' ' || t.unit, ''), t.place, hub.value_text, 'evaluation results',
  CASE WHEN abs(t.number - hub.value) <= 0.001 * abs(hub.value) OR (t.unit = 'percent' AND abs(t.number * 0.01 - hub.value) <= 0.001 * abs(hub.value))
    THEN 'agrees' ELSE 'differs' END
FROM card_fact AS t JOIN evaluation_result AS hub ON hub.model_id = t.model_id AND hub.declared_in = 'eval_results' AND hub.value IS NOT NULL
  AND (lower(t.dataset) = lower(hub.dataset_id) OR lower(t.dataset) = lower(hub.dataset_name) OR lower(t.dataset) = lower(hub.task))
  AND (hub.metric IS NULL OR lower(hub.metric) = lower(t.name))
WHERE t.field = 'evaluation' AND t.number IS NOT NULL;

CREATE VIEW documentation_by_year AS
-- How well models are documented, by the year in which the model was last changed (of its newest card).
--   year: Year of the last change; NULL: not known.
--   model_count: Models whose card was judged.
--   score: Mean share of the rubric that is met, from 0 to 1.
--   written_count: Cards that somebody wrote.
--   generated_count: Cards by a training script, with nothing added.
--   template_count: Templates that were not filled in.
--   front_matter_only_count: Cards without a text.
--   empty_count: Empty cards.
SELECT CAST(substr(model.last_modified_at, 1, 4) AS INTEGER) AS year, COUNT(*) AS model_count, ROUND(AVG(d.score), 3) AS score,
  SUM(d.state = 'written') AS written_count, SUM(d.state = 'generated') AS generated_count, SUM(d.state = 'template') AS template_count,
  SUM(d.state = 'front_matter_only') AS front_matter_only_count, SUM(d.state = 'empty') AS empty_count
FROM card_documentation AS d
JOIN snapshot ON snapshot.id = d.snapshot_id
JOIN model ON model.id = snapshot.model_id
WHERE NOT EXISTS (SELECT 1 FROM snapshot AS later JOIN card_documentation ON card_documentation.snapshot_id = later.id
  WHERE later.model_id = snapshot.model_id AND (later.as_of > snapshot.as_of OR (later.as_of = snapshot.as_of AND later.id > snapshot.id)))
GROUP BY CAST(substr(model.last_modified_at, 1, 4) AS INTEGER);
