-- Take back what the tests brought in, for those that come after.
DELETE FROM upload;
DELETE FROM area WHERE valid_from = current_date;
UPDATE area SET valid_to = NULL WHERE valid_to = current_date;
