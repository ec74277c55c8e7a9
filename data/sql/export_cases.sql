-- Cases with their lives, to take away; `wangge import incidents --history` reads them.
-- In:  as export_incidents.sql
-- Out: what was reported, how the case stands, on which ground it lies, and the point as geometry
SELECT CASE WHEN i.idempotency_key LIKE 'import:%%' THEN substr(i.idempotency_key, 8)
            ELSE concat('reported-', i.id, '-', left(i.content_digest, 12)) END AS external_id,
       CASE WHEN c.code LIKE 'import-%%' THEN c.name ELSE c.code END AS category,
       CASE WHEN p.code = 'imported' THEN NULL WHEN p.code LIKE 'import-%%' THEN p.name ELSE p.code END AS parent_category,
       nullif(i.description, '') AS description, i.source AS channel, i.reported_at,
       f.state AS case_status, f.outcome, f.dispatched_at, f.due_at, f.closed_at, f.located,
       street.code AS street_code, community.code AS community_code, cell.code AS cell_code,
       ST_AsBinary(i.geom) AS geometry
FROM case_file f
JOIN incident i ON i.id = f.id
JOIN category c ON c.code = coalesce(f.category_code, i.category_code)
LEFT JOIN category p ON p.code = c.parent_code
LEFT JOIN area street ON street.id = f.street_id
LEFT JOIN area community ON community.id = f.community_id
LEFT JOIN cell ON cell.id = f.cell_id
WHERE (%(kind)s::text IS NULL OR %(kind)s IN (c.code, p.code))
  AND (%(begin)s::timestamptz IS NULL OR i.reported_at >= %(begin)s::timestamptz)
  AND (%(until)s::timestamptz IS NULL OR i.reported_at < %(until)s::timestamptz)
  AND (%(bbox)s::geometry IS NULL OR ST_Intersects(i.geom, %(bbox)s::geometry))
  AND (%(ground)s::geometry IS NULL OR ST_Intersects(i.geom, %(ground)s::geometry))
ORDER BY f.id
