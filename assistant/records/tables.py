"""The tables of the records."""

from sqlalchemy import Column, Index, MetaData, String, Table, Text

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
