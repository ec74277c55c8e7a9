-- Facilities that go on serving communities which an edition ends.
-- In:  {day}; {gone}: codes of the communities
-- Out: code of the facility, code of the community, geom (WKB)
SELECT f.code, s.community_code, ST_AsBinary(f.geom) AS geom
FROM facility_serves s JOIN facility f ON f.id = s.facility_id
WHERE s.community_code = ANY({gone}::text[]) AND (f.valid_to IS NULL OR f.valid_to > {day})
ORDER BY 1, 2
