"""Where read models live: the adapters of Postgres, Redis and OpenSearch, for those who write them and those who query."""
