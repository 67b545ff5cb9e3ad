"""The OpenAPI document, complete, and a page to read it."""
