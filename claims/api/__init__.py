"""The API for programs, `/api/v1/`: the same records, filters, rules and services as the pages, as JSON."""
