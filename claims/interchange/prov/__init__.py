"""W3C PROV: what is on record as entities, activities and agents, by the `prov` library, in PROV-JSON and PROV-N.

How our words become theirs is told in docs/interchange.md. Section numbers are those of PROV-DM (W3C Recommendation
of 30 April 2013).
"""
