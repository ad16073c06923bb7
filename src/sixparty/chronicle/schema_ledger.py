"""The tables of the ledger: what was agreed, and clause by clause what each party promised."""

from __future__ import annotations

from sixparty import vocabulary
from sixparty.chronicle.columns import Column, TableSchema

AGREEMENT_KINDS = (
    "armistice",
    "treaty",
    "declaration",
    "framework",
    "annex",
    "arrangement",
    "institution",
    "working_level",
    "red_cross",
    "unilateral",
    "understanding",
)
AGREEMENT_STATUSES = (
    "in_force",
    "completed",
    "superseded",
    "suspended",
    "lapsed",
    "declared_void",
    "terminated",
    "unknown",
)
DOMAINS = (
    "political",
    "military",
    "nuclear",
    "missile",
    "security",
    "economic",
    "transport",
    "humanitarian",
    "social_cultural",
    "institution",
)
COMMITMENT_STATUSES = ("in_force", "kept", "partly_kept", "lapsed", "breached", "superseded", "unknown")
STEP_KINDS = (
    "joint_body",
    "hotline",
    "broadcasts_stopped",
    "forces_apart",
    "test_pause",
    "facility_freeze",
    "aid",
    "joint_project",
    "families",
    "drills_reduced",
    "sanctions_eased",
    "liaison",
)
_PRECISIONS = ("day", "month", "year")
_ACTORS = vocabulary.PARTIES + vocabulary.OTHER_ACTORS
_ID = Column("id", "text", "Stable name of the row.", required=True)
_KNOWN = (
    Column("known_date", "date", "Day (KST) on which the text could first be known in public.", required=True),
    Column(
        "known_basis",
        "category",
        "`sourced`: a source gives that day; `rule`: the day after signature, or of publication where that is known.",
        required=True,
        allowed=("sourced", "rule"),
    ),
)
_STATUS_DATE = (
    Column("status_date", "date", "Day from which that status holds; empty while in force or unknown."),
    Column("status_precision", "category", "Precision of that day.", allowed=_PRECISIONS),
    Column(
        "status_basis",
        "category",
        "`sourced`: a source that was opened says so; `recalled`: common knowledge; `inferred`: our reading of events.",
        required=True,
        allowed=("sourced", "recalled", "inferred"),
    ),
)
_TAIL = (
    Column(
        "remarks_from",
        "date",
        "First day on which what the note, `ended_by` and `contested` say could all be known; empty: with the status.",
    ),
    Column("source_ids", "list", "Rows of sources.csv that carry the datum.", required=True),
    Column("note", "text", "What a reader must know."),
    Column(
        "confidence",
        "category",
        "`attested`: the text or a report of it was opened; `recalled`: it was not; `verified`: as in events. "
        "How well the status is known stands in `status_basis`.",
        required=True,
        allowed=("verified", "attested", "recalled"),
    ),
)

AGREEMENTS = TableSchema(
    "agreements",
    "What two or more parties agreed in writing, and the few declarations by one side that others built on.",
    (
        _ID,
        Column("signed_date", "date", "Day (KST) of signature, adoption or announcement.", required=True),
        *_KNOWN,
        Column("parties", "list", "Who is bound: codes joined by ';'.", required=True, allowed=_ACTORS),
        Column("kind", "category", "Kind of text.", required=True, allowed=AGREEMENT_KINDS),
        Column("title_en", "text", "Title in English, in our words where no official one exists.", required=True),
        Column("title_ko", "text", "Title in Korean.", required=True),
        Column("place", "text", "Place of signature, in one romanisation."),
        Column("in_force_date", "date", "First day in force, where a source gives it."),
        Column(
            "coded",
            "category",
            "`clauses`: all clauses that bind stand in commitments.csv; `in_part`: the main ones; `title_only`: none.",
            required=True,
            allowed=("clauses", "in_part", "title_only"),
        ),
        Column(
            "status",
            "category",
            "Last known status; `declared_void` is one side's statement and says nothing on whether it may.",
            required=True,
            allowed=AGREEMENT_STATUSES,
        ),
        *_STATUS_DATE,
        Column("status_by", "list", "Whose act or statement brought that status, where one did.", allowed=_ACTORS),
        *_TAIL,
    ),
)

