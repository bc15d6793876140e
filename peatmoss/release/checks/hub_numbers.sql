-- model_hub 1 is HuggingFace and 2 is PyTorch, as PeaTMOSS published them.
-- severity: fail
SELECT id, name FROM model_hub WHERE (id = 1 AND name <> 'HuggingFace') OR (id = 2 AND name <> 'PyTorch')
