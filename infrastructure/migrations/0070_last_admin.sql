-- Somebody always looks after the installation: the last active admin neither loses the role nor is suspended. Two admins are two
-- streams, so that neither's decider sees what happens to the other at the same moment; here the one waits for the other.

CREATE FUNCTION keep_an_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two statements: the second sees what was committed while the first waited. Two integers, as floors have the other form.
    PERFORM pg_advisory_xact_lock(1414676804, 2);
    IF NOT EXISTS (SELECT FROM accounts WHERE 'admin' = ANY (roles) AND NOT suspended) THEN
        RAISE EXCEPTION 'the last active admin stays one' USING ERRCODE = 'check_violation', CONSTRAINT = 'last_admin';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER an_admin_is_kept AFTER UPDATE ON accounts FOR EACH ROW
    WHEN ('admin' = ANY (OLD.roles) AND NOT OLD.suspended AND (NEW.suspended OR NOT 'admin' = ANY (NEW.roles)))
    EXECUTE FUNCTION keep_an_admin();
