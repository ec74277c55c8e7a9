-- Take a code that was found right, once: of two who show it at the same time one is too late. At the door alone.
-- In:  account_id, step (the 30 seconds of the code, counted from 1970)      Out: id; no row when it, or a later one, was taken
SELECT id FROM take_totp_step(%(account_id)s, %(step)s) AS id
