"""Makes fixtures/demonstration.json from its source: the claims table and what a flat table cannot say.

Run by the maintainer after a change of the files in fixtures/demonstration/:
`.venv/bin/python tools/make_demonstration.py`. Everything goes through the services, into a database of its own; the
identifiers are made from the content, so that the same source gives the same fixture.
"""

import json
import os
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
SOURCE = FIXTURES / "demonstration"
LEFT_OUT = frozenset({"version", "recorded_at"})
Row = dict[str, Any]


def main() -> None:
    """Write the fixture."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "provenance.settings"
    with TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/demonstration.sqlite3"
        import django  # noqa: PLC0415 - the environment comes first
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        call_command("migrate", verbosity=0)
        FIXTURES.joinpath("demonstration.json").write_text(make(), encoding="utf-8")


def make() -> str:
    """The fixture as text, from the database that is open, which must be empty."""
    from claims.services.transaction import change  # noqa: PLC0415

    rows = [json.loads(line) for line in SOURCE.joinpath("claims.jsonl").read_text("utf-8").splitlines()]
    extra = json.loads(SOURCE.joinpath("extra.json").read_text("utf-8"))
    with change(by=None, reason="The demonstration", command="make_demonstration") as this:
        _Maker(this, extra).record(rows)
        written = [model.objects.get(pk=key) for model, key in this.written]
        return _serialized(written)


class _Maker:
    """Records the demonstration, keeping what later rows refer to by name."""

    def __init__(self, this: Any, extra: Row) -> None:
        from claims import models  # noqa: PLC0415

        self._models, self._this = models, this
        self._agents: Row = {}
        self._sides = {each["name"]: self._save(models.Side(**each)) for each in extra["sides"]}
        for each in (agent for agent in extra["agents"] if "source" not in agent):
            self._agent(each)
        self._sources = {each["title"]: self._source(each) for each in extra["sources"]}
        for each in (agent for agent in extra["agents"] if "source" in agent):
            self._agent(each)
        self._topics = {each["name"]: self._save(models.Topic(**each)) for each in extra["topics"]}
        self._questions: Row = {}
        self._extra_questions = {(each["topic"], each["text"]): each for each in extra["questions"]}
        self._cues = {each["relay"]: each["cue"] for each in extra["relay_cues"]}

    def record(self, rows: list[Row]) -> None:
        """Record the rows; neighbours of one source, speaker, chain and quote are one attribution."""
        from claims.services.recording import record  # noqa: PLC0415

        whole: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            names = ("source", "speaker", "via", "said_on", "quote")
            whole.setdefault(tuple(row.get(name, "") for name in names), []).append(row)
        for key in dict.fromkeys((row["topic"], row["question"]) for row in rows):
            sample = next(row for row in rows if (row["topic"], row["question"]) == key)
            self._questions[key] = self._question(sample, self._extra_questions[key])
        for key, each in self._extra_questions.items():
            if "outcome_of" in each:
                self._questions[key].outcome_of = self._questions[each["topic"], each["outcome_of"]]
                self._save(self._questions[key])
        record(
            attributions=[self._attribution(group) for group in whole.values()],
            by=None,
            reason="The demonstration",
        )

    def _save(self, record: Any) -> Any:
        from claims.services.recording import keep_prepared  # noqa: PLC0415

        keep_prepared(self._this, record)
        return record

    def _agent(self, each: Row) -> None:
        source = self._sources[each["source"]]["source"] if "source" in each else None
        self._agents[each["name"]] = agent = self._save(
            self._models.Agent(
                name=each["name"],
                kind=each["kind"],
                role=each.get("role", ""),
                note=each.get("note", ""),
                side=self._sides[each["side"]],
                source=source,
                speaks_for=self._agents.get(each.get("speaks_for")),
            )
        )
        for name in each.get("names", []):
            self._save(self._models.AgentName(agent=agent, **name))

    def _source(self, each: Row) -> Row:
        fields = {name: each[name] for name in ("title", "medium", "published_on", "language", "note")}
        source = self._save(
            self._models.Source(
                **fields,
                translations=each.get("title_translations", {}),
                publisher=self._agents[each["publisher"]],
            )
        )
        known = each["snapshot"]
        snapshot = self._models.Snapshot(source=source, sha256=known["text_sha256"], length=known["bytes"])
        return {"source": source, "snapshot": self._save(snapshot)}

    def _question(self, row: Row, extra: Row) -> Any:
        question = self._save(
            self._models.Question(
                topic=self._topics[row["topic"]],
                text=row["question"],
                kind=row.get("answer_kind", "choice"),
                unit=row.get("unit", ""),
                several=row.get("several") == "yes",
                rounding=row.get("rounding", 0),
                tolerance=row.get("tolerance"),
                translations=extra.get("translations", {}),
                aspect=extra.get("aspect", ""),
                event_on=extra.get("event_on", ""),
                note=extra.get("note", ""),
            )
        )
        options: Row = {}
        for each in extra.get("options", []):
            option = self._models.Option(
                question=question, label=each["label"], translations=each.get("translations", {})
            )
            options[each["label"]] = self._save(option)
        for each in extra.get("options", []):
            for broader in each.get("broader", []):
                self._save(self._models.OptionBroader(option=options[each["label"]], broader=options[broader]))
        return question

    def _attribution(self, rows: list[Row]) -> Any:
        from claims.domain.notation import read_path  # noqa: PLC0415
        from claims.services.recording import NewAttribution, NewPassage, NewRelay  # noqa: PLC0415

        first = rows[0]
        known = self._sources[first["source"]]
        speaker = self._agents[first["speaker"]]
        passage = NewPassage(snapshot=known["snapshot"], exact=first["quote"], start=int(first["start"]))
        relays = [
            NewRelay(agent=self._agents[name], cue=self._cues.get(name, "")) for name in read_path(first.get("via", ""))
        ]
        return NewAttribution(
            attribution=self._models.Attribution(
                source=known["source"],
                speaker=speaker,
                role=first.get("speaker_role", ""),
                side=self._sides[first["side"]],
                cue=first.get("cue", ""),
                manner=first["manner"],
                said_on=first.get("said_on", ""),
            ),
            relays=relays,
            passages=[passage],
            claims=[self._claim(row) for row in rows],
        )

    def _claim(self, row: Row) -> Any:
        from claims.services.recording import NewClaim  # noqa: PLC0415

        return NewClaim(
            claim=self._models.Claim(
                question=self._questions[row["topic"], row["question"]],
                external_id=row["id"],
                stance=row.get("stance", "affirms"),
                certainty=row.get("certainty", "plain"),
                inferred=row.get("inferred") == "yes",
                answer=row["answer"],
                as_of=row.get("as_of", ""),
            ),
            wordings={"en": row["statement"], "ar": row["statement@ar"]},
        )


def _serialized(records: list[Any]) -> str:
    """The records as a Django fixture with natural keys, one a line, identifiers made from the content."""
    from django.core import serializers  # noqa: PLC0415

    objects = serializers.serialize("python", records, use_natural_foreign_keys=True, use_natural_primary_keys=True)
    lines = []
    for each, record in zip(objects, records, strict=True):
        defaults = {field.name: field.get_default() for field in record._meta.concrete_fields}
        fields = {
            name: value for name, value in each["fields"].items() if name not in LEFT_OUT and value != defaults[name]
        }
        each["fields"] = fields
        lines.append(json.dumps(each, ensure_ascii=False, default=str))
    text = "[\n" + ",\n".join(lines) + "\n]\n"
    for old, new in _identifiers(records).items():
        text = text.replace(str(old), str(new))
    return text


def _identifiers(records: list[Any]) -> dict[UUID, UUID]:
    """For each record an identifier made from what tells it from all others."""
    known: dict[UUID, UUID] = {}
    for record in records:
        kind = record._meta.model_name
        known[record.uid] = uuid5(NAMESPACE_URL, f"provenance:demonstration:{kind}:{_told_by(record)}")
    if len(set(known.values())) != len(known):
        repeated = [key for key, same in groupby(sorted(known.values())) if len(list(same)) > 1]
        raise SystemExit(f"Two records of the demonstration cannot be told apart: {repeated}")
    return known


def _told_by(record: Any) -> str:
    """What tells a record from others of its kind."""
    return TOLD_BY.get(record._meta.model_name, lambda each: str(each.name))(record)


TOLD_BY: dict[str, Callable[[Any], str]] = {
    "agentname": lambda each: f"{each.agent.name}:{each.language}:{each.text}",
    "source": lambda each: str(each.title),
    "snapshot": lambda each: str(each.sha256),
    "question": lambda each: f"{each.topic.name}:{each.text}",
    "option": lambda each: f"{_told_by(each.question)}:{each.label}",
    "optionbroader": lambda each: f"{_told_by(each.option)}:{each.broader.label}",
    "attribution": lambda each: str(each.claims.order_by("line")[0].external_id),
    "relay": lambda each: f"{_told_by(each.attribution)}:{each.position}",
    "passage": lambda each: f"{_told_by(each.attribution)}:{each.start}",
    "claim": lambda each: str(each.external_id),
    "claimoption": lambda each: f"{_told_by(each.claim)}:{each.option.label}",
    "claimwording": lambda each: f"{_told_by(each.claim)}:{each.language}",
}


if __name__ == "__main__":
    main()
