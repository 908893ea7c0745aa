"""The demonstration's content: two files that agree with each other and with the reading they were made from."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise

from claims.domain.vocabulary import AgentKind, AnswerKind, Aspect, Certainty, Manner, Stance
from tests.interchange.demonstration import EXTRA, ROWS, question_of

COLUMNS = (
    "id", "topic", "question", "answer_kind", "unit", "several", "over_time", "window_hours",
    "tolerance", "rounding", "stance", "certainty", "inferred", "answer", "as_of", "speaker",
    "speaker_id", "speaker_kind", "speaker_role", "side", "speaks_for", "via", "cue", "manner",
    "said_on", "source", "source_url", "publisher", "published_on", "language", "statement",
    "statement@ar", "quote", "prefix", "suffix", "start", "text_sha256", "review",
)  # fmt: skip
ALLOWED: dict[str, set[str]] = {
    "answer_kind": set(AnswerKind),
    "stance": set(Stance),
    "certainty": set(Certainty),
    "speaker_kind": set(AgentKind),
    "manner": set(Manner),
    "several": {"yes"},
    "inferred": {"yes"},
}
REQUIRED = (
    "id", "topic", "question", "answer_kind", "stance", "answer", "speaker", "speaker_kind", "side",
    "manner", "source", "publisher", "published_on", "language", "statement", "statement@ar", "quote",
    "start", "text_sha256",
)  # fmt: skip
OF_THE_QUESTION = ("answer_kind", "unit", "several", "over_time", "window_hours", "tolerance", "rounding")
OF_THE_ATTRIBUTION = ("source", "speaker", "via", "said_on", "quote")
SAME_IN_AN_ATTRIBUTION = (
    "speaker_kind", "speaker_role", "side", "speaks_for", "cue", "manner", "start", "prefix", "suffix",
)  # fmt: skip

TOPICS = (
    "Al-Waer agreement, December 2015",
    "Old Homs and Baba Amr, 2012-2014",
    "Al-Waer agreement, March 2017",
)

# Topic, question, kind (with its unit, rounding, and whether several answers hold), and the number of claims.
READING = (
    (0, "What was reached in al-Waer?", "choice", 5),
    (0, "Did the armed opposition agree to leave the district?", "yes_no", 5),
    (0, "How many years had al-Waer been besieged by December 2015?", "quantity years 0.5", 3),
    (0, "Does it admit government forces or bodies into the district?", "yes_no", 2),
    (0, "Why was the truce concluded?", "choice several", 3),
    (0, "Does it provide for releasing detainees held by the government?", "yes_no", 2),
    (0, "Had those detainees been released by September 2016?", "yes_no", 1),
    (0, "Does it provide for releasing people abducted by the gunmen?", "yes_no", 1),
    (0, "Does it provide for keeping the calm and halting military operations?", "yes_no", 1),
    (0, "How many fighters leave in the first stage?", "quantity people", 1),
    (0, "When does the first stage begin?", "date", 1),
    (0, "How long will it take to carry out?", "quantity months", 1),
    (0, "How many people leave in all?", "quantity people", 1),
    (0, "What does the district receive in return?", "choice several", 3),
    (0, "Who runs the district's affairs during the truce?", "choice", 1),
    (0, "Who took part in the meeting?", "choice several", 6),
    (0, "What part did the United Nations take?", "choice several", 2),
    (0, "Was it revived on 1 September 2016?", "yes_no", 1),
    (0, "Where in Homs is al-Waer?", "choice", 2),
    (1, "How many opposition fighters left Old Homs?", "quantity people", 1),
    (1, "Since when has the government held all of Homs but al-Waer?", "date", 1),
    (1, "When was the displacement of Old Homs's residents complete?", "date", 1),
    (1, "Where did they go?", "choice", 1),
    (1, "When did government forces storm Baba Amr?", "date", 1),
    (2, "When was the agreement reached?", "date", 1),
    (2, "Who sponsored and guaranteed the agreement?", "choice several", 1),
    (2, "Where may the fighters leave for?", "choice several", 3),
    (2, "How many fighters leave the district?", "quantity people", 1),
    (2, "What weapons may the fighters take with them?", "choice several", 1),
    (2, "How many people leave in each batch?", "quantity people", 1),
    (2, "How many months is carrying out the agreement to take?", "quantity months", 1),
    (2, "How many police will Russia station in the district?", "quantity people", 1),
    (2, "Which forces of the government's side may enter the district?", "choice several", 1),
    (2, "Who controls the district afterwards?", "choice", 1),
    (2, "Was the agreement of December 2015 revived in March 2017?", "yes_no", 1),
)

# The claims that do more than affirm what the text says: number of the question, speaker, stance, answer, mark.
MARKED = {
    (0, "Opposition-affiliated sources", "doubts", "Agreement", "inferred"),
    (1, "Talal al-Barazi", "affirms", "yes", "inferred"),
    (1, "Al Jazeera correspondent in Homs", "denies", "yes", ""),
    (1, "One of the negotiators", "affirms", "no", "inferred"),
    (1, "Al Jazeera", "affirms", "yes", "inferred"),
    (2, "One of the negotiators", "affirms", "2", "inferred"),
    (2, "Al Jazeera", "affirms", "~2.5", "inferred"),
    (3, "Al Jazeera correspondent in Homs", "denies", "yes", ""),
    (4, "One of the negotiators", "denies", "Military weakness", ""),
    (10, "Talal al-Barazi", "affirms", "2015-12-05~", "inferred"),
    (11, "Talal al-Barazi", "affirms", "1..2", "possible"),
}


def path(answer: str) -> list[str]:
    """The options of a choice answer in the table's notation, broader first; the demonstration has no alternatives."""
    assert "|" not in answer
    return [label.strip() for label in answer.removeprefix("=").split(">")]


