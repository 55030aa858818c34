// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/driver.hpp"

#include "scripted/neo4j/scripted_server.hpp"
#include "support/eventually.hpp"

namespace core_lib::neo4j {
namespace {

using bolt::failure;
using bolt::record;
using bolt::success;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr std::uint8_t run = 0x10, pull = 0x3F, begin = 0x11, commit = 0x12, reset = 0x0F, rollback = 0x13;

Driver driver_of(const ScriptedServer& server, DriverConfig config = {}) {
  return {server.uri(), AuthToken::basic("neo4j", "secret"), std::move(config)};
}

/// What one query on a server gets that does this after RUN and PULL were heard.
std::string error_after_pull(const std::function<void(Peer&)>& answer) {
  const ScriptedServer server({[&](Peer& peer) {
    peer.welcome();
    EXPECT_EQ(peer.hear(), run);
    EXPECT_EQ(peer.hear(), pull);
    answer(peer);
  }});
  const Driver driver = driver_of(server);
  Session session = driver.session();
  try {
    Result result = session.run("RETURN 1 AS n");
    (void)result.list();
  } catch (const Error& error) {
    EXPECT_TRUE(error.breaks_connection()) << error.what();
    return error.what();
  }
  return "nothing failed";
}

std::string error_at_connect(const std::function<void(Peer&)>& answer) {
  const ScriptedServer server({answer});
  const Driver driver = driver_of(server);
  try {
    driver.verify_connectivity();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing failed";
}

TEST(BadServerTest, WhatIsNoNeo4jIsSaidAtConnect) {
  EXPECT_THAT(error_at_connect([](Peer& peer) { peer.read_raw(20), peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); }),
              HasSubstr("port for HTTP"));
  EXPECT_THAT(error_at_connect([](Peer&) {}),
              testing::AnyOf(HasSubstr("is it Neo4j?"), HasSubstr("lost the connection")));
  EXPECT_THAT(error_at_connect([](Peer& peer) { peer.read_raw(20), peer.send("garbage!"); }),
              HasSubstr("something else than one of the versions"));
  EXPECT_THAT(error_at_connect([](Peer& peer) {
                peer.read_raw(20);
                peer.send(std::string("\0\0\4\5", 4));
                (void)peer.hear();
                peer.say(success({{"server", "Other/1"}}));
              }),
              HasSubstr("does not call itself Neo4j"));
}

TEST(BadServerTest, TheEndOfAConnectionIsToldAtEveryStep) {
  const std::string head = success({{"fields", List{"n"}}});
  EXPECT_THAT(error_after_pull([](Peer&) {}), HasSubstr("the server closed it"));
  EXPECT_THAT(error_after_pull([&](Peer& peer) { peer.say(head); }), HasSubstr("the server closed it"));
  EXPECT_THAT(error_after_pull([&](Peer& peer) { peer.say(head), peer.say(record({1})); }),
              HasSubstr("the server closed it"));
  EXPECT_THAT(error_after_pull([&](Peer& peer) { peer.say(head), peer.send(std::string("\0\5\xB1", 3)); }),
              HasSubstr("the server closed it"));
}

TEST(BadServerTest, WhatIsNoBoltIsRefused) {
  const std::string head = success({{"fields", List{"n"}}});
  const auto answers = [&](const std::string& message) {
    return error_after_pull([&](Peer& peer) { peer.say(head), peer.say(message), peer.wait_for_end(); });
  };
  for (const std::string& message :
       {std::string("\xFF\xFF\xFF\xFF"), bolt::message(0x55, {}), record({1, 2}), bolt::message(0x71, {1}),
        std::string("\xB1\x71\xD6\xFF\xFF\xFF\xFF"), std::string("\xB1\x71\x91\xD2\xFF\xFF\xFF\xFF"),
        std::string("\xB1\x71\x91\xC7")}) {
    EXPECT_THAT(answers(message), HasSubstr("does not keep to the Bolt protocol"))
        << to_hex(std::as_bytes(std::span(message)));
  }
}

TEST(BadServerTest, AServerThatSaysNothingIsGivenUpAtTheDeadline) {
  const ScriptedServer server({[](Peer& peer) { peer.wait_for_end(); }});
  const Driver driver = driver_of(server, {.connection_acquisition_timeout = std::chrono::milliseconds(50)});
  EXPECT_THROW(driver.verify_connectivity(), DeadlineExceeded);
}

TEST(BadServerTest, AHintOfTheServerEndsAReadThatTakesTooLong) {
  const ScriptedServer server({[](Peer& peer) {
    peer.read_raw(20);
    peer.send(std::string("\0\0\4\5", 4));
    (void)peer.hear(), (void)peer.hear();
    peer.say(success({{"server", "Neo4j/5"}, {"hints", Map{{"connection.recv_timeout_seconds", 1}}}}));
    peer.say(success({}));
    peer.wait_for_end();
  }});
  const Driver driver = driver_of(server);
  Session session = driver.session();
  EXPECT_THROW((void)session.run("RETURN 1"), DeadlineExceeded);
}

TEST(BadServerTest, ALostConnectionAfterCommitIsUnknownAndNotTriedAgain) {
  const ScriptedServer server({[](Peer& peer) {
    peer.welcome();
    EXPECT_EQ(peer.hear(), begin);
    peer.say(success({}));
    EXPECT_EQ(peer.hear(), commit);
  }});
  const Driver driver = driver_of(server);
  Session session = driver.session();
  int runs = 0;
  EXPECT_THROW(session.execute_write([&](ManagedTransaction&) { ++runs; }), CommitUnknown);
  EXPECT_EQ(runs, 1);
}

TEST(BadServerTest, AQueryOfItsOwnIsInDoubtOnceItsAnswerIsLostUnlessItOnlyReads) {
  const std::string head = success({{"fields", List{"n"}}});
  for (const bool begun : {false, true}) {
    for (const Access access : {Access::read_write, Access::read_only}) {
      const ScriptedServer server({[&](Peer& peer) {
        peer.welcome();
        (void)peer.hear(), (void)peer.hear();
        if (begun) peer.say(head), peer.say(record({1}));
      }});
      const Driver driver = driver_of(server);
      Session session = driver.session({.access = access});
      try {
        (void)session.run("CREATE (n) RETURN n").consume();
        ADD_FAILURE() << "the end of the connection is not told";
      } catch (const ConnectionLost& error) {
        EXPECT_EQ(error.is_in_doubt(), access == Access::read_write);
        EXPECT_EQ(error.is_retryable(), access == Access::read_only);
      }
    }
  }
}

TEST(BadServerTest, AConnectionThatTheServerClosedWhileItWasIdleTakesNoQueryAlongWithIt) {
  const std::string head = success({{"fields", List{"n"}}});
  const auto answer = [&](Peer& peer) {
    peer.welcome();
    (void)peer.hear(), (void)peer.hear();
    peer.say(head), peer.say(record({1})), peer.say(success({{"type", "rw"}}));
  };
  const ScriptedServer server({answer, answer});
  const Driver driver = driver_of(server);
  for (int served = 0; served < 2; ++served) {
    (void)driver.session().run("CREATE (n) RETURN n").consume();
    EXPECT_TRUE(support::eventually([&] { return server.served() == served + 1; }));
  }
}

TEST(BadServerTest, ARefusedCommitIsAFailedOne) {
  const ScriptedServer server({[](Peer& peer) {
    peer.welcome();
    (void)peer.hear();
    peer.say(success({}));
    EXPECT_EQ(peer.hear(), commit);
    peer.say(bolt::message(
        0x7F, {Map{{"code", "Neo.DatabaseError.Transaction.TransactionCommitFailed"}, {"message", "no"}}}));
    EXPECT_EQ(peer.hear(), reset);
    peer.say(success({}));
    peer.wait_for_end();
  }});
  const Driver driver = driver_of(server);
  Session session = driver.session();
  Transaction tx = session.begin_transaction();
  EXPECT_THROW(tx.commit(), CommitFailed);
}

TEST(BadServerTest, AFailedQueryFailsItsTransactionWithoutAnotherWord) {
  const ScriptedServer server({[](Peer& peer) {
    peer.welcome();
    (void)peer.hear();
    peer.say(success({}));
    (void)peer.hear(), (void)peer.hear();
    peer.say(bolt::message(0x7F, {Map{{"code", "Neo.ClientError.Statement.SyntaxError"}, {"message", "no"}}}));
    peer.say(bolt::ignored());
    EXPECT_EQ(peer.hear(), reset) << "nothing but RESET follows, and no ROLLBACK";
    peer.say(success({}));
    EXPECT_EQ(peer.hear(), begin);
    peer.say(success({}));
    peer.wait_for_end();
  }});
  const Driver driver = driver_of(server);
  Session session = driver.session();
  Transaction tx = session.begin_transaction();
  EXPECT_THROW((void)tx.run("RETRUN"), SyntaxError);
  try {
    (void)tx.run("RETURN 1");
    FAIL() << "a failed transaction ran another query";
  } catch (const TransactionAborted& error) {
    EXPECT_THROW(std::rethrow_exception(error.cause()), SyntaxError);
  }
  EXPECT_THROW(tx.commit(), TransactionAborted);
  EXPECT_NO_THROW((void)session.begin_transaction()) << "a failed transaction holds up nobody";
  tx.close();
}

TEST(BadServerTest, AManagedTransactionIsTriedAgainOnANewConnection) {
  const auto answer = [](Peer& peer) {
    peer.welcome();
    (void)peer.hear();
    peer.say(success({}));
  };
  const ScriptedServer server({[&](Peer& peer) { answer(peer), (void)peer.hear(); },
                               [&](Peer& peer) {
                                 answer(peer);
                                 (void)peer.hear(), (void)peer.hear();
                                 peer.say(success({{"fields", List{"n"}}}));
                                 peer.say(record({1}));
                                 peer.say(success({{"type", "r"}}));
                                 EXPECT_EQ(peer.hear(), commit);
                                 peer.say(success({{"bookmark", "b1"}}));
                                 peer.wait_for_end();
                               }});
  const Driver driver = driver_of(server);
  Session session = driver.session();
  int runs = 0;
  const auto one = session.execute_read([&](ManagedTransaction& tx) {
    ++runs;
    return tx.run("RETURN 1 AS n").single().get<int>("n");
  });
  EXPECT_EQ(one, 1);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(session.last_bookmarks(), Bookmarks{"b1"});
}

TEST(BadServerTest, ReadingWorkBeginsWithItsFirstQueryAndWritingWorkOnceTheServerHasBegun) {
  const std::string no_database =
      bolt::message(0x7F, {Map{{"code", "Neo.ClientError.Database.DatabaseNotFound"}, {"message", "no database"}}});
  const ScriptedServer server({[&](Peer& peer) {
    peer.welcome();
    EXPECT_EQ(peer.hear(), begin);
    EXPECT_EQ(peer.hear(), run);
    EXPECT_EQ(peer.hear(), pull);
    peer.say(no_database);
    peer.say(bolt::ignored()), peer.say(bolt::ignored());
    EXPECT_EQ(peer.hear(), reset);
    peer.say(success({}));
    EXPECT_EQ(peer.hear(), begin);
    peer.say(no_database);
    EXPECT_EQ(peer.hear(), reset);
    peer.say(success({}));
    EXPECT_EQ(peer.hear(), begin) << "of reading work without a query";
    EXPECT_EQ(peer.hear(), commit);
    peer.say(success({})), peer.say(success({{"bookmark", "b1"}}));
    EXPECT_EQ(peer.hear(), begin) << "of reading work that fails without a query";
    EXPECT_EQ(peer.hear(), rollback);
    peer.say(success({})), peer.say(success({}));
    peer.wait_for_end();
  }});
  const Driver driver = driver_of(server);
  Session session = driver.session();
  int runs = 0;
  const auto work = [&](ManagedTransaction& tx) {
    ++runs;
    (void)tx.run("RETURN 1 AS n");
  };
  EXPECT_THAT([&] { session.execute_read(work); }, ThrowsMessage<Error>(HasSubstr("no database")));
  EXPECT_EQ(runs, 1);
  EXPECT_THAT([&] { session.execute_write(work); }, ThrowsMessage<Error>(HasSubstr("no database")));
  EXPECT_EQ(runs, 1);
  session.execute_read([](ManagedTransaction&) {});
  EXPECT_EQ(session.last_bookmarks(), Bookmarks{"b1"});
  EXPECT_THROW(session.execute_read([](ManagedTransaction&) { throw std::runtime_error("body"); }), std::runtime_error);
}

TEST(BadServerTest, AResultOutlivesItsSessionAndDriver) {
  const ScriptedServer server({[](Peer& peer) {
    peer.welcome();
    (void)peer.hear(), (void)peer.hear();
    peer.say(success({{"fields", List{"n"}}}));
    peer.say(record({1}));
    peer.say(success({{"type", "r"}}));
    peer.wait_for_end();
  }});
  std::optional<Result> result;
  {
    const Driver driver = driver_of(server);
    Session session = driver.session();
    result.emplace(session.run("RETURN 1 AS n"));
    session.close();
  }
  EXPECT_EQ(result->keys(), std::vector<std::string>{"n"});
  EXPECT_EQ(result->consume().query_type, "r");
  EXPECT_THROW((void)result->next(), UsageError);
}

}  // namespace
}  // namespace core_lib::neo4j
