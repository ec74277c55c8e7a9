-- Communities whose outcome differs between two checks.
-- In:  before, after (check_run.id)      Out: community_code, community_name (of today), before, after; by code
-- Why: a full join, because communities come and go between two checks; null stands for "not in this run".
SELECT coalesce(b.community_code, a.community_code) AS community_code, area.name AS community_name,
       b.outcome AS before, a.outcome AS after
FROM (SELECT community_code, outcome FROM finding WHERE run_id = %(before)s) AS b
FULL JOIN (SELECT community_code, outcome FROM finding WHERE run_id = %(after)s) AS a USING (community_code)
LEFT JOIN area ON area.code = coalesce(b.community_code, a.community_code) AND area.valid_to IS NULL
WHERE a.outcome IS DISTINCT FROM b.outcome
ORDER BY 1
