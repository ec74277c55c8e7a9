-- In the district of district.sql a case in each community's first cell, held by somebody of the place, and something in every
-- table that hangs on cases or belongs to somebody. Worker 1 had the third case in hand once, agency 1 the second; agency 2 was
-- called to the fourth.
INSERT INTO agency (code, kind, name, area_code) VALUES ('A1', 'department', '城管局', '110199000000'),
    ('A2', 'department', '水务局', '110199000000');
WITH told AS (
    INSERT INTO incident (id, category_code, description, lon, lat, datum, geom)
    SELECT row_number() OVER (ORDER BY code), 'C0101', code, 116.3, 39.9, 'wgs84', ST_PointOnSurface(geom)
    FROM area WHERE level = 'community' AND valid_to IS NULL RETURNING id, description
), opened AS (
    INSERT INTO case_file (id, state, dispatched_at, cell_id, community_id, street_id, worker_id, desk_code, lead)
    SELECT told.id, 'handling', now(), cell.id, community.id, street.id, CASE WHEN told.id IN (1, 3) THEN told.id END,
           CASE WHEN told.id IN (2, 4) THEN community.code END, 'worker:' || told.id
    FROM told JOIN area AS community ON community.code = description AND community.valid_to IS NULL
    JOIN area AS street ON street.code = community.parent_code JOIN cell ON cell.code = description || '001'
), logged AS (
    INSERT INTO case_event (case_id, event, to_state, actor, held_by)
    SELECT id, 'file', 'filed', 'reporter', CASE WHEN id = 3 THEN 'worker:1' WHEN id = 2 THEN 'agency:1' END FROM told
), stood AS (
    INSERT INTO case_whereabouts (case_id, seq, at, lon, lat) SELECT id, 1, now(), 116.3, 39.9 FROM told
), photo AS (
    INSERT INTO case_photo (case_id, sha256, width, height, size_bytes, taken_by) SELECT id, 'x', 1, 1, 1, 'x' FROM told
), helper AS (
    INSERT INTO case_helper (case_id, helper, asked_by) SELECT id, 'worker:9', 'x' FROM told
), follower AS (
    INSERT INTO case_follower (case_id) SELECT id FROM told
), rated AS (
    INSERT INTO rating (case_id, closing, is_answered, is_solved, satisfaction, rated_by)
    SELECT id, 1, true, true, 5, 'reporter' FROM told
), excluded AS (
    INSERT INTO exclusion (case_id, reason, decided_by) SELECT id, 'x', 'x' FROM told
), contact AS (
    INSERT INTO reporter_contact (case_id, name) SELECT id, '张*' FROM told
), blown AS (
    INSERT INTO whistle (case_id, called_by, meet_at, geom)
    SELECT id, 'x', now(), 'SRID=4490;POINT(116.3 39.9)' FROM told RETURNING id, case_id
)
INSERT INTO whistle_call (whistle_id, agency_id, due_at) SELECT blown.id, 2, now() FROM blown WHERE case_id = 4;
INSERT INTO leave (worker_id, during) SELECT id, '[2026-01-01,2026-01-02)' FROM worker;
INSERT INTO saved_view (owner, name, query) VALUES ('desk:110199001000', 'x', '{}'), ('desk:110199002000', 'x', '{}');
INSERT INTO move_key (key, digest, claimed_by) VALUES ('west', 'x', 'desk:110199001000'), ('east', 'x', 'desk:110199002000');
INSERT INTO bulk_move (event, actor, results) VALUES ('assign', 'desk:110199001000', '[]'), ('assign', 'desk:110199002000', '[]');
INSERT INTO score_run (period, period_from, period_to, event_id, figures)
VALUES ('day', '2026-01-01', '2026-01-02', 1, '{"cut": "2026-01-02T00:00:00+08:00", "cases": 4}');
INSERT INTO score (run_id, dimension, key, figures) SELECT 1, level, code, '{}' FROM unit WHERE level <> 'city';
INSERT INTO score (run_id, dimension, key, figures) VALUES (1, 'all', 'all', '{}'), (1, 'department', 'A1', '{}');
INSERT INTO notice_address (recipient, url) VALUES ('worker:1', 'mailtos://****');
INSERT INTO notice (event_id, case_id, recipient, kind) VALUES (1, 1, 'worker:1', 'file');
INSERT INTO import_run (kind, file_name, sha256, started_at, report) VALUES ('workers', 'x', 'x', now(),
    '{"read": 1, "stored": 1, "updated": 0, "unchanged": 0, "rejected": 0, "ended": 0}');
INSERT INTO account (name) VALUES ('li'), ('wang');
INSERT INTO account_session (digest, account_id, expires_at) SELECT sha256(name::bytea), id, now() + interval '1 day' FROM account WHERE name IN ('li', 'wang');
INSERT INTO account_password (account_id, password_hash) SELECT id, 'x' FROM account WHERE name IN ('li', 'wang');
INSERT INTO account_recovery (account_id, digest) SELECT id, sha256('x') FROM account WHERE name IN ('li', 'wang');
INSERT INTO account_grant (account_id, office, actor, unit_code) SELECT id, 'street', 'desk:110199001000', '110199001000' FROM account
WHERE name IN ('li', 'wang');
INSERT INTO audit_line (action, subject) VALUES ('sign_in', 'account:li');
INSERT INTO personal_export (what, area_code, reason, asked_by, asked_as) VALUES ('workers', '110199001000', 'x', 'li', 'x'),
    ('workers', '110199002000', 'x', 'wang', 'x');
INSERT INTO service_coverage (build_id, community_code, households, households_covered, area_m2, area_covered_m2)
VALUES (1, '110199001001', 1, 1, 1, 1);
INSERT INTO retention_log (rule, before, rows) VALUES ('leave', now(), 1);
INSERT INTO duty (worker_id, began_at) SELECT id, now() FROM worker;
INSERT INTO duty_track SELECT id, now(), 116.3, 39.9 FROM duty;
INSERT INTO street_walked SELECT worker.id, current_date, street_edge.id FROM worker, street_edge;
INSERT INTO visit_place (cell_code, kind, name, every_days, geom)
SELECT code, 'shop', 'x', 7, 'SRID=4490;POINT(116.305 39.905)' FROM cell_code WHERE code LIKE '%001001';
INSERT INTO check_in (place_id, worker_id, at, distance_m) SELECT visit_place.id, worker.id, now(), 1 FROM visit_place, worker;
INSERT INTO element (kind, cell_code, name, changed_by) SELECT 'people', code, '张*', 'x' FROM cell_code WHERE code LIKE '%001001';
