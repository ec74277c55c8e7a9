-- The figures of a run in one dimension, by key, each key with its name of today.
-- In:  %(run)s, %(dimension)s, %(key)s (null: all), %(after)s (a key), %(limit)s      Out: key, name, name_en, figures
SELECT key, coalesce(area.name, cell.name, agency.name, category.name) AS name,
    coalesce(area.name_en, agency.name_en, category.name_en) AS name_en, figures
FROM score
LEFT JOIN LATERAL (
    SELECT name, name_en FROM area WHERE code = key AND dimension IN ('district', 'street', 'community')
    ORDER BY valid_from DESC LIMIT 1
) AS area ON true
LEFT JOIN LATERAL (SELECT name FROM cell WHERE code = key AND dimension = 'cell' ORDER BY valid_from DESC LIMIT 1) AS cell ON true
LEFT JOIN agency ON agency.code = key AND dimension = 'department'
LEFT JOIN category ON category.code = key AND dimension = 'category'
WHERE run_id = %(run)s AND dimension = %(dimension)s AND (%(key)s::text IS NULL OR key = %(key)s::text) AND key > %(after)s
ORDER BY key
LIMIT %(limit)s
