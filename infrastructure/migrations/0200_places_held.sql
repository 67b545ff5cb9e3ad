-- Listings that were published before there were tiers take their sellers' places: a job for `work`, which may be stopped and goes on.
INSERT INTO jobs (id, kind, "rank", work, event_id, correlation_id)
SELECT job, 'hold_places', 1, '{"type": "hold_places"}', job, job
FROM (VALUES ('5c1d0e0a-7a43-5d0f-9a3e-000000000200'::uuid)) AS made (job)
WHERE EXISTS (SELECT FROM events WHERE type = 'listings.ListingPublished')
ON CONFLICT (id) DO NOTHING;
