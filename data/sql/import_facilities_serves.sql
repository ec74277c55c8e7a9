-- Whom the facilities that are new or changed serve from a day on.
-- In:  temporary table incoming; the facilities are stored already; {day}
-- Out: rows of facility_serves for the version that holds on that day; a list replaces the former one
DELETE FROM facility_serves s
USING incoming i, facility f
WHERE i.change = 'updated' AND f.code = i.code AND s.facility_id = f.id
  AND f.valid_from <= {day} AND (f.valid_to IS NULL OR f.valid_to > {day});

INSERT INTO facility_serves (facility_id, community_code, share)
SELECT f.id, served.key, served.value::float8
FROM incoming i
JOIN facility f ON f.code = i.code AND f.valid_from <= {day} AND (f.valid_to IS NULL OR f.valid_to > {day})
CROSS JOIN LATERAL jsonb_each_text(i.serves) AS served
WHERE i.change IN ('stored', 'updated');
