"""Events by the thousand, written as the application's role would, with gaps in their positions."""

from typing import Any

import psycopg

KEY = bytes(range(32))
NEXT_KEY = bytes(range(1, 33))

WRITE = """
INSERT INTO events (position, stream, version, kind, type, schema, event_id, data, actor, command_id, correlation_id, causation_id)
SELECT nextval('events_position'), gen_random_uuid(), 1, 'till', 'toys.PaidIn', 1, gen_random_uuid(),
       convert_to(json_build_object('amount', n, 'note', 'Zürich')::text, 'UTF8'),
       gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), CASE WHEN n %% 2 = 0 THEN gen_random_uuid() END
FROM generate_series(1, %s) AS n
"""


def write(connection: psycopg.Connection[Any], count: int) -> None:
    connection.execute(WRITE, [count])
    connection.execute("SELECT nextval('events_position')")
