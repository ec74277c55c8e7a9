-- Take back what the tests brought in, for those that come after. Days are the city's.
SET TIME ZONE 'Asia/Shanghai';
DELETE FROM upload;
DELETE FROM area WHERE valid_from = current_date;
UPDATE area SET valid_to = NULL WHERE valid_to = current_date;
