"""The application: claims, who made them, and how they compare; docs/architecture.md shows what is where."""
