"""What goes with a person in the append that forgets him."""

from application import rows
from infrastructure.eventlog.rows import RowStatements

ROWS: RowStatements = {
    # A row without a key stands also for who never had one: none is made for him afterwards.
    rows.DestroyKey: (
        "INSERT INTO personal_keys (subject, wrapped) VALUES (%(user_id)s, NULL) ON CONFLICT (subject) DO UPDATE SET wrapped = NULL"
    ),
    rows.ForgetAccount: """
        WITH keys AS (DELETE FROM api_keys WHERE user_id = %(user_id)s),
        proven AS (DELETE FROM credentials WHERE user_id = %(user_id)s),
        seen AS (DELETE FROM sessions WHERE user_id = %(user_id)s),
        held AS (DELETE FROM reservations WHERE owner = %(user_id)s AND space IN ('email', 'phone'))
        UPDATE accounts SET roles = '{}', suspended = true WHERE user_id = %(user_id)s
    """,
    rows.NoteErasure: """
        INSERT INTO erasures (user_id, position) SELECT %(user_id)s, max(position) FROM events WHERE stream = %(user_id)s
        ON CONFLICT DO NOTHING
    """,
}
