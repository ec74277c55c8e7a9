-- Count a try to sign in before it is judged, so that many at once are not more tries than one after another. Failures count for
-- some minutes from the first; the one that locks begins as many minutes anew, and what is tried meanwhile does not prolong them.
-- In:  key (SHA-256 of a name or address), most (failures that lock), minutes
-- Out: is_refused (locked already), is_last (locked if this one fails too), until
INSERT INTO sign_in_count AS held (key, failures) VALUES (%(key)s, 1)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN held.since < now() - make_interval(mins => %(minutes)s) THEN 1 ELSE held.failures + 1 END,
    since = CASE WHEN held.since < now() - make_interval(mins => %(minutes)s) OR held.failures + 1 = %(most)s THEN now()
                 ELSE held.since END
RETURNING failures > %(most)s AS is_refused, failures >= %(most)s AS is_last,
          since + make_interval(mins => %(minutes)s) AS until
