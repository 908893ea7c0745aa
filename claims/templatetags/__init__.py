"""Template tags and filters of the pages and the admin; each is a typed function that Python may call as well."""
