-- Store the cases of new incidents with their lives: each event at its own time, the closed ones closed, the others waiting.
-- In:  temporary tables life (case_id, opened, ended, told_end, due, where it lies and whose desk had it), one row per case, and
--      step (event, from_state, to_state, by number), the way from filing to closing
-- Out: rows of case_file and case_event; whoever listens is woken when it commits
-- Why: of such a case only filing, target and closing are known. The steps between stand at the ends of what is known, so that
--      the ledger holds: the desk had the case all the time. Sorted by time, a month is written at a time.
INSERT INTO case_file (id, seq, state, outcome, filed_at, dispatched_at, held_since, closed_at, located, candidates, cell_id,
                       community_id, street_id, desk_code, lead, handler, due_at)
SELECT case_id, CASE WHEN ended IS NULL THEN 1 ELSE (SELECT max(number) FROM step) END,
       CASE WHEN ended IS NULL THEN (SELECT to_state FROM step WHERE number = 1)
            ELSE (SELECT to_state FROM step ORDER BY number DESC LIMIT 1) END,
       CASE WHEN ended IS NOT NULL THEN 'solved' END, opened, CASE WHEN ended IS NOT NULL THEN opened END, ended, ended,
       located, candidates, cell_id, community_id, street_id, desk_code, 'desk:' || desk_code, 'desk:' || desk_code, due
FROM life
ORDER BY case_id;

INSERT INTO case_event (case_id, seq, at, event, from_state, to_state, actor, desk_code, held_by, held_minutes, detail)
SELECT case_id, number, CASE WHEN is_end THEN ended ELSE opened END, event, from_state, to_state, 'import',
       CASE WHEN event IN ('dispatch', 'finish', 'check') THEN desk_code END,
       CASE WHEN number > 2 THEN 'desk:' || desk_code END,
       CASE WHEN event = 'finish' THEN extract(epoch FROM ended - opened) / 60 WHEN number > 2 THEN 0 END,
       CASE WHEN number = 1 AND due IS NOT NULL THEN jsonb_build_object('due_at', jsonb_build_object('from', NULL, 'to', due))
            WHEN event = 'verify' THEN jsonb_strip_nulls(jsonb_build_object('told_closed_at', told_end)) END
FROM life JOIN step ON number = 1 OR ended IS NOT NULL
ORDER BY 3, case_id, number;

NOTIFY cases;
