-- Who is shown at work in the demo: the worker with the most cases in hand, and all above and beside him.
-- Out: one row: worker_id, community, street, district, agency_id, facility_id; null where there is none
WITH busiest AS (
    SELECT worker.id, worker.community_code, area.parent_code AS street_code
    FROM worker JOIN area ON area.code = worker.community_code AND area.valid_to IS NULL
    LEFT JOIN case_file AS held ON held.worker_id = worker.id AND held.closed_at IS NULL
    WHERE worker.is_active
    GROUP BY worker.id, area.parent_code ORDER BY count(held.id) DESC, worker.id LIMIT 1
)
SELECT busiest.id AS worker_id, busiest.community_code AS community, busiest.street_code AS street,
       (SELECT code FROM unit WHERE level = 'district' ORDER BY code LIMIT 1) AS district,
       (SELECT id FROM agency WHERE kind = 'department' ORDER BY code LIMIT 1) AS agency_id,
       (SELECT facility_id FROM facility_serves WHERE community_code = busiest.community_code ORDER BY facility_id LIMIT 1) AS facility_id
FROM busiest
