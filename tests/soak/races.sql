-- What the database holds of raced cases, against what the users were told.
-- In:  the temporary table told (case_id, seq, event, key): every move that was answered 200; cases (int8[]), users (text[])
-- Out: one row: figures first, then faults, of which every one must be 0
-- Why: the holder of each moment is worked out from the events alone, so a holder that was doubled, lost or made up shows.
WITH event AS MATERIALIZED (
    SELECT e.*, row_number() OVER chain AS place, lag(to_state) OVER chain AS state_before,
           coalesce('worker:' || worker_id, 'desk:' || desk_code, 'agency:' || agency_id) AS given_to,
           CASE WHEN event = 'finish' THEN held_by END AS finished_by
    FROM case_event AS e WHERE case_id = ANY(%(cases)s)
    WINDOW chain AS (PARTITION BY case_id ORDER BY seq, id)
), turned AS MATERIALIZED (
    SELECT *, given_to IS NOT NULL OR to_state IN ('collected', 'filed') AS changes_hands,
           count(*) FILTER (WHERE given_to IS NOT NULL OR to_state IN ('collected', 'filed')) OVER upto AS turn,
           count(finished_by) OVER upto AS work
    FROM event WINDOW upto AS (PARTITION BY case_id ORDER BY seq, id)
), held AS MATERIALIZED (
    SELECT *, first_value(given_to) OVER (PARTITION BY case_id, turn ORDER BY seq, id) AS holder,
           first_value(finished_by) OVER (PARTITION BY case_id, work ORDER BY seq, id) AS worked_by
    FROM turned
), step AS MATERIALIZED (
    SELECT *, lag(holder) OVER (PARTITION BY case_id ORDER BY seq, id) AS holder_before FROM held
), newest AS MATERIALIZED (
    SELECT DISTINCT ON (case_id) * FROM step ORDER BY case_id, seq DESC, id DESC
), now AS MATERIALIZED (
    SELECT id AS case_id, seq, state, num_nonnulls(worker_id, desk_code, agency_id) AS holders,
           coalesce('worker:' || worker_id, 'desk:' || desk_code, 'agency:' || agency_id) AS holder
    FROM case_file WHERE id = ANY(%(cases)s)
)
SELECT (SELECT count(*) FROM now) AS cases,
       (SELECT count(*) FROM step) AS events,
       (SELECT max(seq) FROM step) AS longest,
       (SELECT count(*) FROM now WHERE state IN ('closed', 'evaluated')) AS ended,
       cardinality(%(cases)s::bigint[]) - (SELECT count(*) FROM now) AS lost_cases,
       (SELECT count(*) FROM step WHERE seq <> place) AS gaps,
       (SELECT count(*) FROM step WHERE from_state IS DISTINCT FROM state_before) AS broken_chains,
       (SELECT count(*) FROM now JOIN newest USING (case_id) WHERE (now.seq, now.state) <> (newest.seq, newest.to_state)) AS adrift,
       (SELECT count(*) FROM now JOIN newest USING (case_id) WHERE newest.to_state NOT IN ('collected', 'filed')
                                                               AND now.holder IS DISTINCT FROM newest.holder) AS other_holder,
       (SELECT count(*) FROM now WHERE holders > 1) AS two_holders,
       (SELECT count(*) FROM now WHERE state NOT IN ('collected', 'filed', 'closed', 'evaluated') AND holders <> 1) AS nobody,
       (SELECT count(*) FROM step WHERE held_by IS NOT NULL AND held_by IS DISTINCT FROM holder_before) AS wrong_ledger,
       (SELECT count(*) FROM step WHERE held_minutes < 0) AS negative_minutes,
       (SELECT count(*) FROM step WHERE event = 'verify' AND actor = worked_by) AS verified_by_handler,
       (SELECT count(*) FROM told WHERE NOT EXISTS (
           SELECT FROM step WHERE step.case_id = told.case_id AND step.seq = told.seq AND step.event = told.event)) AS lost,
       (SELECT count(*) FROM (SELECT FROM told GROUP BY case_id, seq HAVING count(DISTINCT key) > 1) AS twice) AS told_twice,
       (SELECT count(*) FROM step WHERE actor = ANY(%(users)s) AND NOT EXISTS (
           SELECT FROM told WHERE told.case_id = step.case_id AND told.seq = step.seq)) AS never_told
