-- The number that a code goes to is sealed: whoever sees these rows, in a dump or a backup, learns nobody's number. What was asked for in
-- the ten minutes before is asked for again.

DELETE FROM phone_codes;
ALTER TABLE phone_codes DROP COLUMN number, ADD COLUMN sealed bytea NOT NULL;
