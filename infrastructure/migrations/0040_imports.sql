-- Files to import, and what became of each of their rows.

CREATE TABLE import_files (
    import_id uuid PRIMARY KEY,
    content bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);


CREATE TABLE import_rows (
    import_id uuid NOT NULL,
    "row" integer NOT NULL,
    line integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'repaired', 'refused', 'known')),
    listing_id uuid,
    code text NOT NULL DEFAULT '',
    detail text NOT NULL DEFAULT '',
    repairs json NOT NULL DEFAULT '[]',
    PRIMARY KEY (import_id, "row")
);

CREATE INDEX import_rows_by_outcome ON import_rows (import_id, outcome, "row");
