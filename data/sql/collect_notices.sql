-- Write the notices of the next events: one per event and person who has an address and did not cause it himself.
-- In:  before, now (snapshots; now null: this moment), after_txid, after_id, limit, events and parts (arrays: who is told of what), days
-- Out: now as text; count, txid and id of the last event read; written
-- Why: derived from the ledger, so that no writer can forget it and none is slowed down. Read in the order of (txid, id), so that
--      a portion begins where the last one ended. Events older than `days` are history that was brought in, and told to nobody.
WITH seen AS (
    SELECT %(before)s::pg_snapshot AS before, coalesce(%(now)s::pg_snapshot, pg_current_snapshot()) AS now
), event AS MATERIALIZED (
    SELECT e.* FROM seen CROSS JOIN LATERAL (
        SELECT txid, id, case_id, at, event, actor, worker_id, desk_code, agency_id, held_by, detail FROM case_event
        WHERE txid >= pg_snapshot_xmin(seen.before)::text::bigint AND txid < pg_snapshot_xmax(seen.now)::text::bigint
          AND NOT pg_visible_in_snapshot(txid::text::xid8, seen.before) AND pg_visible_in_snapshot(txid::text::xid8, seen.now)
          AND (txid, id) > (%(after_txid)s, %(after_id)s)
        ORDER BY txid, id LIMIT %(limit)s
    ) AS e
), told AS (
    SELECT DISTINCT event.id, event.case_id, event.event, who.recipient
    FROM event
    JOIN unnest(%(events)s::text[], %(parts)s::text[]) AS rule (event, part) ON rule.event = event.event
    JOIN case_file AS c ON c.id = event.case_id
    LEFT JOIN area AS community ON community.id = c.community_id
    LEFT JOIN area AS street ON street.id = c.street_id
    CROSS JOIN LATERAL (
        SELECT CASE rule.part
            WHEN 'new_holder' THEN coalesce('worker:' || event.worker_id, 'desk:' || event.desk_code, 'agency:' || event.agency_id)
            WHEN 'holder' THEN coalesce('worker:' || c.worker_id, 'desk:' || c.desk_code, 'agency:' || c.agency_id)
            WHEN 'former_holder' THEN event.held_by
            WHEN 'lead' THEN c.lead
            WHEN 'handler' THEN c.handler
            WHEN 'desk' THEN 'desk:' || coalesce(community.code, street.code, '000000000000')
        END AS recipient
        WHERE rule.part <> 'asked'
        UNION ALL
        SELECT event.detail ->> told.member
        FROM (VALUES ('miss_call', 'agency'), ('ask_help', 'to')) AS told (event, member)
        WHERE rule.part = 'asked' AND told.event = event.event
        UNION ALL
        SELECT jsonb_array_elements_text(event.detail -> 'agencies') WHERE rule.part = 'asked' AND event.event = 'whistle'
    ) AS who
    WHERE who.recipient <> event.actor AND event.actor <> 'import' AND event.at > now() - make_interval(days => %(days)s)
      AND EXISTS (SELECT FROM notice_address AS address WHERE address.recipient = who.recipient AND address.is_active)
), written AS (
    INSERT INTO notice (event_id, case_id, recipient, kind) SELECT id, case_id, recipient, event FROM told ORDER BY id, recipient
    ON CONFLICT (event_id, recipient) DO NOTHING RETURNING id
)
SELECT seen.now::text AS now, (SELECT count(*) FROM event) AS count, last.txid, last.id, (SELECT count(*) FROM written) AS written
FROM seen LEFT JOIN (SELECT txid, id FROM event ORDER BY txid DESC, id DESC LIMIT 1) AS last ON true
