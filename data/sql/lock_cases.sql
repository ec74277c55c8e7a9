-- Hold cases until the end of the transaction, in one order, so that two who move many do not wait for each other.
-- In:  ids
SELECT id FROM case_file WHERE id = ANY (%(ids)s) ORDER BY id FOR NO KEY UPDATE
