-- Which derivatives do not follow a naming rule?
-- Licenses that want the name of a derived model to begin in a certain way (clause C11), checked on its id. Derivatives of models under such a license, also along a chain.
-- An automated reading of declared licenses, not legal advice.
SELECT model, license_id, (SELECT value FROM license_clause AS c WHERE c.license_id = chain.license_id AND c.code = 'C11') AS name_begins_with, origin, depth, own_license, downloads
FROM license_chain AS chain
WHERE license_id IN (SELECT license_id FROM license_clause WHERE code = 'C11' AND value NOT IN ('name', 'reserved', 'title', 'identify'))
  AND substr(model, 1, instr(model, '/')) <> substr(origin, 1, instr(origin, '/'))  -- whose terms they are may name it otherwise
  AND lower(replace(replace(substr(model, instr(model, '/') + 1), '-', ' '), '_', ' ')) NOT LIKE
    (SELECT lower(value) FROM license_clause AS c WHERE c.license_id = chain.license_id AND c.code = 'C11') || '%'
ORDER BY downloads DESC, model LIMIT 500
