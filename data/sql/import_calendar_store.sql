-- Store the calendar days that are new or changed.
-- In:  temporary table incoming as import_calendar_compare.sql leaves it
-- Out: rows of calendar_day, amended in place: a notice holds for its year as a whole
-- Why: run only when something changed.
INSERT INTO calendar_day (day, is_working, name, name_en, source)
SELECT day, is_working, name, coalesce(name_en, name), coalesce(source, file_name)
FROM incoming
WHERE change <> 'unchanged'
ORDER BY line
ON CONFLICT (day) DO UPDATE SET
    is_working = excluded.is_working, name = excluded.name, name_en = excluded.name_en, source = excluded.source;
