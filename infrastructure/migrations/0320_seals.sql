-- Seals: blocks of the log closed into a Merkle tree (RFC 6962) whose heads are signed. What is kept lets a proof be made from at
-- most two tiles of 1,024 leaves and the hashes on the way up, however long the log is.

CREATE TABLE seals (
    -- How many events are sealed with this block and all before it: the size of the tree.
    size          bigint      NOT NULL,
    -- The size before; nobody else can close a block from there.
    start         bigint      NOT NULL,
    last_position bigint      NOT NULL,
    root          bytea       NOT NULL,
    -- SHA-256 of what the head before says and of its signature; zeros for the first.
    previous      bytea       NOT NULL,
    sealed_at     timestamptz NOT NULL,
    key_id        text        NOT NULL,
    signature     bytea       NOT NULL,
    -- Of each event of the block, in order: where it stands (8 bytes, big-endian) and its leaf hash (32 bytes).
    positions     bytea       NOT NULL,
    leaves        bytea       NOT NULL,
    -- At a multiple of 1,024: the hashes of the complete subtrees that end here, of 1,024 leaves, of 2,048 and so on.
    subtrees      bytea       NOT NULL,
    CONSTRAINT seals_pkey PRIMARY KEY (size),
    CONSTRAINT seals_start_key UNIQUE (start),
    CONSTRAINT seals_last_position_key UNIQUE (last_position),
    CONSTRAINT seals_are_blocks CHECK (
        size > start AND length(leaves) = 32 * (size - start) AND length(positions) = 8 * (size - start)
        AND (size - 1) / 1024 = start / 1024)
);
-- Hashes do not compress.
ALTER TABLE seals ALTER COLUMN leaves SET STORAGE EXTERNAL;

-- Public halves of the keys that sign, each signed by the next.
CREATE TABLE seal_keys (
    ordinal     integer     NOT NULL,
    key_id      text        NOT NULL,
    public_key  bytea       NOT NULL,
    -- Signs heads of trees greater than this.
    since       bigint      NOT NULL,
    made_at     timestamptz NOT NULL,
    -- By this key: which one it follows, and from which size on.
    signature   bytea       NOT NULL,
    -- The same by the key that it follows, where that one was still at hand.
    endorsement bytea,
    CONSTRAINT seal_keys_pkey PRIMARY KEY (ordinal),
    CONSTRAINT seal_keys_key_id_key UNIQUE (key_id)
);

CREATE FUNCTION refuse_to_change_seals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'seals are never changed: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER seals_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_seals();
ALTER TABLE seals ENABLE ALWAYS TRIGGER seals_are_immutable;
CREATE TRIGGER seal_keys_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON seal_keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_seals();
ALTER TABLE seal_keys ENABLE ALWAYS TRIGGER seal_keys_are_immutable;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tradewind_app') THEN
        GRANT SELECT, INSERT ON seals, seal_keys TO tradewind_app;
    END IF;
END $$;
