"""A text in two languages, and what a test does with it."""

from claims.text.passages import Finder, Quote, quote_of

TEXT = (
    "The governor said on Monday that a final agreement had been reached.\n"
    "A negotiator for the other side called it a preliminary truce, to last for three months.\n"
    "According to the governor, two hundred fighters leave the district in the first stage.\n"
    "The negotiator denied that anybody would leave the district.\n"
)
ARABIC = (
    "أعلن المحافظ يوم الاثنين أن الطرفين وقعا وثيقة نهائية بعد لقاء طويل.\n"
    "وقال مفاوض من الجانب الآخر إن الوثيقة تهدئة أولية لا غير، ومدتها ثلاثة أشهر.\n"
    "وأوضح المحافظ أن مئتي شخص يغادرون المنطقة ضمن الدفعة الأولى.\n"
    "ونفى المفاوض أن يغادر المنطقة أي شخص.\n"
)
HEAD = "A correction was added to this report on Tuesday.\n\n"


def recorded(text: str, words: str, context: int = 32) -> Quote:
    start = text.index(words)
    return quote_of(text, start, start + len(words), context)


def found(text: str, quote: Quote) -> tuple[str, str]:
    match = Finder(text).find(quote)
    if match.start is not None and match.end is not None:
        assert match.found == text[match.start : match.end]
    return match.outcome.value, match.found
