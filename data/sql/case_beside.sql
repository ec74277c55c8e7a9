-- What a case has besides its own row, each part as JSON.
-- In:  id, actor      Out: one row: had_part (whether the actor reported it or had it in hand once), handler, refused_by, the place as given, when it was reported, the clock, and photos, helpers, followers, children, whistles, rating, contact (masked)
SELECT c.reported_by IS NOT DISTINCT FROM %(actor)s OR EXISTS (SELECT FROM case_event AS e WHERE e.case_id = c.id AND e.held_by = %(actor)s) AS had_part, c.handler, c.candidates, c.time_limit, c.remaining_minutes, c.asked_limit,
       c.lon AS lon_given, c.lat AS lat_given, c.datum, c.reported_at,
       (SELECT coalesce(json_agg(json_build_object('id', p.id, 'width', p.width, 'height', p.height, 'taken_by', p.taken_by,
                                                   'stored_at', p.stored_at) ORDER BY p.id), '[]')
        FROM case_photo AS p WHERE p.case_id = c.id) AS photos,
       (SELECT coalesce(json_agg(json_build_object('helper', h.helper, 'asked_by', h.asked_by, 'asked_at', h.asked_at,
                                                   'request', h.request, 'reported_at', h.reported_at, 'report', h.report)
                                 ORDER BY h.id), '[]')
        FROM case_helper AS h WHERE h.case_id = c.id) AS helpers,
       (SELECT coalesce(json_agg(json_build_object('id', f.id, 'source', f.source, 'note', f.note, 'followed_at', f.followed_at)
                                 ORDER BY f.id), '[]')
        FROM case_follower AS f WHERE f.case_id = c.id) AS followers,
       (SELECT coalesce(json_agg(json_build_object('id', child.id, 'state', child.state, 'filed_at', child.filed_at)
                                 ORDER BY child.id), '[]')
        FROM case_file AS child WHERE child.parent_id = c.id) AS children,
       (SELECT coalesce(json_agg(json_build_object(
                   'id', w.id, 'called_by', w.called_by, 'called_at', w.called_at, 'meet_at', w.meet_at, 'place', w.place,
                   'request', w.request, 'lon', ST_X(w.geom), 'lat', ST_Y(w.geom), 'calls', (
                       SELECT json_agg(json_build_object(
                           'agency', 'agency:' || k.agency_id, 'due_at', k.due_at, 'reported_in_at', k.reported_in_at,
                           'means', k.means, 'distance_m', k.distance_m, 'missed_at', k.missed_at) ORDER BY k.agency_id)
                       FROM whistle_call AS k WHERE k.whistle_id = w.id)) ORDER BY w.id), '[]')
        FROM whistle AS w WHERE w.case_id = c.id) AS whistles,
       (SELECT json_build_object('is_answered', r.is_answered, 'is_solved', r.is_solved, 'satisfaction', r.satisfaction,
                                 'comment', r.comment, 'rated_at', r.rated_at)
        FROM rating AS r WHERE r.case_id = c.id ORDER BY r.id DESC LIMIT 1) AS rating,
       (SELECT json_build_object('name', p.name, 'phone', p.phone, 'home', p.home)
        FROM reporter_contact AS p WHERE p.case_id = c.id) AS contact
FROM reported_case AS c
WHERE c.id = %(id)s
