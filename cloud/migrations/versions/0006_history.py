"""The history: its line a run, the words that runs are found by, and when a run is forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("history", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("tasks", sa.Column("forget_at", sa.Float()))
    op.create_index(op.f("ix_tasks_history_updated"), "tasks", ["history", "updated"])
    op.create_table(
        "runs",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("tool", sa.String(length=200), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=False),
        sa.Column("began_by", sa.String(length=20), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("schedule", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("began", sa.Float(), nullable=False),
        sa.Column("ended", sa.Float(), nullable=False),
        sa.Column("picture", sa.Integer(), nullable=False),
        sa.Column("pictures", sa.Integer(), nullable=False),
        sa.Column("picture_bytes", sa.BigInteger(), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("healed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_runs_person")),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_runs_task")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_runs")),
        sa.UniqueConstraint("task", name=op.f("uq_runs_task")),
    )
    op.create_index(op.f("ix_runs_person_number"), "runs", ["person", "number"])
    op.create_index(op.f("ix_runs_picture_bytes_number"), "runs", ["picture_bytes", "number"])
    in_order = sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql")
    op.create_table(
        "run_words",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("word", in_order, nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name=op.f("fk_run_words_person")),
        sa.PrimaryKeyConstraint("person", "word", "run", name=op.f("pk_run_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_run_words_run"), "run_words", ["run"])
