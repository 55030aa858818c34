# SPDX-License-Identifier: Apache-2.0
"""The same work through Python's SQLAlchemy, as core-lib does it. Prints nothing where it is not there (Debian:
python3-sqlalchemy)."""
import json
import sys
import time

try:
    from sqlalchemy import Column, Float, Integer, String, create_engine
    from sqlalchemy.orm import Session, declarative_base
    from sqlalchemy.pool import StaticPool
except ImportError:
    sys.exit(0)

ROWS = 100_000
OPERATIONS = 2_000
Base = declarative_base()


class Account(Base):
    __tablename__ = "accounts"
    id = Column(Integer, primary_key=True)
    email = Column(String, nullable=False)
    name = Column(String)
    balance = Column(Float, nullable=False)
    visits = Column(Integer, nullable=False)


def account(number):
    return {"id": number, "email": f"account-{number}@example.org",
            "name": f"Name of account {number}" if number % 3 else None, "balance": number * 1.25, "visits": number % 97}


def some_id(i):
    return 1 + (i * 7919) % ROWS


def measure(benchmark, operations, work, rounds):
    times = []
    for _ in range(rounds):
        start = time.thread_time_ns()
        work()
        times.append((time.thread_time_ns() - start) / 1000 / operations)
    print(json.dumps({"benchmark": benchmark, "subject": "Python SQLAlchemy", "metric": "CPU time per operation",
                      "value": sorted(times)[len(times) // 2], "unit": "us"}))


def main():
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)

    def insert():
        with Session(engine, expire_on_commit=False) as session:
            session.query(Account).delete()
            session.bulk_insert_mappings(Account, [account(number) for number in range(1, ROWS + 1)])
            session.commit()

    def get_in_own_scope():
        for i in range(OPERATIONS):
            with Session(engine, expire_on_commit=False) as session:
                assert session.get(Account, some_id(i)).id == some_id(i)
                session.commit()

    def get_in_one_transaction():
        with Session(engine, expire_on_commit=False) as session:
            for i in range(OPERATIONS):
                assert session.get(Account, some_id(i)).id == some_id(i)
                session.expunge_all()  # a second get of a key would be answered from memory
            session.commit()

    def update():
        for i in range(OPERATIONS):
            with Session(engine, expire_on_commit=False) as session:
                query = session.query(Account).filter(Account.id == some_id(i))
                assert query.update({"name": "a new name for it"}) == 1
                session.commit()

    def read_all():
        with Session(engine, expire_on_commit=False) as session:
            assert len(session.query(Account).all()) == ROWS

    measure("insert 100,000 rows", ROWS, insert, 3)
    measure("read 100,000 entities", ROWS, read_all, 3)
    measure("get in its own scope", OPERATIONS, get_in_own_scope, 3)
    measure("get in one transaction", OPERATIONS, get_in_one_transaction, 3)
    measure("filter and update in its own scope", OPERATIONS, update, 3)


main()
