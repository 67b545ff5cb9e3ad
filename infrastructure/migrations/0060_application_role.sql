-- What the role of the application may do with the tables that came after the log: `GRANT tradewind_app TO <its login>`, and that
-- login serves, projects, reacts and works. Projectors make the tables of read models themselves, hence CREATE.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        RETURN;
    END IF;
    GRANT USAGE, CREATE ON SCHEMA public TO tradewind_app;
    GRANT SELECT, INSERT, UPDATE ON projection_positions, reactions, jobs TO tradewind_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON parked_events, parked_reactions TO tradewind_app;
    GRANT SELECT, INSERT, DELETE ON local_mail TO tradewind_app;
    GRANT SELECT, INSERT ON import_files, import_rows TO tradewind_app;
    -- A process may ask which migrations its database has had; it runs none.
    GRANT SELECT ON migrations TO tradewind_app;
END $$;
