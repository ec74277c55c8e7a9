-- What each of some actors is called, by a part of its name or code, in the order given.
-- In:  actors, part (pattern)      Out: actor, kind, code, name, level (null where there is no unit)
SELECT wanted.actor, wanted.kind, found.code, found.name, unit.level
FROM (SELECT actor, place, split_part(actor, ':', 1) AS kind, split_part(actor, ':', 2) AS key
      FROM unnest(%(actors)s::text[]) WITH ORDINALITY AS given (actor, place)) AS wanted
CROSS JOIN LATERAL (
    SELECT worker.code, worker.name, community_code AS unit FROM worker WHERE wanted.kind = 'worker' AND worker.id = wanted.key::bigint
    UNION ALL
    SELECT agency.code, agency.name, area_code FROM agency WHERE wanted.kind = 'agency' AND agency.id = wanted.key::bigint
    UNION ALL
    SELECT facility.code, facility.name, NULL FROM facility WHERE wanted.kind = 'station' AND facility.id = wanted.key::bigint
    UNION ALL
    SELECT unit.code, area.name, unit.code FROM unit LEFT JOIN area ON area.code = unit.code AND area.valid_to IS NULL
    WHERE wanted.kind IN ('desk', 'planner') AND unit.code = wanted.key
    UNION ALL
    SELECT account.name, account.name, NULL FROM account WHERE wanted.kind = 'admin' AND account.id = wanted.key::bigint
) AS found
LEFT JOIN unit ON unit.code = found.unit
WHERE found.code LIKE %(part)s OR coalesce(found.name, '') LIKE %(part)s
ORDER BY wanted.place
