-- Events of cases that the snapshot `now` sees and the snapshot `before` did not: in commit order, without a gap or a double.
-- In:  before (pg_snapshot), now (pg_snapshot, null: this moment), after (event id), limit
-- Out: now as text, and the events with an id above `after` in the order of their ids, each with where its case lies (ids of
--      versions) and the parties (actors) that have or had to do with it; one row with null event when none
-- Why: a case that has just been filed or dispatched has no past to look for. Ids are given out before they are committed, so a reader that remembers the last id alone loses the slow ones;
--      two snapshots also get past a transaction that stays open for long.
SELECT seen.now::text AS now, event.event_id, event.txid, event.id, event.event, event.from_state, event.state, event.at,
       coalesce(case_file.category_code, incident.category_code) AS category, ST_X(incident.geom) AS lon, ST_Y(incident.geom) AS lat, cell.code AS cell,
       worker.code AS worker_code, worker.name AS worker_name, event.desk_code, desk.name AS desk_name,
       agency.code AS agency_code, agency.name AS agency_name, case_file.street_id, case_file.community_id, case_file.cell_id,
       ARRAY[event.held_by, 'worker:' || event.worker_id, 'agency:' || event.agency_id, 'desk:' || event.desk_code,
             'worker:' || case_file.worker_id, 'agency:' || case_file.agency_id, 'desk:' || case_file.desk_code,
             case_file.lead, case_file.handler, incident.reported_by]::text[] || before.parties AS parties
FROM (SELECT coalesce(%(now)s::pg_snapshot, pg_current_snapshot()) AS now, %(before)s::pg_snapshot AS before) AS seen
LEFT JOIN LATERAL (
    SELECT e.id AS event_id, e.txid, e.case_id AS id, e.event, e.from_state, e.to_state AS state, e.at,
           e.worker_id, e.desk_code, e.agency_id, e.held_by, e.seq
    FROM case_event AS e
    WHERE e.txid >= pg_snapshot_xmin(seen.before)::text::bigint AND e.txid < pg_snapshot_xmax(seen.now)::text::bigint
      AND NOT pg_visible_in_snapshot(e.txid::text::xid8, seen.before)
      AND pg_visible_in_snapshot(e.txid::text::xid8, seen.now)
      AND e.id > %(after)s
    ORDER BY e.id LIMIT %(limit)s
) AS event ON true
LEFT JOIN incident ON incident.id = event.id
LEFT JOIN case_file ON case_file.id = event.id
LEFT JOIN cell ON cell.id = case_file.cell_id
LEFT JOIN worker ON worker.id = event.worker_id
LEFT JOIN agency ON agency.id = event.agency_id
LEFT JOIN area AS desk ON desk.code = event.desk_code AND desk.valid_to IS NULL
LEFT JOIN LATERAL (
    SELECT ARRAY(
        SELECT held_by FROM case_event WHERE case_id = event.id AND held_by IS NOT NULL
        UNION SELECT helper FROM case_helper WHERE case_id = event.id
        UNION SELECT 'agency:' || agency_id FROM whistle JOIN whistle_call ON whistle_id = whistle.id WHERE case_id = event.id
    )::text[] AS parties
) AS before ON event.seq > 2
ORDER BY event.event_id
