-- A case as it was when it was dispatched last: what replaying the decision starts from.
-- In:  id
-- Out: one row: at and explanation of the dispatch (null: none yet, or none told), category, source, lon, lat (EPSG:4490) and
--      refused_by of then, and state of now; no row when there is no case
-- Why: the ledger is followed back from both sides: a category or place was what the last correction before made of it, or
--      what the first one after found.
WITH dispatch AS (
    SELECT seq, at, explanation FROM case_event
    WHERE case_id = %(id)s AND event = 'dispatch' ORDER BY seq DESC LIMIT 1
), later AS (
    SELECT case_event.detail FROM case_event, dispatch
    WHERE case_id = %(id)s AND event = 'reclassify' AND case_event.seq > dispatch.seq
    ORDER BY case_event.seq
), begun AS (
    SELECT coalesce(max(case_event.seq), 0) AS seq FROM case_event, dispatch
    WHERE case_id = %(id)s AND event IN ('reclassify', 'reopen') AND case_event.seq < dispatch.seq
), refused AS (
    SELECT array_agg(held_by ORDER BY first) AS refused_by FROM (
        SELECT held_by, min(case_event.seq) AS first FROM case_event, dispatch, begun
        WHERE case_id = %(id)s AND event = 'return' AND held_by IS NOT NULL
          AND case_event.seq > begun.seq AND case_event.seq < dispatch.seq
        GROUP BY held_by
    ) AS each
)
SELECT case_file.state, dispatch.at, dispatch.explanation, incident.source, refused.refused_by,
       coalesce((SELECT detail -> 'category' ->> 'from' FROM later WHERE detail ? 'category' LIMIT 1),
                case_file.category_code, incident.category_code) AS category,
       coalesce((SELECT (detail -> 'place' -> 'from' ->> 0)::float8 FROM later WHERE detail ? 'place' LIMIT 1),
                ST_X(incident.geom)) AS lon,
       coalesce((SELECT (detail -> 'place' -> 'from' ->> 1)::float8 FROM later WHERE detail ? 'place' LIMIT 1),
                ST_Y(incident.geom)) AS lat
FROM case_file JOIN incident ON incident.id = case_file.id LEFT JOIN dispatch ON true LEFT JOIN refused ON true
WHERE case_file.id = %(id)s