# --- the claims table -----------------------------------------------------------------------------


def test_rows_keep_to_the_columns_and_their_order_and_leave_empty_ones_out() -> None:
    for row in ROWS:
        assert list(row) == [column for column in COLUMNS if column in row], row["id"]
        assert all(isinstance(value, str) for value in row.values()), row["id"]
        assert all(value and value == value.strip() for value in row.values()), row["id"]


def test_values_of_fixed_lists_are_on_them() -> None:
    for column, allowed in ALLOWED.items():
        assert {row[column] for row in ROWS if column in row} <= allowed, column


def test_every_claim_says_who_where_in_which_words_and_in_both_languages() -> None:
    missing = {row["id"]: [column for column in REQUIRED if column not in row] for row in ROWS}
    assert {claim: columns for claim, columns in missing.items() if columns} == {}
    assert all(re.search(r"[\u0600-\u06FF]", row["statement@ar"]) for row in ROWS)
    assert not any(re.search(r"[\u0600-\u06FF]", row["statement"]) for row in ROWS)


def test_identifiers_and_statements_are_not_used_twice() -> None:
    for column in ("id", "statement", "statement@ar"):
        assert [value for value, times in Counter(row[column] for row in ROWS).items() if times > 1] == []


def test_rows_of_one_question_describe_it_alike_and_stand_together() -> None:
    described = defaultdict(set)
    for row in ROWS:
        described[question_of(row)].add(tuple(row.get(column) for column in OF_THE_QUESTION))
    assert [question for question, ways in described.items() if len(ways) > 1] == []
    turns = 1 + sum(question_of(first) != question_of(second) for first, second in pairwise(ROWS))
    assert turns == len(described)


def test_rows_of_one_attribution_describe_it_alike() -> None:
    described = defaultdict(set)
    for row in ROWS:
        described[tuple(row.get(c) for c in OF_THE_ATTRIBUTION)].add(tuple(row.get(c) for c in SAME_IN_AN_ATTRIBUTION))
    assert [attribution for attribution, ways in described.items() if len(ways) > 1] == []


def test_own_voice_is_the_publisher_s_without_cue_or_relay() -> None:
    own = [row for row in ROWS if row["manner"] == "own_voice"]
    assert own
    assert all(row["speaker"] == row["publisher"] and "cue" not in row and "via" not in row for row in own)
    assert all(row["speaker"] != row["publisher"] and "cue" in row for row in ROWS if row not in own)


# --- the reading ----------------------------------------------------------------------------------


