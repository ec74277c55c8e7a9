-- The answer that an earlier report under the same key got, with the state of now.
-- In:  key      Out: the columns of report_incident.sql and content_digest; no row for an unknown key
SELECT incident.id, incident.reported_at, case_file.state, case_file.located, case_file.candidates, incident.content_digest,
       cell.id AS cell_id, cell.code AS cell_code, cell.name AS cell_name,
       community.id AS community_id, community.code AS community_code, community.name AS community_name,
       street.id AS street_id, street.code AS street_code, street.name AS street_name
FROM incident
JOIN case_file ON case_file.id = incident.id
LEFT JOIN cell ON cell.id = case_file.cell_id
LEFT JOIN area AS community ON community.id = case_file.community_id
LEFT JOIN area AS street ON street.id = case_file.street_id
WHERE incident.idempotency_key = %(key)s
