-- Every grant of an account, past and to come too, the newest first.
-- In:  account_id
-- Out: id, office, actor, cells, valid_from, valid_to, granted_by, granted_at, revoked_by, `holds` (today), and the ground:
--      ground_code, ground_name
SELECT held.id, held.office, held.actor, held.cells, held.valid_from, held.valid_to, held.granted_by, held.granted_at,
       held.revoked_by, daterange(held.valid_from, held.valid_to) @> current_date AS holds,
       coalesce(held.unit_code, worker.code, agency.code, facility.code, held.worker_id::text) AS ground_code,
       coalesce(area.name, worker.name, agency.name, facility.name) AS ground_name
FROM account_grant AS held
LEFT JOIN area ON area.code = held.unit_code AND area.valid_to IS NULL
LEFT JOIN worker ON worker.id = held.worker_id
LEFT JOIN agency ON agency.id = held.agency_id
LEFT JOIN facility ON facility.id = held.facility_id
WHERE held.account_id = %(account_id)s
ORDER BY held.id DESC
