-- The role of the web process and all that it may do. Run after every migration: whatever it could do before is taken away first.
-- In:  tables (all of ours, separated by commas)
-- Why: roles belong to the whole server, and several databases may be migrated at once, so whoever is second finds it there.
--      Under row-level security the planner may use an index for a condition only when its function is known to tell nothing
--      of the rows that it is tried on (LEAKPROOF); PostGIS leaves its own unmarked. Only a superuser can say so; without
--      it the lists are right, but slower: docs/access.md.
SELECT pg_advisory_xact_lock(hashtext('what the web may do'));

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_web') THEN
        CREATE ROLE wangge_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
DECLARE
    name text;
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_web' AND (rolsuper OR rolbypassrls)) THEN
        RAISE EXCEPTION 'the role wangge_web sees past row-level security; ALTER ROLE wangge_web NOSUPERUSER NOBYPASSRLS';
    END IF;
    IF NOT pg_has_role(current_user, 'wangge_web', 'MEMBER') THEN
        GRANT wangge_web TO CURRENT_USER;
    END IF;
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        FOR name IN SELECT oid::regprocedure FROM pg_proc WHERE NOT proleakproof AND (
            oid = to_regprocedure('arraycontains(anyarray,anyarray)') OR oid = to_regprocedure('bigrams(text)')
            OR oid = to_regprocedure('geometry_overlaps(geometry,geometry)')
            OR oid = to_regprocedure('st_intersects(geometry,geometry)') OR oid = to_regprocedure('st_covers(geometry,geometry)')
        ) LOOP
            EXECUTE format('ALTER FUNCTION %s LEAKPROOF', name);
        END LOOP;
    END IF;
    IF pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
        EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
    IF pg_has_role(current_user, (SELECT nspowner FROM pg_namespace WHERE nspname = 'public'), 'USAGE') THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;
END $$;

REVOKE ALL ON {tables}, reported_case FROM wangge_web;

-- Ground, rules and what was found on them: read.
GRANT SELECT ON alembic_version, unit, area, cell_code, cell, facility, facility_serves, residence, landmark, street_node, street_edge,
    service_build, service_area, service_coverage, standard, standard_limit, check_run, finding, handling_rule, parameter,
    calendar_day, category, agency, duplicate_rule, intake_rule, ready_reason, ground_revision, dispatch_run, import_run TO wangge_web;

-- People: names and numbers are masked, and sealed for who unmasks them with a reason.
GRANT SELECT ON worker, assignment, leave, retention_rule, retention_log TO wangge_web;
GRANT SELECT, INSERT ON reporter_contact TO wangge_web;
GRANT SELECT, INSERT, UPDATE ON personal_export TO wangge_web;

-- Cases: read, reported and moved; where a case lies and when it was stored stay as they are. The ledger is only added to.
GRANT SELECT, INSERT ON case_whereabouts, incident, case_file, case_event, case_photo, case_helper, case_follower, whistle, whistle_call, rating, exclusion
    TO wangge_web;
GRANT SELECT ON reported_case TO wangge_web;
GRANT UPDATE (geom, picked_cell) ON incident TO wangge_web;
GRANT UPDATE (seq, state, outcome, level, category_code, filed_at, dispatched_at, held_since, closed_at, worker_id, desk_code, agency_id,
              lead, handler, refused_by, time_limit, due_at, is_provisional, remaining_minutes, asked_limit, reminded_at, overdue_at,
              stages_late, escalated_at, hops, returns, returns_before, reworks, parent_id) ON case_file TO wangge_web;
GRANT UPDATE (reported_at, report) ON case_helper TO wangge_web;
GRANT UPDATE (reported_in_at, means, distance_m, signature, signature_sealed, signature_digests) ON whistle_call TO wangge_web;
GRANT UPDATE (ended_by, ended_at) ON exclusion TO wangge_web;

-- What callers keep for themselves.
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_view TO wangge_web;
GRANT SELECT, INSERT ON bulk_move, move_key TO wangge_web;
GRANT UPDATE (undone_at) ON bulk_move TO wangge_web;
GRANT UPDATE (bulk_id, photo_id) ON move_key TO wangge_web;

-- Rounds of grid workers and the elements of their cells. A track and who checked in are read by nobody over the web.
GRANT SELECT, INSERT ON duty, street_walked TO wangge_web;
GRANT UPDATE (ended_at) ON duty TO wangge_web;
GRANT INSERT ON duty_track, check_in TO wangge_web;
GRANT SELECT ON visit_place TO wangge_web;
GRANT UPDATE (last_at) ON visit_place TO wangge_web;
GRANT SELECT, INSERT, UPDATE ON element TO wangge_web;

-- Files that the district brings in; another process reads them.
GRANT SELECT, INSERT, UPDATE, DELETE ON upload TO wangge_web;

-- Scores are reckoned anew on demand: of a period only the latest figures are kept.
GRANT SELECT, INSERT ON score_run TO wangge_web;
GRANT SELECT, INSERT, DELETE ON score TO wangge_web;

-- What may be learned beyond one's sight: each gives one small thing, none a row.
GRANT EXECUTE ON FUNCTION area_versions(text), covers_all(text), cell_versions(text[]), cases_taken_part_in(), are_there(text, bigint[]),
    case_of_photo(bigint), actors_at_work(text[]), word_is_met(text, integer), newest_event(), newest_import(), sees_case(bigint)
    TO wangge_web;

-- The door: who signs in, and who keeps the accounts. The audit is only added to.
-- What somebody signs in with is written and never read, but by functions that judge one account while it is seen who comes.
GRANT SELECT (id, name, password_since, must_change_password, locked_at, locked_by, created_at, created_by, totp_since, totp_step,
              oidc_subject, is_demo), INSERT, UPDATE ON account TO wangge_web;
GRANT SELECT (account_id, used_at), INSERT, DELETE ON account_recovery TO wangge_web;
GRANT EXECUTE ON FUNCTION account_secrets(bigint), passwords_before(bigint, integer), take_totp_step(bigint, bigint),
    use_recovery_code(bigint, bytea) TO wangge_web;
GRANT SELECT, INSERT, UPDATE ON account_grant, account_session, sign_in_count TO wangge_web;
GRANT DELETE ON sign_in_count TO wangge_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON request_count TO wangge_web;
GRANT SELECT, INSERT ON audit_line TO wangge_web;
GRANT SELECT ON audit_seal TO wangge_web;