IMPLEMENTATION = TableSchema(
    "implementation",
    "How far a promise was carried out in a year, where dated rows, a series or a report says more than its status.",
    (
        Column("commitment_id", "text", "Row of commitments.csv.", required=True),
        Column("year", "integer", "Calendar year (KST), not before that of the signature.", required=True),
        Column(
            "level",
            "category",
            "0 none, 1 minimal, 2 intermediate, 3 full, by the rule that the note states.",
            required=True,
            allowed=("0", "1", "2", "3"),
        ),
        Column("known_date", "date", "First day (KST) after the year, or of the report if later.", required=True),
        Column(
            "basis",
            "category",
            "`counted`: from dated rows or a series of this record; `sourced`: a source that was opened says so; "
            "`recalled`: common knowledge not yet opened.",
            required=True,
            allowed=("counted", "sourced", "recalled"),
        ),
        Column("source_ids", "list", "Rows of sources.csv that carry the datum.", required=True),
        Column("note", "text", "What was counted, and the rule from there to the level.", required=True),
    ),
    key=("commitment_id", "year"),
    is_optional=True,
)

COMMITMENTS = TableSchema(
    "commitments",
    "What each party promised, clause by clause, and what became of it; promises in our words.",
    (
        _ID,
        Column("agreement_id", "text", "Row of agreements.csv.", required=True),
        Column(
            "clause", "text", "Number of the clause as in the text; `oral` where it was said beside it.", required=True
        ),
        *_KNOWN,
        Column("obligors", "list", "Who promised: codes joined by ';'.", required=True, allowed=_ACTORS),
        Column("domain", "category", "What it is about.", required=True, allowed=DOMAINS),
        Column("promise_en", "text", "What is promised, in our own words.", required=True),
        Column("promise_ko", "text", "The same in Korean.", required=True),
        Column(
            "automaticity",
            "category",
            "`automatic`: owed as it stands; `conditional`: owed once its trigger has come; `aspirational`: to be "
            "striven for or talked about.",
            required=True,
            allowed=("automatic", "conditional", "aspirational"),
        ),
        Column("trigger", "text", "What must happen first, where the promise is conditional."),
        Column("due_date", "date", "Last day by which it is owed; empty where the text sets none."),
        Column("due_precision", "category", "Precision of the term.", allowed=_PRECISIONS),
        Column(
            "due_basis",
            "category",
            "`text`: the text names the day; `computed`: reckoned from a term in the text.",
            allowed=("text", "computed"),
        ),
        Column(
            "duration",
            "category",
            "`once`: one act; `fixed`: for a stated time; `open`: without end; `while`: as long as a condition lasts.",
            required=True,
            allowed=("once", "fixed", "open", "while"),
        ),
        Column(
            "exit",
            "category",
            "How a party may leave by the text: `none_stated`, `by_agreement`, `notice` or `on_condition`.",
            required=True,
            allowed=("none_stated", "by_agreement", "notice", "on_condition"),
        ),
        Column(
            "status",
            "category",
            "Last known status: `kept` done, be it late, `partly_kept` done in part, `lapsed` no longer "
            "pursued, `breached` a dated and sourced act against it, `superseded` replaced by a later text.",
            required=True,
            allowed=COMMITMENT_STATUSES,
        ),
        *_STATUS_DATE,
        Column(
            "status_by",
            "list",
            "Whose act or statement that was, where it was one party's or both said so; empty where it is disputed.",
            allowed=_ACTORS,
        ),
        Column("ended_by", "text", "Act or statement that brought the status, in neutral words."),
        Column("contested", "text", "Where parties differ over it: who says what."),
        Column("step_kind", "category", "Kind of step, where carrying it out lasts.", allowed=STEP_KINDS),
        Column("held_from", "date", "First day on which the step was carried out."),
        Column("held_until", "date", "Last day on which it held; empty while it holds."),
        *_TAIL,
    ),
)
