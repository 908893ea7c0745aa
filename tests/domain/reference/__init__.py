"""An independent reference of the rules of comparison: brute force over small universes, slow and plain.

It imports nothing from the application. Every sentence of DESIGN's rules 1 to 5 is transcribed as it stands,
by enumerating what may be the case and looking at every pair; nothing is sorted, swept or remembered.
"""
