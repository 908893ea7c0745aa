"""schema.org: claims as `Claim`, findings as `ClaimReview`, and those of fact-checkers as rows of the claims table.

Types and properties are those of schema.org 28.
"""

from claims.interchange.addresses import TERMS

CONTEXT = ["https://schema.org", {"terms": TERMS}]
"""The contexts that a document names; they are never fetched."""
