-- Where sealing goes on.
-- Out: now (snapshot), at; number and hash of the last seal; line and event: up to where each is sealed, null: from the first
SELECT pg_current_snapshot()::text AS now, clock_timestamp() AS at, coalesce(last.number, 0) AS number, last.hash,
       (SELECT seen FROM audit_seal WHERE source = 'line' ORDER BY number DESC LIMIT 1) AS line,
       (SELECT seen FROM audit_seal WHERE source = 'event' ORDER BY number DESC LIMIT 1) AS event
FROM (SELECT) AS one LEFT JOIN LATERAL (SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1) AS last ON true
