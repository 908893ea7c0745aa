"""W3C Web Annotations: passages as annotations that others can place, and annotations of others as passages.

Section numbers are those of the Web Annotation Data Model (W3C Recommendation of 23 February 2017).
"""

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
"""The context that every annotation names (3.1); it is never fetched."""
