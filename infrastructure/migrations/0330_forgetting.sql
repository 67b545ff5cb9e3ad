-- Being forgotten: keys that are gone stay gone, and who is forgotten is written down until everything derived has followed.

-- A key that is only wrapped anew is the same key: processes need not forget it.
DROP TRIGGER keys_move_the_epoch ON personal_keys;
CREATE TRIGGER destroyed_keys_move_the_epoch AFTER UPDATE ON personal_keys FOR EACH ROW
    WHEN (OLD.wrapped IS NOT NULL AND NEW.wrapped IS NULL) EXECUTE FUNCTION move_key_epoch();
CREATE TRIGGER lost_keys_move_the_epoch AFTER DELETE OR TRUNCATE ON personal_keys
    FOR EACH STATEMENT EXECUTE FUNCTION move_key_epoch();

CREATE FUNCTION refuse_to_restore_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a destroyed key is never restored' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER destroyed_keys_stay_so BEFORE UPDATE ON personal_keys FOR EACH ROW
    WHEN (OLD.wrapped IS NULL AND NEW.wrapped IS NOT NULL) EXECUTE FUNCTION refuse_to_restore_keys();
ALTER TABLE personal_keys ENABLE ALWAYS TRIGGER destroyed_keys_stay_so;

-- Written with the event whose position it names. `told`: what is to be made from zero was asked for; `done`: nothing is left.
CREATE TABLE erasures (
    user_id   uuid        PRIMARY KEY,
    position  bigint      NOT NULL,
    erased_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    told_at   timestamptz,
    done_at   timestamptz
);
CREATE INDEX erasures_open ON erasures (position) WHERE done_at IS NULL;

-- Ends all papers of the years before, whose time is over; those of this year and the last nobody destroys. With the owner's rights: the
-- application itself takes no key away.
CREATE FUNCTION destroy_papers(first_kept integer) RETURNS SETOF integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF first_kept >= extract(year FROM now()) THEN
        RAISE EXCEPTION 'papers of % are still kept', first_kept - 1 USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY DELETE FROM invoice_keys WHERE year < first_kept RETURNING year;
END $$;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        RETURN;
    END IF;
    GRANT SELECT, INSERT, UPDATE ON erasures TO tradewind_app;
    GRANT DELETE ON credentials, sessions, api_keys, import_files, import_rows, courier_tracks, courier_positions, tier_checkouts
        TO tradewind_app;
    GRANT UPDATE ON invoice_keys, supplier_documents TO tradewind_app;
    REVOKE EXECUTE ON FUNCTION destroy_papers(integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION destroy_papers(integer) TO tradewind_app;
END $$;

-- By which what a provider has sent of a payment is found when its payer is forgotten.
CREATE INDEX payment_messages_payment ON payment_messages (payment_id) WHERE payment_id IS NOT NULL;
