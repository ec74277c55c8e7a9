-- What is sealed or masked of a case.
-- In:  id      Out: one row: name_sealed, phone_sealed, home_sealed of its reporter (null: not told), description, and signatures:
--      agency and sealed (hexadecimal) of the departments that reported in by signature
SELECT contact.name_sealed, contact.phone_sealed, contact.home_sealed, incident.description, (
           SELECT coalesce(json_agg(json_build_object('agency', 'agency:' || agency_id, 'sealed', signature_sealed) ORDER BY agency_id), '[]')
           FROM whistle JOIN whistle_call ON whistle_id = whistle.id
           WHERE whistle.case_id = incident.id AND signature_sealed IS NOT NULL
       ) AS signatures
FROM incident LEFT JOIN reporter_contact AS contact ON contact.case_id = incident.id
WHERE incident.id = %(id)s
