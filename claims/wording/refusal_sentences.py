"""The sentence for every code with which dates, numbers, answers and texts are refused.

What a sentence inserts are the values of the refusal, as the tables of the modules that raise it list them.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from claims.domain.vocabulary import AnswerKind

Sentences = Mapping[str, str | Promise]

DATES: Sentences = {
    "empty_date": _("No date is written. Write one such as 2015-12-05, or less of it: 2015-12, 2015."),
    "long_date": _("“%(text)s” is longer than the %(most)s characters of a date. Write the date alone."),
    "spaced_date": _("“%(text)s” has a space inside, and a date has none."),
    "month_by_name": _("“%(text)s” names a month by its name, “%(part)s”. Write months as numbers, after the year."),
    "skipped_time": _(
        "“%(text)s” never was by the clocks of %(zone)s, which were put forward over it. Write another time, or the one"
        " of another zone with that zone, as in 2015-12-05T14:30Z."
    ),
    "unreadable_date": _(
        "“%(part)s” cannot be read as a date. Write year, month and day as in 2015-12-05, or less of it: 2015-12, 2015."
    ),
    "unreadable_time": _(
        "“%(part)s” cannot be read as a time. Write it after its day, as in 2015-12-05T14:30 or 2015-12-05T14:30:00Z."
    ),
    "time_in_range": _(
        "“%(part)s” has a time in a range or set, which are made of whole days. Leave the time out, or write one day"
        " with its time."
    ),
    "year_out_of_range": _("The year of “%(part)s” cannot be kept. Write one from 0001 to 9999, in four digits."),
    "inverted_dates": _("“%(part)s” runs backwards: “%(last)s” is before “%(first)s”. Write the earlier date first."),
    "scattered_date": _(
        "“%(part)s” leaves more than %(most)s separate stretches of days open. Say more of the year, or write a range."
    ),
}
IMPOSSIBLE: Sentences = {
    "month": _("“%(part)s” has the month %(written)s; months go from %(least)s to %(most)s. Correct it."),
    "day": _("“%(part)s” has the day %(written)s; days go from %(least)s to %(most)s there. Correct it."),
    "hour": _("“%(part)s” has the hour %(written)s; hours go from %(least)s to %(most)s. Correct it."),
    "minute": _("“%(part)s” has the minute %(written)s; minutes go from %(least)s to %(most)s. Correct it."),
    "second": _("“%(part)s” has the second %(written)s; seconds go from %(least)s to %(most)s. Correct it."),
    "zone": _("“%(part)s” has the zone %(written)s; zones go from %(least)s to %(most)s. Correct it."),
}
"""For `impossible_date`, by its value `field`."""

NUMBERS: Sentences = {
    "empty_number": _("No number is written. Write one such as 300, or 200..300, >=200, <=60, ~2000."),
    "long_number": _("“%(text)s” is longer than the %(most)s characters of a number. Write the number alone."),
    "ambiguous_number": _(
        "“%(part)s” can be read as %(either)s and as %(or)s. Write the one that is meant in just these digits."
    ),
    "not_a_figure": _(
        "“%(part)s” is no figure. Write the number alone, in figures; its unit is stated with the question."
    ),
    "exponent": _("“%(part)s” has an exponent. Write all digits of the number."),
    "not_finite": _("“%(part)s” is no number. For a range without an end write >=200 or <=60."),
    "too_many_digits": _(
        "“%(part)s” has more digits than can be kept: %(integer_digits)s before the decimal point, %(decimals)s"
        " after it. Round it."
    ),
    "strict_bound": _("“%(text)s” leaves out %(number)s itself, but a range includes its ends."),
    "half_open_range": _("“%(text)s” is a range with one end."),
    "signed_hyphen_range": _("The hyphen in “%(text)s” may part two numbers or be a minus sign."),
    "inverted_range": _("“%(text)s” runs from the higher number to the lower. Write the lower one first."),
    "misplaced_about": _(
        "“%(text)s” has the sign for “about” inside. Write it once, at the beginning, for the whole: ~200..300."
    ),
    "unreadable_number": _(
        "“%(part)s” cannot be read as a number. Write one such as 300, 200..300, >=200, <=60, ~2000."
    ),
    "not_yes_or_no": _("“%(text)s” is neither yes nor no. Write one of the two."),
}

ANSWERS: Sentences = {
    "empty_name": _(
        "A name is missing in “%(answer)s”, beside “>” or “|”. Write it, or remove the sign; one that belongs to a name"
        " has a backslash before it."
    ),
    "dangling_escape": _(
        "“%(answer)s” ends with a backslash that stands before nothing. Remove it; one that belongs to the name is"
        " written twice."
    ),
    "named_twice": _("“%(answer)s” names “%(name)s” twice. Write each name once, from the broadest to the one meant."),
    "no_letters": _(
        "“%(answer)s” has no letter, digit or sign by which it could be compared. Write the answer in words."
    ),
}
EMPTY_ANSWERS: Sentences = {
    AnswerKind.CHOICE: _("The answer is empty. Write the name of an option."),
    AnswerKind.YES_NO: _("The answer is empty. Write yes or no."),
    AnswerKind.QUANTITY: _("The answer is empty. Write a number such as 300, or 200..300, >=200, <=60, ~2000."),
    AnswerKind.DATE: _("The answer is empty. Write a date such as 2015-12-05, or less of it: 2015-12, 2015."),
    AnswerKind.TEXT: _("The answer is empty. Write it in words."),
}
"""For `empty_answer`, by its value `kind`."""

TEXTS: Sentences = {
    "text_empty": _("There is no text in it. Choose the file that has the words of the source, or paste them."),
    "text_too_large": _(
        "The text has %(bytes)s bytes, and at most %(most_bytes)s are taken. Attach the words of the source alone."
    ),
    "text_not_plain": _("This is %(format)s, not plain text. Save its words as a plain text file, or paste them."),
    "text_has_nul": _(
        "Byte %(at)s is a NUL, which no text has. Where the file is UTF-16 name it as utf-16-le or utf-16-be; otherwise"
        " save it again as plain text in UTF-8."
    ),
    "text_has_surrogate": _(
        "Character %(at)s is half of a character and cannot be kept. Copy the text from its source again."
    ),
    "text_not_in_encoding": _(
        "The text is not in %(encoding)s, which does not know byte %(at)s (%(byte)s). Choose another encoding, or none"
        " to have it recognised."
    ),
    "text_mark_disagrees": _(
        "The file is marked at its beginning as %(mark)s, so it is not in %(encoding)s. Choose %(mark)s, or none."
    ),
    "text_encoding_unclear": _(
        "The encoding of the text cannot be told. Choose one in which it reads well: %(encodings)s."
    ),
    "text_encoding_unknown": _(
        "The text is in none of the encodings that are read here: %(encodings)s. Save it again as plain text in UTF-8."
    ),
    "encoding_not_known": _("“%(name)s” is no encoding that is read here. Choose one of these: %(encodings)s."),
    "passage_empty": _("The passage has no words. Mark at least one."),
    "passage_outside": _(
        "Characters %(start)s to %(end)s are not in the text, which has %(length)s. Mark the passage again."
    ),
}
FORMATS = (
    gettext_noop("a PDF file"),
    gettext_noop("a ZIP archive or a word processor's file (docx, odt)"),
    gettext_noop("an empty ZIP archive"),
    gettext_noop("a word processor's file (doc)"),
    gettext_noop("a word processor's file (RTF)"),
    gettext_noop("a compressed file"),
    gettext_noop("an image"),
    gettext_noop("UTF-32 text"),
)
"""What `text_not_plain` has as its value `format`."""

SENTENCES: Sentences = {**DATES, **NUMBERS, **ANSWERS, **TEXTS}
"""By code. Those that depend on a value are in `IMPOSSIBLE` and `EMPTY_ANSWERS`."""

INSTEAD = _("If that is meant, write “%(instead)s”.")
"""After any sentence whose refusal proposes something."""

CIRCLES: Sentences = {
    "same_as": _("Agents would be the same in a circle: %(way)s. Take one of these judgements back."),
    "speaks_for": _("Agents would speak for each other in a circle: %(way)s. Take one of these out."),
    "broader": _("Options would be broader than themselves: %(way)s. Take one of these steps out."),
    "copied_from": _("Claims would be copied from themselves: %(way)s. Take one of these steps out."),
}
"""By the relation that leads back to where it started."""

STEP = pgettext_lazy("way round a circle", "%(way)s, then %(next)s")
