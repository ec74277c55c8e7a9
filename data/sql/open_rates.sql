-- What is counted in windows that are not over.
-- In:  most.     Out: key, since, ends, calls; the most first.
SELECT key, since, ends, calls FROM request_count WHERE ends > extract(epoch FROM now()) ORDER BY calls DESC LIMIT %(most)s
