"""Dates and times in English, as `claims.wording` writes dates; what is not stated here is as Django has it.

Django's own write midnight as a word and 14:30 as "2:30 p.m.": in a log every time has the same digits.
"""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
