-- Indexes that only readers need: one for each facet that Datasette offers.
CREATE INDEX release_model_gated ON model (gated);
CREATE INDEX release_model_model_type ON model (model_type);
CREATE INDEX release_model_downloads ON model (downloads);
CREATE INDEX release_model_likes ON model (likes);
CREATE INDEX release_model_to_base_model_relation ON model_to_base_model (relation);
CREATE INDEX release_reuse_repository_primary_language ON reuse_repository (primary_language);
CREATE INDEX release_reuse_repository_license_key ON reuse_repository (license_key);
CREATE INDEX release_reuse_repository_stars ON reuse_repository (stars);
CREATE INDEX release_repository_scan_status ON repository_scan (status);
CREATE INDEX release_usage_role ON usage (role);
CREATE INDEX release_usage_path_class ON usage (path_class);
CREATE INDEX release_card_front_matter_status ON card (front_matter_status);
CREATE INDEX release_snapshot_file_kind ON snapshot_file (kind);
CREATE INDEX release_model_observation_as_of ON model_observation (as_of);
CREATE INDEX release_name_finding_severity ON name_finding (severity);
CREATE INDEX release_architecture_prediction_verdict ON architecture_prediction (verdict);
CREATE INDEX release_look_alike_how ON look_alike (how);
