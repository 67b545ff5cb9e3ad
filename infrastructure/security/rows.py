"""The statements for what is kept of users beside the log."""

from application import rows
from infrastructure.eventlog.rows import RowStatements

CLOSED = "WITH closed AS (UPDATE sessions SET ended_at = %(at)s, ended_reason = %(reason)s WHERE ended_at IS NULL AND "
FORGOTTEN = " RETURNING id) DELETE FROM refresh_tokens USING closed WHERE session_id = closed.id"

ROWS: RowStatements = {
    rows.OpenAccount: "INSERT INTO accounts (user_id, roles) VALUES (%(user_id)s, %(roles)s)",
    rows.AddRole: "UPDATE accounts SET roles = array_append(array_remove(roles, %(role)s), %(role)s) WHERE user_id = %(user_id)s",
    rows.DropRole: "UPDATE accounts SET roles = array_remove(roles, %(role)s) WHERE user_id = %(user_id)s",
    rows.SetSuspended: "UPDATE accounts SET suspended = %(suspended)s WHERE user_id = %(user_id)s",
    rows.SetPassword: (
        "INSERT INTO credentials (user_id, password_hash, changed_at) VALUES (%(user_id)s, %(password_hash)s, %(at)s)"
        " ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at"
    ),
    # FOR SHARE waits for a change of the password that is not committed yet, and then finds another hash.
    rows.OpenSession: (
        "WITH proven AS (SELECT FROM credentials WHERE user_id = %(user_id)s AND password_hash = %(password_hash)s FOR SHARE),"
        " opened AS (INSERT INTO sessions (id, user_id, agent, address, started_at, seen_at, expires_at)"
        " SELECT %(session_id)s, %(user_id)s, %(agent)s, %(address)s, %(at)s, %(at)s, %(expires_at)s FROM proven RETURNING id)"
        " INSERT INTO refresh_tokens (hash, session_id, issued_at) SELECT %(refresh_hash)s, id, %(at)s FROM opened"
    ),
    rows.OpenSessionByCode: (
        "WITH let_in AS (SELECT FROM accounts WHERE user_id = %(user_id)s AND NOT suspended FOR SHARE),"
        " opened AS (INSERT INTO sessions (id, user_id, agent, address, started_at, seen_at, expires_at)"
        " SELECT %(session_id)s, %(user_id)s, %(agent)s, %(address)s, %(at)s, %(at)s, %(expires_at)s FROM let_in RETURNING id)"
        " INSERT INTO refresh_tokens (hash, session_id, issued_at) SELECT %(refresh_hash)s, id, %(at)s FROM opened"
    ),
    rows.CloseSession: CLOSED + "id = %(session_id)s" + FORGOTTEN,
    rows.CloseSessions: CLOSED + "user_id = %(user_id)s AND id IS DISTINCT FROM %(kept)s" + FORGOTTEN,
    rows.OpenApiKey: "INSERT INTO api_keys (id, user_id, hash, scopes) VALUES (%(key_id)s, %(user_id)s, %(hash)s, %(scopes)s)",
    rows.CloseApiKey: "UPDATE api_keys SET revoked_at = %(at)s WHERE id = %(key_id)s AND revoked_at IS NULL",
}
