-- The accounts of the demo that anybody may sign in to, in the order in which they were made: none once real ground was imported.
-- Out: name, office, ground_name, ground_name_en (null for administrators)
SELECT DISTINCT ON (account.id) account.name, held.office,
       coalesce(area.name, community.name, agency.name, facility.name) AS ground_name,
       coalesce(area.name_en, community.name_en, agency.name_en) AS ground_name_en
FROM account
JOIN account_grant AS held ON held.account_id = account.id AND daterange(held.valid_from, held.valid_to) @> current_date
LEFT JOIN area ON area.code = held.unit_code AND area.valid_to IS NULL
LEFT JOIN worker ON worker.id = held.worker_id
LEFT JOIN area AS community ON community.code = worker.community_code AND community.valid_to IS NULL
LEFT JOIN agency ON agency.id = held.agency_id
LEFT JOIN facility ON facility.id = held.facility_id
WHERE account.is_demo AND account.locked_at IS NULL
  AND NOT EXISTS (SELECT FROM area WHERE area.valid_to IS NULL AND area.source IS DISTINCT FROM 'demo')
ORDER BY account.id, held.id
