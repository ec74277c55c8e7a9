-- What of an edition is a difference, and what only noise between two deliveries of the same thing.
-- In:  {table}; temporary table incoming with its differences; {moved_m}, {reshaped_pct}: what is tolerated; {day} of the
--      edition; {until}: the first day of what is known, when the edition comes before it
-- Out: incoming.renamed, moved_m, reshaped_m2 (null where tolerated) and change: unchanged where nothing differs, extended where
--      the same was known of later days only; before all that is known, what differs from later is stored beside it
UPDATE incoming SET moved_m = NULL WHERE moved_m <= {moved_m};
UPDATE incoming SET reshaped_m2 = NULL WHERE reshaped_m2 <= of_m2 * {reshaped_pct} / 100;
UPDATE incoming SET change = 'unchanged'
WHERE change = 'updated' AND NOT (renamed OR amended OR moved_m IS NOT NULL OR reshaped_m2 IS NOT NULL);
UPDATE incoming i SET change = 'extended'
FROM {table} v
WHERE i.change = 'unchanged' AND v.id = i.old_id AND v.valid_from > {day}
  AND NOT EXISTS (SELECT FROM {table} w WHERE w.code = v.code AND w.valid_from < v.valid_from AND w.valid_to > {day});
UPDATE incoming SET change = 'stored', old_id = NULL WHERE change = 'updated' AND {until} IS NOT NULL;
