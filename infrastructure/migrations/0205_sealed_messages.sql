-- The messages of payment providers name people: they are sealed from now on, those from before with the next comparison,
-- and after a while their bodies are emptied. An empty body is one that is kept no longer.

ALTER TABLE payment_messages ADD COLUMN sealed boolean NOT NULL DEFAULT false;

CREATE INDEX payment_messages_in_clear ON payment_messages (id) WHERE NOT sealed;
