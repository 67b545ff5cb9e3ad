"""The event log: immutable, in one global order, on Postgres.

migrate(settings.database_url)
pool = open_pool(settings.database_url, settings.pool_size)
bell = Bell(settings.database_url)  # wakes readers; close it and the pool at the end
log = PostgresLog(pool, deciders, PersonalKeys(settings.wrapping_key), ROWS | {...}, bell)
handle = Handler(log, deciders)
"""
