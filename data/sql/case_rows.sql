-- Cases by their ids with the names of category and places, in the order of the ids.
-- In:  ids (bigint[]), now, soon_share      Out: the columns below; lon, lat in EPSG:4490
-- Why: the ids come from a statement of their own, planned for the filters at hand; this one is always the same, so that it
--      is planned once per connection.
SELECT c.id, c.seq, c.state, c.outcome, coalesce(c.category_code, i.category_code) AS category,
       category.name AS category_name, category.name_en AS category_name_en, i.description, i.source,
       c.filed_at, c.dispatched_at, c.closed_at, c.due_at, c.is_provisional,
       case_time_left(c.state, coalesce(c.dispatched_at, c.filed_at), c.due_at, %(now)s::timestamptz, %(soon_share)s::float8)
           AS time_left,
       c.level, c.hops, c.returns, c.reworks, coalesce(c.held_since, c.filed_at) AS held_since,
       ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, c.located, c.parent_id,
       c.worker_id, c.desk_code, c.agency_id, c.lead,
       cell.code AS cell_code, cell.name AS cell_name, community.code AS community_code, community.name AS community_name,
       street.code AS street_code, street.name AS street_name
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN case_file AS c ON c.id = wanted.id
JOIN incident AS i ON i.id = c.id
JOIN category ON category.code = coalesce(c.category_code, i.category_code)
LEFT JOIN cell ON cell.id = c.cell_id
LEFT JOIN area AS community ON community.id = c.community_id
LEFT JOIN area AS street ON street.id = c.street_id
ORDER BY wanted.place
