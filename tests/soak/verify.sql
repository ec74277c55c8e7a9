-- What the database holds after a soak, against what the clients were told.
-- In:  the temporary table told (key, id): every report that was answered 201
-- Out: one row: figures first, then faults, of which every one must be 0
-- Why: descriptions are unique among the reports, so a report stored twice is found even if it had lost its key.
WITH kept AS (
    SELECT incident.id, idempotency_key AS key, description, state, located, worker_id, desk_code, agency_id
    FROM incident LEFT JOIN case_file USING (id)
), chain AS (
    SELECT case_id, array_agg(event ORDER BY id) AS events, array_agg(to_state ORDER BY id) AS states,
           array_agg(coalesce(from_state, '') ORDER BY id) AS from_states,
           count(*) FILTER (WHERE event = 'dispatch') AS dispatches,
           max(worker_id) FILTER (WHERE event = 'dispatch') AS worker_id,
           max(desk_code) FILTER (WHERE event = 'dispatch') AS desk_code,
           max(agency_id) FILTER (WHERE event = 'dispatch') AS agency_id
    FROM case_event GROUP BY case_id
), together AS (
    SELECT kept.*, told.id AS told_id, coalesce(dispatches, 0) AS dispatches,
           num_nonnulls(kept.worker_id, kept.desk_code, kept.agency_id) AS holders,
           (kept.worker_id, kept.desk_code, kept.agency_id)
               IS NOT DISTINCT FROM (chain.worker_id, chain.desk_code, chain.agency_id) AS is_same_holder,
           events = '{file,dispatch}' AND from_states = '{"",filed}' AND states = '{filed,dispatched}' AS is_gapless
    FROM kept LEFT JOIN chain ON chain.case_id = kept.id LEFT JOIN told ON told.id = kept.id AND told.key = kept.key
)
SELECT count(*) AS stored,
       count(*) FILTER (WHERE located = 'inside') AS inside,
       count(*) FILTER (WHERE located = 'border') AS border,
       count(*) FILTER (WHERE located = 'gap') AS gap,
       count(*) FILTER (WHERE located = 'picked') AS picked,
       count(*) FILTER (WHERE located = 'none') AS backstop,
       (SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM dispatched_at - filed_at))::numeric, 2)
        FROM case_file) AS median_seconds_to_dispatch,
       (SELECT round(extract(epoch FROM max(dispatched_at - filed_at)), 1) FROM case_file) AS most_seconds_to_dispatch,
       (SELECT count(*) FROM told) - count(told_id) AS lost,
       count(*) - count(DISTINCT description) AS doubled,
       count(*) FILTER (WHERE told_id IS NULL) AS never_answered,
       count(*) FILTER (WHERE state IS NULL) AS without_case,
       count(*) FILTER (WHERE state = 'filed') AS waiting,
       count(*) FILTER (WHERE dispatches = 0) AS never_dispatched,
       count(*) FILTER (WHERE dispatches > 1) AS dispatched_twice,
       count(*) FILTER (WHERE holders <> 1 OR NOT is_same_holder) AS without_holder,
       count(*) FILTER (WHERE is_gapless IS NOT TRUE) AS broken_chains,
       (SELECT count(*) FROM chain WHERE NOT EXISTS (SELECT FROM kept WHERE kept.id = chain.case_id)) AS events_without_case
FROM together
