// SPDX-License-Identifier: Apache-2.0
#include "core_lib/neo4j/driver.hpp"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>

#include "core_lib/error/error.hpp"

#include "integration/neo4j/neo4j_fixture.hpp"

namespace core_lib::neo4j {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct User {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
};

/// Looks at the graph all the time: Neo4j 4.4 hears only then that it is to stop.
constexpr const char* endless_query =
    "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b OPTIONAL MATCH (n:Absent) RETURN sum(a * b) + "
    "count(n)";

TEST_F(Neo4jTest, EveryValueComesBackAsItWasSent) {
  const Value values[] = {nullptr,
                          true,
                          42,
                          -9'000'000'000,
                          1.5,
                          "text",
                          std::string(70'000, 'x'),
                          Bytes{std::byte{0}, std::byte{255}},
                          List{1, "a", List{}},
                          Map{{"a", 1}, {"b", Map{}}},
                          Date{19'000},
                          Time{3'600'000'000'001, 7200},
                          LocalTime{5},
                          LocalDateTime{1'700'000'000, 123},
                          DateTime{1'700'000'000, 123, 3600, ""},
                          DateTime{1'700'000'000, 123, 0, "Europe/Oslo"},
                          Duration{1, 2, 3, 4},
                          Point::cartesian(1, 2),
                          Point::wgs84(1, 2, 3)};
  for (const Value& value : values) {
    const EagerResult result = driver_.execute_query("RETURN $value AS value", {{"value", value}});
    EXPECT_EQ(result.records.at(0)["value"], value) << value.type_name();
  }
}

TEST_F(Neo4jTest, StructsAreParametersAndAreReadFromRecordsAndNodes) {
  const User ada{1, "ada@example.org", "Ada"};
  Session session = driver_.session();
  // [quote struct]
  (void)session.run("CREATE (u:User) SET u = $user", {{"user", to_map(ada)}}).consume();
  const User from_node = session.run("MATCH (u:User) RETURN u").single().as<User>();
  // [/quote]
  EXPECT_EQ(from_node.email, ada.email);
  EXPECT_EQ(from_node.name, ada.name);
  const User from_columns =
      session.run("MATCH (u:User {id: $id}) RETURN u.name AS name, u.email AS email, u.id AS id", ada)
          .single()
          .as<User>();
  EXPECT_EQ(from_columns.id, 1);
  EXPECT_EQ(from_columns.email, ada.email);
}

struct TaggedRecord {
  std::vector<std::string> tags;
  std::optional<std::vector<std::int64_t>> marks;
  std::chrono::microseconds lasts{};
};

TEST_F(Neo4jTest, ListsOfRecordsAreReadIntoStructs) {
  const EagerResult result = driver_.execute_query(
      "UNWIND [1, 2] AS i RETURN ['a', 'text ' + i] AS tags, CASE i WHEN 1 THEN [1, 2, 3] END AS marks, "
      "duration({seconds: -1, milliseconds: 500}) AS lasts");
  const TaggedRecord first = result.records.at(0).as<TaggedRecord>();
  EXPECT_EQ(first.tags, (std::vector<std::string>{"a", "text 1"}));
  EXPECT_EQ(first.marks, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(first.lasts, std::chrono::milliseconds(-500));
  EXPECT_EQ(result.records.at(1).as<TaggedRecord>().marks, std::nullopt);
}

TEST_F(Neo4jTest, PathsHoldTheirNodesAndRelationships) {
  const EagerResult result = driver_.execute_query("CREATE p = (:A {n: 1})-[:TO {w: 2}]->(:B)<-[:TO]-(:C) RETURN p");
  const Path path = result.records.at(0)["p"].get<Path>();
  ASSERT_EQ(path.nodes.size(), 3U);
  ASSERT_EQ(path.relationships.size(), 2U);
  EXPECT_EQ(path.nodes[0].labels, std::vector<std::string>{"A"});
  EXPECT_EQ(path.relationships[0].properties.at("w"), Value(2));
  EXPECT_EQ(path.relationships[1].end_element_id, path.nodes[1].element_id);
  EXPECT_EQ(result.summary.counters.nodes_created, 3);
  EXPECT_EQ(result.summary.counters.relationships_created, 2);
  EXPECT_TRUE(result.summary.counters.contains_updates);
}

TEST_F(Neo4jTest, AManagedTransactionCommitsAndAFailedOneLeavesNothing) {
  Session session = driver_.session();
  // [quote managed]
  const std::int64_t made = session.execute_write([](ManagedTransaction& tx) {
    (void)tx.run("CREATE (:Kept)").consume();
    return tx.run("MATCH (n:Kept) RETURN count(n)").single().get<std::int64_t>(0);
  });
  // [/quote]
  EXPECT_EQ(made, 1);
  EXPECT_THROW(session.execute_write([](ManagedTransaction& tx) {
    (void)tx.run("CREATE (:Dropped)").consume();
    throw NotFoundError("on purpose");
  }),
               NotFoundError);
  EXPECT_EQ(count("Kept"), 1);
  EXPECT_EQ(count("Dropped"), 0);
}

TEST_F(Neo4jTest, AnExplicitTransactionIsKeptOnlyByItsCommit) {
  Session session = driver_.session();
  {
    Transaction tx = session.begin_transaction();
    (void)tx.run("CREATE (:Left)").consume();
  }
  Transaction undone = session.begin_transaction();
  (void)undone.run("CREATE (:Undone)").consume();
  undone.rollback();
  Transaction kept = session.begin_transaction({.metadata = {{"app", "test"}}});
  const Result open = kept.run("UNWIND range(1, 5000) AS n CREATE (:Kept) RETURN n");
  kept.commit();
  EXPECT_EQ(count("Left"), 0);
  EXPECT_EQ(count("Undone"), 0);
  EXPECT_EQ(count("Kept"), 5000);
  EXPECT_THROW(kept.commit(), UsageError);
  EXPECT_THROW((void)kept.run("RETURN 1"), UsageError);
}

TEST_F(Neo4jTest, ASessionSeesWhatAnotherWroteByItsBookmarks) {
  Session writer = driver_.session();
  writer.execute_write([](ManagedTransaction& tx) { (void)tx.run("CREATE (:Seen)").consume(); });
  const Bookmarks bookmarks = writer.last_bookmarks();
  ASSERT_EQ(bookmarks.size(), 1U);
  Session reader = driver_.session({.access = read_only, .bookmarks = bookmarks});
  EXPECT_EQ(reader.run("MATCH (n:Seen) RETURN count(n)").single().get<int>(0), 1);
}

TEST_F(Neo4jTest, ManyRecordsStreamThroughAFewBatches) {
  struct Row {
    std::int64_t n{};
    std::string s;
  };
  // [quote stream]
  Session session = driver_.session({.fetch_size = 1000});
  Result result = session.run("UNWIND range(1, 100000) AS n RETURN n, toString(n) AS s");
  std::int64_t sum = 0;
  result.for_each<Row>([&](const Row& row) {
    EXPECT_EQ(row.s, std::to_string(row.n));
    sum += row.n;
  });
  EXPECT_EQ(sum, 100'000LL * 100'001 / 2);
  EXPECT_EQ(result.consume().query_type, "r");
  // [/quote]
  std::int64_t count = 0;
  for (const Record& record : session.run("UNWIND range(1, 5000) AS n RETURN n"))
    count += record.get<std::int64_t>("n") > 0;
  EXPECT_EQ(count, 5000);
}

TEST_F(Neo4jTest, AnOpenResultMovesIntoMemoryWhenTheSessionGoesOn) {
  Session session = driver_.session({.fetch_size = 10});
  Result first = session.run("UNWIND range(1, 500) AS n RETURN n");
  Result second = session.run("RETURN 1 AS one");
  EXPECT_EQ(first.list().size(), 500U);
  EXPECT_EQ(second.single().get<int>("one"), 1);
}

TEST_F(Neo4jTest, ResultsOfOneTransactionAreReadInTurns) {
  Session session = driver_.session({.fetch_size = 2});
  session.execute_read([](ManagedTransaction& tx) {
    Result a = tx.run("UNWIND range(1, 7) AS n RETURN n");
    Result b = tx.run("UNWIND range(101, 107) AS n RETURN n");
    for (int i = 1; i <= 7; ++i) {
      EXPECT_EQ(a.next()->get<int>(0), i);
      EXPECT_EQ(b.next()->get<int>(0), 100 + i);
    }
    EXPECT_FALSE(a.next());
    EXPECT_FALSE(b.next());
  });
}

TEST_F(Neo4jTest, ErrorsHaveTheClassThatACallerActsOn) {
  (void)driver_.execute_query("CREATE CONSTRAINT one IF NOT EXISTS FOR (u:Unique) REQUIRE u.id IS UNIQUE");
  (void)driver_.execute_query("CREATE (:Unique {id: 1})");
  EXPECT_THROW((void)driver_.execute_query("CREATE (:Unique {id: 1})"), UniqueViolation);
  EXPECT_THROW((void)driver_.execute_query("RETRUN 1"), SyntaxError);
  EXPECT_THROW((void)driver_.session({.database = "nowhere"}).run("RETURN 1"), Error);
  try {
    (void)driver_.execute_query("RETURN 1/0");
    FAIL() << "one was divided by zero";
  } catch (const Error& error) {
    EXPECT_EQ(error.native_code(), "Neo.ClientError.Statement.ArithmeticError");
    ASSERT_NE(server_failure(error), nullptr);
    EXPECT_EQ(server_failure(error)->gql_status.size(), 5U);
    EXPECT_FALSE(error.is_retryable());
  }
}

TEST_F(Neo4jTest, WrongCredentialsAreRefusedWithoutBeingTold) {
  const Driver driver(uri(), AuthToken::basic("neo4j", "hunter2"));
  try {
    driver.verify_connectivity();
    FAIL() << "a wrong password was accepted";
  } catch (const AuthenticationError& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
  }
}

TEST_F(Neo4jTest, AnotherIdentityIsTriedWhereTheServerCanChangeIt) {
  ASSERT_EQ(driver_.supports_session_auth(), service_["bolt"] != "4.4");
  if (driver_.supports_session_auth()) {
    EXPECT_FALSE(driver_.verify_authentication(AuthToken::basic("neo4j", "hunter2")));
    EXPECT_TRUE(driver_.verify_authentication(token()));
  } else {
    EXPECT_THROW((void)driver_.verify_authentication(token()), ConfigError);
  }
}

TEST_F(Neo4jTest, TheNewestBoltOfBothSidesIsSpoken) {
  EXPECT_EQ(driver_.get_server_info().protocol_version, service_["bolt"]);
}

TEST_F(Neo4jTest, ATimeoutEndsATransactionAtTheServer) {
  Session session = driver_.session();
  EXPECT_THROW((void)session.run(endless_query, {}, {.timeout = std::chrono::milliseconds(1)}).consume(),
               DeadlineExceeded);
  EXPECT_EQ(session.run("RETURN 1").single().get<int>(0), 1);
}

TEST_F(Neo4jTest, ADeadlineEndsEveryWaitOfASession) {
  Session session = driver_.session({.deadline = Deadline::in(std::chrono::milliseconds(200))});
  EXPECT_THROW((void)session.run(endless_query).consume(), DeadlineExceeded);
  EXPECT_EQ(driver_.pool_statistics().active, 0U);
}

TEST_F(Neo4jTest, ADeadlineCostsNoConnectionButItsOwn) {
  {
    Session one = driver_.session(), two = driver_.session();
    const Transaction first = one.begin_transaction(), second = two.begin_transaction();
  }
  ASSERT_EQ(driver_.pool_statistics().idle, 2U);
  Session session = driver_.session({.deadline = Deadline::in(std::chrono::milliseconds(100))});
  EXPECT_THROW((void)session.run(endless_query).consume(), DeadlineExceeded);
  EXPECT_THROW((void)session.run("RETURN 1"), DeadlineExceeded);
  EXPECT_EQ(driver_.pool_statistics().idle, 1U);
}

TEST_F(Neo4jTest, ClosingTheDriverEndsAWaitAtOnce) {
  Driver driver(uri(), token());
  std::exception_ptr failure;
  std::thread waiting([&] {
    try {
      Session session = driver.session();
      (void)session.run(endless_query).consume();
    } catch (...) {
      failure = std::current_exception();
    }
  });
  while (driver.pool_statistics().active == 0) std::this_thread::yield();
  driver.close();
  waiting.join();
  EXPECT_NE(failure, nullptr);
  EXPECT_THROW((void)driver.session(), UsageError);
}

TEST_F(Neo4jTest, TlsChecksTheCertificateAndTheName) {
  // [quote tls]
  DriverConfig trusting{.encrypted = true, .trusted_certificates = std::vector<std::string>{service_["ca"]}};
  Driver(uri("bolt", "localhost"), token(), trusting).verify_connectivity();
  // [/quote]
  Driver(uri("bolt", "127.0.0.1"), token(), trusting).verify_connectivity();
  Driver(uri("bolt+ssc"), token()).verify_connectivity();
  try {
    Driver(uri("bolt+s"), token()).verify_connectivity();
    FAIL() << "a certificate of nobody known was trusted";
  } catch (const ConnectionLost& error) {
    EXPECT_THAT(error.what(), HasSubstr("its certificate is not trusted"));
    EXPECT_FALSE(error.is_retryable());
  }
  trusting.name_resolver = [](const std::string&) { return std::vector<std::string>{"127.0.0.1"}; };
  EXPECT_THROW(Driver(uri("bolt", "elsewhere.example"), token(), trusting).verify_connectivity(), ConnectionLost);
}

TEST_F(Neo4jTest, OneDriverServesManyThreads) {
  constexpr int threads = 16;
  std::vector<std::jthread> running;
  for (int thread = 0; thread < threads; ++thread) {
    running.emplace_back([&, thread] {
      Session session = driver_.session();
      for (int i = 0; i < 20; ++i) {
        session.execute_write([&](ManagedTransaction& tx) {
          (void)tx.run("CREATE (:Thread {thread: $thread, i: $i})", {{"thread", thread}, {"i", i}}).consume();
        });
      }
    });
  }
  running.clear();
  EXPECT_EQ(count("Thread"), threads * 20);
  EXPECT_EQ(driver_.pool_statistics().active, 0U);
}

TEST_F(Neo4jTest, SessionsThatAreDroppedMidwayDisturbNobody) {
  const DriverConfig few{.max_connection_pool_size = 4, .fetch_size = 10};
  const Driver driver(uri(), token(), few);
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> running;
  for (int thread = 0; thread < 16; ++thread) {
    running.emplace_back([&, thread] {
      for (int i = 0; i < 20; ++i) {
        std::optional<Session> dropped = driver.session();
        Result left = dropped->run("UNWIND range(1, 1000) AS n RETURN n");
        if (i % 2 == 0) wrong += left.next()->get<int>(0) != 1;
        dropped.reset();
        EXPECT_THROW((void)left.consume(), UsageError);
        Session session = driver.session();
        wrong += session.run("RETURN $n AS n", {{"n", thread}}).single().get<int>("n") != thread;
      }
    });
  }
  running.clear();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(driver.pool_statistics().total, 4U);
}

TEST_F(Neo4jTest, PlansAndNotificationsAreInTheSummary) {
  const EagerResult explained = driver_.execute_query("EXPLAIN MATCH (n) RETURN n");
  ASSERT_TRUE(explained.summary.plan);
  EXPECT_FALSE(explained.summary.plan->operator_type.empty());
  const EagerResult profiled = driver_.execute_query("PROFILE RETURN 1");
  ASSERT_TRUE(profiled.summary.plan && profiled.summary.plan->profile);
  const EagerResult warned = driver_.execute_query("MATCH (a), (b) RETURN a.x, b.x");
  ASSERT_TRUE(warned.summary.notifications);
  EXPECT_FALSE(warned.summary.notifications->empty());
  EXPECT_THAT(warned.summary.server.agent, HasSubstr("Neo4j/"));
}

}  // namespace
}  // namespace core_lib::neo4j
