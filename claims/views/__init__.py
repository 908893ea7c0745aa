"""The research pages: each view asks the queries, shapes what templates read, and knows no rule."""
