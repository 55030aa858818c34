// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/postgresql/account_load.hpp"
#include "support/caught.hpp"
#include "support/eventually.hpp"
#include "support/forwarder.hpp"
#include "support/mariadb_database.hpp"
#include "support/recording_observer.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using mapping::Scalar;
using support::caught;
using support::eventually;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// add_all() of so many rows that they go in packets, each of many rows.
class MariadbLoad : public testing::Test {
 protected:
  MariadbLoad() { db->create_db<Account>(); }

  std::unique_ptr<SqlConnectionRegistry> open_behind(support::Forwarder& network) const {
    MariadbOptions options = database.options();
    options.hosts = {{"127.0.0.1", network.port()}};
    options.tls.mode = TlsMode::disable;
    return support::MariadbDatabase::open(options);
  }
  void change(const std::string& sql) { database.administrator().execute(sql); }
  void add_all(const std::vector<Account>& accounts) {
    db->with([&](Session& session) { session.add_all(accounts); });
  }
  std::int64_t count() { return db->execute("SELECT COUNT(*) FROM accounts").scalar<std::int64_t>(); }
  /// Someone else's row, not yet committed, for which the one of that name has to wait.
  struct Holder {
    Holder(const MariadbLoad& test, const std::string& name) : connection(test.database.administrator().get()) {
      (void)connection.enter().execute("INSERT INTO accounts (name, balance) VALUES (?, 1)", name);
    }
    void let_go() { connection.exit(std::make_exception_ptr(std::runtime_error("undo"))); }
    SqlConnection connection;
  };

  support::MariadbDatabase database;
  std::shared_ptr<support::RecordingObserver> observer = std::make_shared<support::RecordingObserver>();
  std::unique_ptr<SqlConnectionRegistry> db = database.open({.observer = observer});
};

TEST_F(MariadbLoad, IsSeenByObserversAsOneStatement) {
  add_all(make_accounts(1000));
  const auto insert = observer->queries_ended().back();
  EXPECT_EQ(insert.statement, "INSERT INTO `accounts` (`name`, `balance`) VALUES (?, ?)");
  EXPECT_EQ(insert.outcome.rows, 1000U);
  EXPECT_FALSE(insert.outcome.failure);
  EXPECT_EQ(count(), 1000);
}

TEST_F(MariadbLoad, CostsARoundTripForEachPacketBesidePreparingAndTheCommit) {
  support::Forwarder network(database.port());
  network.gather_requests(5ms);
  const auto watched = open_behind(network);
  const auto cost_of = [&](const std::vector<Account>& rows) {
    const std::uint64_t before = network.round_trips();
    watched->with([&](Session& session) { session.add_all(rows); });
    return network.round_trips() - before;
  };
  EXPECT_EQ(cost_of(make_accounts(1000)), 3U);
  std::vector<Account> long_names = make_accounts(300);
  for (Account& account : long_names) account.name = std::string(200, 'x') + account.name;
  EXPECT_EQ(cost_of(long_names), 3U);
}

