"""The database itself refuses to change or drop an audit row, and to take one out of turn.

A migration that makes SQLite rebuild the table loses the triggers: it must install them again.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE = {
    "audit_rows_never_change": "BEFORE UPDATE ON audit_auditrow BEGIN SELECT RAISE(ABORT, 'audit rows never change'); END",
    "audit_rows_never_go": "BEFORE DELETE ON audit_auditrow BEGIN SELECT RAISE(ABORT, 'audit rows never go'); END",
    # INSERT OR REPLACE deletes without asking the trigger above
    "audit_rows_come_in_turn": (
        "BEFORE INSERT ON audit_auditrow WHEN NEW.n <> (SELECT COALESCE(MAX(n), 0) + 1 FROM audit_auditrow) "
        "BEGIN SELECT RAISE(ABORT, 'audit rows come in turn'); END"
    ),
}
_POSTGRES = {
    "audit_rows_never_change": "BEFORE UPDATE ON audit_auditrow FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "audit_rows_never_go": "BEFORE DELETE ON audit_auditrow FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "audit_rows_come_in_turn": "BEFORE INSERT ON audit_auditrow FOR EACH ROW EXECUTE FUNCTION audit_in_turn()",
}
_POSTGRES_FUNCTIONS = {
    "audit_refuse": "BEGIN RAISE EXCEPTION 'audit rows never change or go' USING ERRCODE = 'integrity_constraint_violation'; END",
    "audit_in_turn": (
        "BEGIN IF NEW.n <> (SELECT COALESCE(MAX(n), 0) + 1 FROM audit_auditrow) THEN "
        "RAISE EXCEPTION 'audit rows come in turn' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END"
    ),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on the table, again if they are there already."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name, body in _POSTGRES_FUNCTIONS.items():
                cursor.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        for name, body in _triggers(connection).items():
            cursor.execute(f"CREATE TRIGGER {name} {body}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off the table."""
    on_table = " ON audit_auditrow" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _triggers(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
        if connection.vendor == "postgresql":
            for name in _POSTGRES_FUNCTIONS:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")


def are_installed(connection: BaseDatabaseWrapper) -> bool:
    """Say whether every trigger is on the table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_auditrow'::regclass AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_auditrow'")
        found = {row[0] for row in cursor.fetchall()}
    return set(_triggers(connection)) <= found


def _triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _POSTGRES if connection.vendor == "postgresql" else _SQLITE
