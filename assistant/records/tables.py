"""The tables of the records, and the triggers by which the database itself refuses to change the log."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

FORMAT = "1"  # of these tables; another version of the package may know another
schema = MetaData()

about = Table("about", schema, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False))

feedback = Table(
    "feedback",
    schema,
    Column("answer_id", String(64), primary_key=True),
    Column("who", String(200), primary_key=True),
    Column("verdict", String(4), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("comment", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", String(27), nullable=False),
    Index("feedback_by_time", "at"),
)

keys = Table(
    "keys",
    schema,
    Column("id", String(16), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("hash", String(64), nullable=False),  # of the secret, which is kept nowhere
    Column("role", String(10), nullable=False),
    Column("groups", Text, nullable=False),  # a JSON list
    Column("created", String(27), nullable=False),
    Column("expires", String(27), nullable=False),  # empty: never
    Column("revoked", String(27), nullable=False),  # empty: it was not
)

# One row, id 1: where the chain of the log has come to, and the last entry that retention removed.
# Whoever appends holds this row, so that one at a time does.
log_state = Table(
    "log_state",
    schema,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("head_number", BigInteger, nullable=False),
    Column("head_hash", String(64), nullable=False),
    Column("anchor_number", BigInteger, nullable=False),
    Column("anchor_hash", String(64), nullable=False),
)

log = Table(
    "log",
    schema,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("request_id", String(200), nullable=False),
    Column("door", String(20), nullable=False),
    Column("subject", String(500), nullable=False),  # an index of PostgreSQL takes 2,704 bytes
    Column("body", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("log_by_subject", "kind", "subject"),
)

# (name, event, table, when it is refused, why)
_REFUSED = (
    ("log_appended", "INSERT", "log", "NEW.number <> (SELECT head_number + 1 FROM log_state)", "entries are appended"),
    ("log_unchanged", "UPDATE", "log", "1 = 1", "entries are not changed"),
    ("log_kept", "DELETE", "log", "OLD.number > (SELECT anchor_number FROM log_state)", "entries are not removed"),
    (
        "log_state_forward",
        "UPDATE",
        "log_state",
        "NEW.head_number < OLD.head_number OR NEW.anchor_number < OLD.anchor_number",
        "the log does not go back",
    ),
    ("log_state_kept", "DELETE", "log_state", "1 = 1", "the log is not begun anew"),
)


def refusals(dialect: str) -> list[str]:
    """The statements that make the triggers, once the tables are there."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {happening} ON {table} WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {why}'); END"
            for name, happening, table, refused, why in _REFUSED
        ]
    statements = []
    for name, happening, table, refused, why in _REFUSED:
        row = "OLD" if happening == "DELETE" else "NEW"
        statements += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {refused} "
            f"THEN RAISE EXCEPTION 'append-only: {why}'; END IF; RETURN {row}; END $$",
            f"CREATE TRIGGER {name} BEFORE {happening} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return statements
