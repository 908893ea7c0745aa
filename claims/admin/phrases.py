"""Sentences of Django's admin that our translations word anew, where a translation must not depend on a record's name.

In Arabic what is added agrees with the name in gender, and Django's own translation says "added" where it was changed.
Nothing here is called: the messages are marked, so that our catalogue, which comes after Django's, has them.
"""

from django.utils.translation import gettext_noop

REWORDED = (
    gettext_noop("Add another %(verbose_name)s"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("The {name} “{obj}” was added successfully. You may add another {name} below."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may edit it again below."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    gettext_noop("You may edit it again below."),
)
