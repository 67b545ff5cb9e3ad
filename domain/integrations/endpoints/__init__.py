"""Webhook endpoints: addresses of other systems that public events are sent to."""
