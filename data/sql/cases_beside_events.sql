-- Cases that are not what their events make them.
-- In:  nothing      Out: id, what (state, seq, closed_at, due_at, hops, returns, reworks), kept (in case_file), told (by the events); by id
-- Why: case_file is a summary for speed, the events are the record; every figure of a case has to follow from them.
WITH told AS (
    SELECT case_id, max(seq) AS seq,
        (max(ARRAY[lpad(seq::text, 9, '0'), to_state::text]))[2] AS state,
        max(at) FILTER (WHERE event IN ('verify', 'close', 'dismiss')) AS closed_at,
        (max(ARRAY[lpad(seq::text, 9, '0'), coalesce(detail -> 'due_at' ->> 'to', explanation -> 'clock' ->> 'due_at')])
            FILTER (WHERE detail -> 'due_at' ? 'to' OR explanation -> 'clock' ? 'due_at'))[2]::timestamptz AS due_at,
        count(*) FILTER (WHERE event IN ('dispatch', 'assign', 'hand_over') AND NOT coalesce(detail ? 'undoes', false))
            - count(*) FILTER (WHERE event IN ('assign', 'return') AND detail ? 'undoes')
            + count(*) FILTER (WHERE event = 'escalate' AND actor <> 'dispatcher' AND held_by IS DISTINCT FROM
                coalesce('worker:' || worker_id, 'desk:' || desk_code, 'agency:' || agency_id))
            - coalesce(min(seq) FILTER (WHERE event = 'dispatch')
                = min(seq) FILTER (WHERE event IN ('dispatch', 'assign', 'hand_over', 'escalate')), false)::int AS hops,
        count(*) FILTER (WHERE event = 'return' AND NOT coalesce(detail ? 'undoes', false)) AS returns,
        count(*) FILTER (WHERE event IN ('reject', 'reopen')) AS reworks
    FROM case_event GROUP BY case_id
)
SELECT id, differing.*
FROM case_file LEFT JOIN told ON told.case_id = case_file.id
CROSS JOIN LATERAL (VALUES
    ('state', case_file.state, told.state),
    ('seq', case_file.seq::text, told.seq::text),
    ('closed_at', case_file.closed_at::text, CASE WHEN told.state IN ('closed', 'evaluated') THEN told.closed_at END::text),
    ('due_at', case_file.due_at::text, told.due_at::text),
    ('hops', case_file.hops::text, told.hops::text),
    ('returns', case_file.returns::text, told.returns::text),
    ('reworks', case_file.reworks::text, told.reworks::text)
) AS differing (what, kept, told)
WHERE differing.kept IS DISTINCT FROM differing.told
ORDER BY id, what
