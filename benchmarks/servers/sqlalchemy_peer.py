# SPDX-License-Identifier: Apache-2.0
"""The lines of the tables of PostgreSQL and MariaDB through Python's SQLAlchemy. Prints nothing where it or its driver
is not there (Debian: python3-sqlalchemy, with python3-psycopg2 or python3-pymysql).

usage: sqlalchemy_peer.py postgresql|mariadb SOCKET PORT USER DATABASE, with the password in DB_PASSWORD
"""
import datetime
import json
import os
import sys
import time

try:
    from sqlalchemy import BigInteger, Boolean, Column, DateTime, Float, Integer, String, Text, create_engine, text
    from sqlalchemy.engine import URL
    from sqlalchemy.orm import Session, declarative_base
    if sys.argv[1] == "postgresql":
        import psycopg2  # noqa: F401
    else:
        import pymysql  # noqa: F401
except ImportError:
    sys.exit(0)

ROWS = 100_000
BATCH = 50
Base = declarative_base()


class Account(Base):
    __tablename__ = "accounts"
    id = Column(BigInteger, primary_key=True)
    email = Column(Text, nullable=False)
    name = Column(Text)
    balance = Column(Float, nullable=False)
    visits = Column(Integer, nullable=False)
    active = Column(Boolean, nullable=False)
    created = Column(DateTime(timezone=True), nullable=False)
    referrer = Column(BigInteger)


def account(number):
    return {"id": number, "email": f"account-{number}@example.org",
            "name": f"Name of account {number}" if number % 3 else None, "balance": number * 1.25,
            "visits": number % 97, "active": number % 2 == 0,
            "created": datetime.datetime.fromtimestamp(1_700_000_000 + number, datetime.timezone.utc),
            "referrer": number // 2 if number % 5 else None}


def some_id(i):
    return 1 + (i * 7919) % ROWS


def make_engine(engine, socket, port, user, database):
    password = os.environ["DB_PASSWORD"]
    if engine == "postgresql":
        url = URL.create("postgresql+psycopg2", user, password, database=database, query={"host": socket, "port": port})
    else:
        url = URL.create("mysql+pymysql", user, password, database=database,
                         query={"unix_socket": socket, "charset": "utf8mb4"})
    return create_engine(url, pool_size=1, max_overflow=0)


def measure(benchmark, work, works, rounds, rows=1, before=None):
    """The lowest of the rounds: there are few, since Python takes long."""
    walls, cpus = [], []
    for current in range(rounds + 1):
        if before:
            before()
        start, cpu = time.perf_counter_ns(), time.thread_time_ns()
        for i in range(works):
            work(current * works + i)
        if current:  # the first round warms
            walls.append((time.perf_counter_ns() - start) / 1000 / works / rows)
            cpus.append((time.thread_time_ns() - cpu) / 1000 / works / rows)
    unit = "per operation" if rows == 1 else "per row"
    for metric, values in ((f"wall time {unit}", walls), (f"client CPU {unit}", cpus)):
        print(json.dumps({"benchmark": benchmark, "subject": "Python SQLAlchemy", "metric": metric,
                          "value": min(values), "unit": "us"}))


def main():
    engine = make_engine(*sys.argv[1:])

    def scope():
        return Session(engine, expire_on_commit=False)

    def clear():
        with scope() as session:
            session.execute(text("TRUNCATE TABLE accounts"))
            session.commit()

    def add_all(_):
        with scope() as session:
            session.bulk_insert_mappings(Account, rows, render_nulls=True)
            session.commit()

    def read_all(_):
        with scope() as session:
            assert len(session.query(Account).all()) == ROWS

    def get(i):
        with scope() as session:
            assert session.get(Account, some_id(i)).id == some_id(i)
            session.commit()

    def get_inside(i):
        assert inside.get(Account, some_id(i)).id == some_id(i)
        inside.expunge_all()  # a second get of a key would be answered from memory

    def update(i):
        with scope() as session:
            assert session.query(Account).filter(Account.id == some_id(i)).update({"name": "a new name for it"}) == 1
            session.commit()

    def insert(_):
        with scope() as session:
            values = account(7)
            del values["id"]
            session.add(Account(**values))
            session.commit()

    def batch(i):
        with scope() as session:
            for row in range(i * BATCH, (i + 1) * BATCH):
                session.query(Account).filter(Account.id == some_id(row)).update(
                    {"name": "a new name for it"}, synchronize_session=False)
            session.commit()

    rows = [account(number) for number in range(1, ROWS + 1)]
    measure("add 100,000 rows", add_all, 1, 1, ROWS, clear)
    measure("read 100,000 rows of 8 columns", read_all, 1, 2, ROWS)
    measure("get in its own scope", get, 100, 5)
    with scope() as inside:
        measure("get inside a transaction", get_inside, 100, 5)
        inside.commit()
    measure("filter, update and commit", update, 100, 5)
    measure("insert and commit", insert, 100, 5)
    measure("a batch of 50 updates", batch, 4, 5)


main()
