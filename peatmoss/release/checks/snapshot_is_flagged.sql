-- model.has_snapshot is true exactly if a card, configuration or tensor header of the model is here (run `peatmoss link`).
-- severity: fail
SELECT context_id, has_snapshot FROM model
WHERE has_snapshot <> (EXISTS (
  SELECT 1 FROM snapshot WHERE snapshot.model_id = model.id AND (
    EXISTS (SELECT 1 FROM card WHERE card.snapshot_id = snapshot.id)
    OR EXISTS (SELECT 1 FROM config_file WHERE config_file.snapshot_id = snapshot.id)
    OR EXISTS (SELECT 1 FROM tensor_summary WHERE tensor_summary.snapshot_id = snapshot.id))))
