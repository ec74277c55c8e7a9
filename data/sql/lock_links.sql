-- One at a time links cases, until the end of the transaction: two who link crosswise would make a ring.
SELECT pg_advisory_xact_lock(hashtext('links of cases'))
