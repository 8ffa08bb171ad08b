"""The picture of the database that people read is the database that the migrations make."""

from tests.schema import FILE, schema_text


def test_the_schema_file_is_what_a_new_database_is() -> None:
    assert FILE.read_text("utf-8") == schema_text(), (
        "ingest/database/schema.sql is behind migrations/ or views/; write it anew: "
        "python -m tests.schema"
    )
