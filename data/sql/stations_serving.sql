-- Which stations count for which communities on a day.
-- In:  %(on)s   Out: station (code), floor_area_m2, community_code, share; by station and community.
-- Why: a station that names no community serves the one that it stands in, the lowest code on a border, so that a layer of
--      stations without that column still counts. Floor area and share are null when they are not recorded.
WITH station AS (
    SELECT id, code, floor_area_m2, geom
    FROM facility
    WHERE level = 'station' AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
)
SELECT station.code AS station, station.floor_area_m2, named.community_code, named.share
FROM station
JOIN facility_serves AS named ON named.facility_id = station.id
UNION ALL
SELECT station.code, station.floor_area_m2, standing.code, NULL
FROM station
JOIN LATERAL (
    SELECT area.code
    FROM area
    WHERE area.level = 'community' AND area.valid_from <= %(on)s AND (area.valid_to IS NULL OR area.valid_to > %(on)s)
      AND ST_Covers(area.geom, station.geom)
    ORDER BY area.code
    LIMIT 1
) AS standing ON true
WHERE NOT EXISTS (SELECT FROM facility_serves WHERE facility_id = station.id)
ORDER BY station, community_code
