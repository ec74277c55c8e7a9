-- Keep how to reach who reported a case.
-- In:  id (of the case), and of name, phone and home the masked, sealed and digested forms      Out: nothing
INSERT INTO reporter_contact (case_id, name, name_sealed, name_digests, phone, phone_sealed, phone_digests,
                              home, home_sealed, home_digests)
VALUES (%(id)s, %(name)s, %(name_sealed)s, %(name_digests)s::bytea[], %(phone)s, %(phone_sealed)s, %(phone_digests)s::bytea[],
        %(home)s, %(home_sealed)s, %(home_digests)s::bytea[])
ON CONFLICT (case_id) DO NOTHING