TEST_F(MariadbLoad, TakesAsManyPacketsAsItNeeds) {
  const auto key = [](Account& account) { account.id = account.balance + 1; };
  std::vector<Account> rows = make_accounts(50'000);
  for (std::size_t i = 20'000; i < rows.size(); ++i) key(rows[i]);
  change("ALTER TABLE accounts AUTO_INCREMENT = 100001");
  add_all(rows);
  EXPECT_EQ(db->execute("SELECT COUNT(*) FROM accounts WHERE name = CONCAT('account ', balance)").scalar<int>(),
            50'000);
  EXPECT_EQ(db->execute("SELECT COUNT(*) FROM accounts WHERE id = balance + 1").scalar<int>(), 30'000);
}

TEST_F(MariadbLoad, OfARowThatNoPacketHoldsSaysSo) {
  std::vector<Account> rows = make_accounts(300);
  rows[200].name = std::string(20 * 1024 * 1024, 'x');
  const Error error = caught<Error>([&] { add_all(rows); });
  EXPECT_EQ(error.status_code(), 413);
  EXPECT_THAT(error.what(), HasSubstr("max_allowed_packet is 16777216"));
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(db->pool_statistics()->connects, 1U);
}

TEST_F(MariadbLoad, FitsColumnsOfOtherTypes) {
  change("ALTER TABLE accounts MODIFY balance DECIMAL(10, 2), MODIFY name VARCHAR(20)");
  add_all(make_accounts());
  EXPECT_EQ(db->execute("SELECT CAST(SUM(balance) AS CHAR) FROM accounts").scalar<std::string>(), "499500.00");
  std::vector<Account> rows = make_accounts();
  for (Account& account : rows) account.name += "'";
  rows[900].name = "a name of more than twenty characters";
  EXPECT_THAT(caught<ConversionError>([&] { add_all(rows); }).what(),
              AllOf(HasSubstr("'name'"), Not(HasSubstr("a name"))));
  EXPECT_EQ(count(), 1000);
}

TEST_F(MariadbLoad, StoresRowsThroughAView) {
  change("ALTER TABLE accounts RENAME TO hidden");
  change("CREATE VIEW accounts AS SELECT * FROM hidden WHERE balance >= 0 WITH CHECK OPTION");
  add_all(make_accounts());
  std::vector<Account> rows = make_accounts();
  for (Account& account : rows) account.name += "'";
  rows[500].balance = -1;
  EXPECT_THROW(add_all(rows), Error);
  EXPECT_EQ(count(), 1000);
}

TEST_F(MariadbLoad, OfATableThatIsMissingSaysSo) {
  change("DROP TABLE accounts");
  EXPECT_THROW(add_all(make_accounts()), SyntaxError);
  EXPECT_EQ(db->execute("SELECT 1").scalar<int>(), 1);
}

/// Rows whose second column holds what it likes.
class MixedRows final : public driver::RowSource {
 public:
  std::span<const mapping::Field* const> fields() const noexcept override { return {}; }
  const void* next() override { return row_ == std::size(second) ? nullptr : &second[row_++]; }
  std::span<const Scalar> values() override {
    name_ = "mixed " + std::to_string(row_);
    values_[0] = Scalar::text(name_);
    values_[1] = second[row_ - 1];
    return values_;
  }

 private:
  static constexpr Scalar second[] = {Scalar(), Scalar::integer(7), Scalar::text("8"), Scalar(), Scalar::real(9.0)};
  std::size_t row_ = 0;
  std::string name_;
  Scalar values_[2];
};

TEST_F(MariadbLoad, MayHaveValuesOfSeveralKindsInAColumn) {
  change("ALTER TABLE accounts MODIFY balance BIGINT NULL");
  const auto driver = make_mariadb_driver(database.options());
  const auto connection = driver->connect(Access::read_write, Deadline::in(30s));
  connection->begin({});
  ASSERT_TRUE(connection->can_load("accounts", false));
  MixedRows rows;
  ASSERT_TRUE(connection->load("INSERT INTO accounts (name, balance) VALUES (?, ?)", rows));
  connection->commit();
  EXPECT_EQ(
      db->execute("SELECT GROUP_CONCAT(IFNULL(balance, 'null') ORDER BY name) FROM accounts").scalar<std::string>(),
      "null,7,8,null,9");
}

TEST_F(MariadbLoad, IsCancelledAtTheDeadlineAndStoresNothing) {
  Holder holder(*this, "account 900");
  EXPECT_THROW(db->with({.deadline = 300ms}, [](Session& session) { session.add_all(make_accounts()); }),
               DeadlineExceeded);
  holder.let_go();
  EXPECT_EQ(count(), 0);
}

TEST_F(MariadbLoad, OverALinkThatBreaksIsAConnectionLost) {
  support::Forwarder network(database.port());
  const auto broken = open_behind(network);
  Holder holder(*this, "account 900");
  const std::jthread cutter([&] {
    EXPECT_TRUE(eventually([&] { return database.is_running("INSERT INTO `accounts` (`name`, `balance`) VALUES"); }));
    network.cut();
  });
  EXPECT_THROW(broken->with([](Session& session) { session.add_all(make_accounts()); }), ConnectionLost);
  holder.let_go();
  broken->with([](Session& session) { session.add_all(make_accounts()); });
  EXPECT_EQ(count(), 1000);
}

TEST_F(MariadbLoad, MayRunWhileACursorIsRead) { expect_load_beside_a_cursor(*db); }

}  // namespace
}  // namespace core_lib::sql
