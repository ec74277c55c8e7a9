-- Incidents as they were reported, to take away.
-- In:  bbox, ground (null: everywhere); kind (a category, itself or what lies below it, null: all); begin, until (moments or null)
-- Out: the fields that `wangge import incidents` reads, and the point as geometry
-- Why: what was not imported has no key that another database could know, so that it gets one from its number and content.
--      Coordinates as told and the digest let a later import see that it is the same. Added categories are known by name.
SELECT CASE WHEN i.idempotency_key LIKE 'import:%%' THEN substr(i.idempotency_key, 8)
            ELSE concat('reported-', i.id, '-', left(i.content_digest, 12)) END AS external_id,
       CASE WHEN c.code LIKE 'import-%%' THEN c.name ELSE c.code END AS category,
       CASE WHEN p.code = 'imported' THEN NULL WHEN p.code LIKE 'import-%%' THEN p.name ELSE p.code END AS parent_category,
       nullif(i.description, '') AS description, i.source AS channel, i.reported_at,
       i.lon AS told_lon, i.lat AS told_lat, i.datum AS told_datum, i.content_digest, i.attributes::text AS attributes,
       ST_AsBinary(i.geom) AS geometry
FROM incident i
JOIN category c ON c.code = i.category_code
LEFT JOIN category p ON p.code = c.parent_code
WHERE (%(kind)s::text IS NULL OR %(kind)s IN (c.code, p.code))
  AND (%(begin)s::timestamptz IS NULL OR i.reported_at >= %(begin)s::timestamptz)
  AND (%(until)s::timestamptz IS NULL OR i.reported_at < %(until)s::timestamptz)
  AND (%(bbox)s::geometry IS NULL OR ST_Intersects(i.geom, %(bbox)s::geometry))
  AND (%(ground)s::geometry IS NULL OR ST_Intersects(i.geom, %(ground)s::geometry))
ORDER BY i.id
