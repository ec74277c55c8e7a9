-- Write clocks that were counted again, each with an event.
-- In:  rows (JSON: id, seq, due_at, remaining_minutes, is_provisional, is_moved, detail)      Out: how many
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s) AS row (
        id bigint, seq int, due_at timestamptz, remaining_minutes float8, is_provisional boolean, is_moved boolean, detail jsonb
    )
), moved AS (
    UPDATE case_file AS c
    SET seq = c.seq + 1, due_at = given.due_at, remaining_minutes = given.remaining_minutes, is_provisional = given.is_provisional,
        reminded_at = CASE WHEN NOT given.is_moved THEN c.reminded_at END
    FROM given WHERE c.id = given.id AND c.seq = given.seq
    RETURNING c.id, c.seq, c.state, given.detail
), logged AS (
    INSERT INTO case_event (case_id, seq, event, from_state, to_state, actor, detail)
    SELECT id, seq, 'reckon', state, state, 'sweeper', detail FROM moved ORDER BY id
)
SELECT count(*) FROM moved
