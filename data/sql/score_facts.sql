-- What the events of each case say of it up to a moment, and where it belongs.
-- In:  %(cut)s: only what happened before; %(event_id)s: only events up to this one; %(cases)s: only these cases, null: all;
--      %(decided)s: exclusions as they stood at that moment
-- Out: one row per case as data.scores.FACTS names them, by id: all of eight bytes, -infinity or the least number for nothing
-- Why: one pass over the events whatever the number of periods, and of case_file nothing but where the case lies and what it is.
--      Of what several events set, the last by seq counts; the greatest pair finds it without sorting. Closing by decision stops
--      the clock, which does not make the case less late: what `close` says of due_at is passed over.
--      Changes of hands are counted as case_file.hops counts them: not the first dispatch, nor what was undone, nor going up to
--      who has it already.
--      Of a case that was imported with its history only filing, target and closing are known: its other steps tell no times.
SELECT facts.case_id,
    coalesce(facts.filed_at, '-infinity'), coalesce(facts.dispatched_at, '-infinity'), coalesce(facts.accepted_at, '-infinity'),
    coalesce(facts.given_at, '-infinity'), coalesce(facts.returned_at, '-infinity'), coalesce(facts.escalated_at, '-infinity'),
    coalesce(facts.finished_at, '-infinity'), coalesce(facts.reworked_at, '-infinity'), coalesce(facts.rated_at, '-infinity'),
    CASE WHEN facts.last_seq = facts.ended_seq THEN facts.closed_at ELSE '-infinity' END,
    coalesce(facts.clock[2], -9223372036854775808), coalesce(facts.laid_down[2], -9223372036854775808),
    CASE WHEN facts.last_seq = facts.ended_seq THEN facts.outcome[2] ELSE -1 END::bigint,
    coalesce(facts.last_seq = facts.suspended_seq, false)::int::bigint,
    coalesce(facts.rating[2], 0)::bigint, coalesce(facts.rating[3], 0)::bigint, coalesce(facts.rating[4], 0)::bigint,
    facts.hops, coalesce(facts.department[2], 0)::bigint,
    coalesce(case_file.cell_id, 0), coalesce(case_file.community_id, 0), coalesce(case_file.street_id, 0), kind.position,
    EXISTS (
        SELECT FROM exclusion
        WHERE exclusion.case_id = facts.case_id AND decided_at <= %(decided)s
            AND (ended_at IS NULL OR ended_at > %(decided)s)
    )::int::bigint
FROM (
    SELECT case_id,
        max(seq) AS last_seq,
        max(seq) FILTER (WHERE to_state IN ('closed', 'evaluated')) AS ended_seq,
        max(seq) FILTER (WHERE to_state = 'suspended') AS suspended_seq,
        min(at) FILTER (WHERE event IN ('collect', 'file')) AS filed_at,
        min(at) FILTER (WHERE to_state = 'dispatched' AND actor <> 'import') AS dispatched_at,
        min(at) FILTER (WHERE event = 'accept' AND actor <> 'import') AS accepted_at,
        max(at) FILTER (WHERE event IN ('dispatch', 'assign', 'hand_over', 'escalate') AND actor <> 'import') AS given_at,
        max(at) FILTER (WHERE event = 'return' AND NOT coalesce(detail ? 'undoes', false)) AS returned_at,
        max(at) FILTER (WHERE event = 'escalate') AS escalated_at,
        max(at) FILTER (WHERE event = 'finish' AND actor <> 'import') AS finished_at,
        max(at) FILTER (WHERE event IN ('reject', 'reopen')) AS reworked_at,
        max(at) FILTER (WHERE event IN ('verify', 'close', 'dismiss')) AS closed_at,
        max(ARRAY[seq, CASE coalesce(detail -> 'outcome' ->> 'to', event)
            WHEN 'solved' THEN 0 WHEN 'verify' THEN 0 WHEN 'dismissed' THEN 1 WHEN 'dismiss' THEN 1
            WHEN 'duplicate' THEN 2 WHEN 'with_parent' THEN 3 ELSE 4
        END]) FILTER (WHERE event IN ('verify', 'close', 'dismiss')) AS outcome,
        max(ARRAY[seq, (extract(epoch FROM coalesce(detail -> 'due_at' ->> 'to', explanation -> 'clock' ->> 'due_at')
            ::timestamptz) * 1000000)::bigint]) FILTER (WHERE (detail -> 'due_at' ? 'to' AND event <> 'close')
            OR (event = 'dispatch' AND explanation -> 'clock' ? 'due_at')) AS clock,
        max(ARRAY[seq, (extract(epoch FROM coalesce(detail -> 'due_at' ->> 'to', explanation -> 'clock' ->> 'due_at')
            ::timestamptz) * 1000000)::bigint]) FILTER (WHERE event IN ('file', 'dispatch') AND (detail -> 'due_at' ? 'to'
            OR (explanation -> 'clock' ? 'due_at' AND NOT explanation -> 'clock' ? 'is_kept'))) AS laid_down,
        count(*) FILTER (WHERE event IN ('dispatch', 'assign', 'hand_over') AND NOT coalesce(detail ? 'undoes', false))
            - count(*) FILTER (WHERE event IN ('assign', 'return') AND detail ? 'undoes')
            + count(*) FILTER (WHERE event = 'escalate' AND actor <> 'dispatcher' AND held_by IS DISTINCT FROM
                coalesce('worker:' || worker_id, 'desk:' || desk_code, 'agency:' || agency_id))
            - coalesce(min(seq) FILTER (WHERE event = 'dispatch')
                = min(seq) FILTER (WHERE event IN ('dispatch', 'assign', 'hand_over', 'escalate')), false)::int AS hops,
        max(at) FILTER (WHERE event = 'rate') AS rated_at,
        max(ARRAY[seq, (detail -> 'is_answered')::bool::int, (detail -> 'is_solved')::bool::int,
            (detail -> 'satisfaction')::int]) FILTER (WHERE event = 'rate') AS rating,
        max(ARRAY[seq, agency_id])
            FILTER (WHERE agency_id IS NOT NULL AND to_state IN ('dispatched', 'handling')) AS department
    FROM case_event
    WHERE at < %(cut)s AND id <= %(event_id)s AND (%(cases)s::bigint[] IS NULL OR case_id = ANY (%(cases)s::bigint[]))
    GROUP BY case_id
) AS facts
JOIN case_file ON case_file.id = facts.case_id
JOIN incident ON incident.id = facts.case_id
JOIN (SELECT code, row_number() OVER (ORDER BY code) AS position FROM category) AS kind
    ON kind.code = coalesce(case_file.category_code, incident.category_code)
WHERE %(cases)s::bigint[] IS NULL
    OR (case_file.id = ANY (%(cases)s::bigint[]) AND incident.id = ANY (%(cases)s::bigint[]))
ORDER BY facts.case_id
