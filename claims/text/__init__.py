"""Texts as sources carry them: decoding bytes, comparing wordings, finding passages again. Knows nothing of claims."""