def test_questions_come_in_the_reading_s_order_with_its_kinds_and_numbers_of_claims() -> None:
    def kind(row: Mapping[str, str]) -> str:
        several = "several" if row.get("several") else None
        return " ".join(filter(None, (row["answer_kind"], several, row.get("unit"), row.get("rounding"))))

    counted = Counter((*question_of(row), kind(row)) for row in ROWS)
    found = [(TOPICS.index(topic), text, kind, claims) for (topic, text, kind), claims in counted.items()]
    assert found == list(READING)


def test_only_the_claims_that_the_reading_marks_are_inferred_denied_doubted_or_possible() -> None:
    number = {(TOPICS[topic], text): index for index, (topic, text, _, _) in enumerate(READING)}
    marked = {
        (number[question_of(row)], row["speaker"], row["stance"], row["answer"], mark)
        for row in ROWS
        for mark in ["inferred" if row.get("inferred") else row.get("certainty", "")]
        if mark or row["stance"] != "affirms"
    }
    assert marked == MARKED


def test_relays_are_those_of_the_reading() -> None:
    assert {(row["speaker"], row["via"]) for row in ROWS if "via" in row} == {
        ("Official sources in the Syrian government", "Unnamed news reports"),
        ("One of the negotiators", "Sham Network"),
    }
    relayed = {row["speaker"] for row in ROWS if "via" in row}
    assert all("via" in row for row in ROWS if row["speaker"] in relayed)


# --- what the table cannot say --------------------------------------------------------------------


def test_the_second_file_knows_every_agent_side_source_and_topic_of_the_table() -> None:
    agents = {agent["name"]: agent for agent in EXTRA["agents"]}
    assert set(agents) == {row[c] for c in ("speaker", "via", "speaks_for", "publisher") for row in ROWS if c in row}
    for row in ROWS:
        agent = agents[row["speaker"]]
        assert (agent["kind"], agent["side"]) == (row["speaker_kind"], row["side"])
        assert (agent.get("role"), agent.get("speaks_for")) == (row.get("speaker_role"), row.get("speaks_for"))
        assert agent.get("source") == (row["source"] if agent["kind"] == "unnamed" else None)
    parties = {side["name"]: side["party"] for side in EXTRA["sides"]}
    assert parties == {"Government": True, "Opposition": True, "Russia": True, "Press": False}
    assert {row["side"] for row in ROWS} == set(parties)
    assert [topic["name"] for topic in EXTRA["topics"]] == list(TOPICS)
    described = {
        (source["title"], source["publisher"], source["published_on"], source["snapshot"]["text_sha256"])
        for source in EXTRA["sources"]
    }
    assert described == {(r["source"], r["publisher"], r["published_on"], r["text_sha256"]) for r in ROWS}


def test_the_second_file_describes_every_question_with_its_options() -> None:
    described = [(question["topic"], question["text"]) for question in EXTRA["questions"]]
    assert described == [(TOPICS[topic], text) for topic, text, _, _ in READING]
    assert {question["aspect"] for question in EXTRA["questions"]} == set(Aspect)
    for question in EXTRA["questions"]:
        rows = [row for row in ROWS if question_of(row) == (question["topic"], question["text"])]
        options = {option["label"]: option.get("broader", []) for option in question.get("options", ())}
        if rows[0]["answer_kind"] != "choice":
            assert options == {}
            continue
        paths = [path(row["answer"]) for row in rows]
        broader = [label for above in options.values() for label in above]
        assert {*broader, *(label for each in paths for label in each)} == set(options)
        assert all(above in options[below] for each in paths for above, below in pairwise(each))


def test_outcomes_point_at_questions_of_the_same_topic() -> None:
    outcomes = {q["text"]: q["outcome_of"] for q in EXTRA["questions"] if "outcome_of" in q}
    assert outcomes == {READING[6][1]: READING[5][1]}


def test_everything_shown_has_an_arabic_name() -> None:
    options = [option for question in EXTRA["questions"] for option in question.get("options", ())]
    records = [*EXTRA["sides"], *EXTRA["topics"], *EXTRA["questions"], *options]
    assert [record for record in records if "ar" not in record["translations"]] == []
    assert [a["name"] for a in EXTRA["agents"] if not any(n["language"] == "ar" for n in a["names"])] == []
