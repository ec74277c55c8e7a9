-- Of everything that is kept for some days one row from ten years ago and one from yesterday.
WITH told (code, past) AS (VALUES ('old', interval '10 years'), ('new', interval '1 day')), reported AS (
    INSERT INTO incident (idempotency_key, category_code, description, lon, lat, datum, geom, attributes)
    SELECT code, 'C0101', '找李建国', 116, 39, 'wgs84', 'SRID=4490;POINT(116 39)', '{"举报人": "李建国"}' FROM told RETURNING id, idempotency_key
), filed AS (
    INSERT INTO case_file (id, state, outcome, dispatched_at, desk_code, filed_at, closed_at)
    SELECT id, 'closed', 'solved', now() - past, '000000000000', now() - past, now() - past
    FROM reported JOIN told ON code = idempotency_key RETURNING id, closed_at
), told_of_himself AS (
    INSERT INTO reporter_contact (case_id, name) SELECT id, '李*' FROM filed
), followed AS (
    INSERT INTO case_follower (case_id, note) SELECT id, '又见李建国' FROM filed
), rated AS (
    INSERT INTO rating (case_id, closing, is_answered, is_solved, satisfaction, comment, rated_by)
    SELECT id, 1, true, true, 5, '李建国很好', 'reporter' FROM filed
), pictured AS (
    INSERT INTO case_photo (case_id, sha256, width, height, size_bytes, taken_by)
    SELECT id, idempotency_key, 1, 1, 1, 'worker:1' FROM filed JOIN reported USING (id)
), stood AS (
    INSERT INTO case_whereabouts SELECT id, 1, closed_at, 116.3, 39.9 FROM filed
), called AS (
    INSERT INTO whistle (case_id, called_by, meet_at, place, request, geom)
    SELECT id, 'desk:1', closed_at, '李建国家', '见李建国', 'SRID=4490;POINT(116 39)' FROM filed RETURNING id, meet_at
), agencies AS (
    INSERT INTO agency (code, kind, name, area_code, phone, valid_from, valid_to)
    SELECT 'A' || code, 'station', '站', '110199001001', '138****0001', '2000-01-01', (now() - past)::date FROM told RETURNING id
), signed AS (
    INSERT INTO whistle_call (whistle_id, agency_id, due_at, reported_in_at, means, signature)
    SELECT called.id, (SELECT min(id) FROM agencies), meet_at, meet_at, 'signature', '刘*' FROM called
), workers AS (
    INSERT INTO worker (code, name, phone, community_code, is_active)
    SELECT 'W' || code, '王*', '138****0002', '110199001001', false FROM told RETURNING id, code
), looked_after AS (
    INSERT INTO assignment (cell_code, worker_id, role, during)
    SELECT '110199001001001', id, 'worker', tstzrange('2000-01-01', now() - past) FROM workers JOIN told ON workers.code = 'W' || told.code
), away AS (
    INSERT INTO leave (worker_id, during, reason)
    SELECT id, tstzrange('2000-01-01', now() - past), '病假' FROM workers JOIN told ON workers.code = 'W' || told.code
), addresses AS (
    INSERT INTO notice_address (recipient, url, is_active, ended_at) SELECT 'desk:' || code, 'json://****', false, now() - past FROM told
), imported AS (
    INSERT INTO import_run (kind, file_name, sha256, started_at, finished_at, report)
    SELECT 'workers', code, 'x', now() - past, now() - past, '{"read": 1, "first_rejects": [{"value": "李建国"}]}' FROM told
), exported AS (
    INSERT INTO personal_export (what, area_code, reason, asked_by, asked_as, asked_at)
    SELECT 'workers', '110199001001', '演练', 'li', 'desk:1', now() - past FROM told
), on_duty AS (
    INSERT INTO duty (worker_id, began_at, ended_at)
    SELECT id, now() - past - interval '8 hours', now() - past FROM workers JOIN told ON workers.code = 'W' || told.code RETURNING id, ended_at
), went AS (
    INSERT INTO duty_track SELECT id, ended_at, 116.3, 39.9 FROM on_duty
), crossings AS (
    INSERT INTO street_node VALUES (901, 'SRID=4490;POINT(116 39)') RETURNING id
), streets AS (
    INSERT INTO street_edge (external_id, source_id, target_id, kind, length_m, geom)
    SELECT 'forgotten', id, id, 'residential', 1, 'SRID=4490;LINESTRING(116 39, 116.1 39)' FROM crossings RETURNING id
), walked AS (
    INSERT INTO street_walked SELECT workers.id, (now() - past)::date, streets.id
    FROM streets, workers JOIN told ON workers.code = 'W' || told.code
), places AS (
    INSERT INTO visit_place (cell_code, kind, name, every_days, geom)
    VALUES ('110199001001001', 'shop', '液化气站', 7, 'SRID=4490;POINT(116 39)') RETURNING id
), visited AS (
    INSERT INTO check_in (place_id, worker_id, at, distance_m)
    SELECT places.id, workers.id, now() - past, 5 FROM places, workers JOIN told ON workers.code = 'W' || told.code
), elements AS (
    INSERT INTO element (kind, cell_code, title, name, changed_by, confirmed_at, ended_at)
    SELECT 'organisations', '110199001001001', '便民店', '李*', 'worker:1', now() - past * confirmed, now() - past * ended
    FROM told, (VALUES (1, NULL), (0, 1)) AS both_ways (confirmed, ended)
), accounts AS (
    INSERT INTO account (name) VALUES ('li') RETURNING id
), signed_in AS (
    INSERT INTO account_session (digest, account_id, expires_at) SELECT sha256(code::bytea), id, now() - past FROM told, accounts
)
INSERT INTO bulk_move (event, actor, reason, moved_at, results) SELECT 'assign', 'desk:1', '给李建国', now() - past, '[]' FROM told
