-- Addresses, without what may be secret in them, and what became of the notices of their owners.
-- In:  nothing      Out: id, recipient, kind, language, digest_minutes, quiet_from, quiet_to, is_active, waiting, sent, failed
SELECT address.id, address.recipient, split_part(address.url, '://', 1) AS kind, address.language, address.digest_minutes,
       address.quiet_from, address.quiet_to, address.is_active,
       count(notice.id) FILTER (WHERE notice.state IN ('waiting', 'sending')) AS waiting,
       count(notice.id) FILTER (WHERE notice.state = 'sent') AS sent, count(notice.id) FILTER (WHERE notice.state = 'failed') AS failed
FROM notice_address AS address LEFT JOIN notice ON notice.recipient = address.recipient
GROUP BY address.id ORDER BY address.recipient, address.id
