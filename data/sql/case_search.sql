-- What a typed word can mean besides a part of a description: places, categories and holders of that name.
-- In:  typed (in small letters), digests (of it as a whole name), part (LIKE pattern, escaped), sample
-- Out: one row: met (of how many of the newest descriptions it is a part), and arrays, empty where it means none
-- Why: these tables are small; what they give are ids, by which cases are found along an index. A worker is found by
--      the whole name or code only: parts would lead from a masked name to the whole one.
SELECT word_is_met(%(part)s, %(sample)s) AS met,
       ARRAY(SELECT id FROM area WHERE level = 'street' AND (name ILIKE %(part)s OR name_en ILIKE %(part)s OR code = %(typed)s)) AS street_ids,
       ARRAY(SELECT id FROM area WHERE level = 'community' AND (name ILIKE %(part)s OR name_en ILIKE %(part)s OR code = %(typed)s))
           AS community_ids,
       ARRAY(SELECT id FROM cell WHERE name ILIKE %(part)s OR code = %(typed)s) AS cell_ids,
       ARRAY(SELECT minor.code FROM category AS named JOIN category AS minor ON named.code IN (minor.code, minor.parent_code)
             WHERE named.name ILIKE %(part)s OR named.name_en ILIKE %(part)s OR lower(named.code) = %(typed)s) AS category_codes,
       ARRAY(SELECT id FROM worker WHERE name_digests[1] = ANY(%(digests)s::bytea[]) OR lower(code) = %(typed)s) AS worker_ids,
       ARRAY(SELECT id FROM agency WHERE name ILIKE %(part)s OR name_en ILIKE %(part)s OR lower(code) = %(typed)s) AS agency_ids
