-- Which of these actors are there today: a worker at work, a desk's unit, an agency that holds.
-- In:  actors      Out: actor
SELECT actor
FROM unnest(%(actors)s::text[]) AS actor,
     LATERAL (SELECT split_part(actor, ':', 1), split_part(actor, ':', 2)) AS part (kind, key),
     LATERAL (SELECT CASE WHEN key ~ '^[0-9]{1,18}$' THEN key::bigint END) AS told (number)
WHERE CASE kind
    WHEN 'worker' THEN EXISTS (SELECT FROM worker WHERE id = number AND is_active)
    WHEN 'agency' THEN EXISTS (SELECT FROM agency WHERE id = number AND daterange(valid_from, valid_to) @> current_date)
    WHEN 'desk' THEN EXISTS (SELECT FROM unit WHERE code = key)
    ELSE false
END
