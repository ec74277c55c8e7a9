-- Until the end of the transaction nobody else adds or removes the kept file of this checksum.
-- In:  sha256
SELECT pg_advisory_xact_lock(hashtextextended('wangge kept file ' || %(sha256)s, 0))
