-- The days of the working calendar that are not as Monday to Friday say, to take away.
-- In:  nothing
-- Out: the fields that `wangge import calendar` reads
SELECT day, is_working, name, name_en, source FROM calendar_day ORDER BY day
