"""How dates and numbers are written in languages whose formats Django leaves open, or has otherwise than we do."""
