-- How many open cases workers have.
-- In:  workers (bigint[])      Out: worker_id, open; no row for who has none
-- Why: one look per worker into the index of the open cases of workers, whatever the planner believes about their number.
SELECT asked.worker_id, counted.open
FROM unnest(%(workers)s::bigint[]) AS asked (worker_id) CROSS JOIN LATERAL (
    SELECT count(*) AS open FROM case_file
    WHERE case_file.worker_id = asked.worker_id AND case_file.state NOT IN ('closed', 'evaluated')
) AS counted
WHERE counted.open > 0
