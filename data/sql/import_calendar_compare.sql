-- Compare calendar days on their way in with what is known, and say of each whether it is new, changed or the same.
-- In:  temporary table incoming (line, day, is_working, name, name_en, source, file_name)
-- Out: incoming.change (stored, updated, unchanged), its empty fields filled
-- Why: an empty field never erases what is known.
UPDATE incoming i SET name_en = coalesce(i.name_en, c.name_en), source = coalesce(i.source, c.source)
FROM calendar_day c
WHERE c.day = i.day;

UPDATE incoming i SET change = CASE
    WHEN NOT EXISTS (SELECT FROM calendar_day c WHERE c.day = i.day) THEN 'stored'
    WHEN EXISTS (
        SELECT FROM calendar_day c
        WHERE c.day = i.day
          AND (i.is_working, i.name, i.name_en, i.source)
              IS NOT DISTINCT FROM (c.is_working, c.name, c.name_en, c.source)
    ) THEN 'unchanged'
    ELSE 'updated' END;
