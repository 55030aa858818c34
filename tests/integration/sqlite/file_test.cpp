// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/resource.h>

#include "support/caught.hpp"
#include "support/child_process.hpp"
#include "support/shop.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::shop {
namespace {

using support::caught;
using support::ChildProcess;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::unique_ptr<SqlConnectionRegistry> open(const std::string& file) {
  return std::make_unique<SqlConnectionRegistry>(sql::make_sqlite_driver({.file = file}));
}
std::string contents(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}
void write(const std::string& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

/// Names of so many customers, long enough to fill pages.
std::vector<Customer> many_customers(int count) {
  std::vector<Customer> rows;
  for (int i = 0; i < count; ++i) rows.push_back({0, std::to_string(i) + std::string(400, 'x'), {}, true});
  return rows;
}

class SqliteFileTest : public testing::Test {
 protected:
  /// A database of its own with so many customers, closed again.
  void make_database(int count, const char* journal = "WAL") {
    const auto db = open(file);
    db->create_db<Customer>();
    db->with([&](sql::Session& session) { session.add_all(many_customers(count)); });
    db->close(Deadline::in(std::chrono::seconds(5)));
    const auto plain = sql::make_sqlite_driver({.file = file})->connect(Access::read_write, Deadline::never());
    const auto statement = plain->prepare("PRAGMA journal_mode = " + std::string(journal));
    ASSERT_EQ(statement->execute({}, sql::driver::Fetching::at_once), 1U);
    ASSERT_TRUE(statement->fetch());
  }
  static std::int64_t count(SqlConnectionRegistry& db) {
    return db.with({.access = read_only}, [](sql::Session& session) { return session.query<Customer>().count(); });
  }
  static std::string pragma(SqlConnectionRegistry& db, const std::string& name, Access access) {
    return db.with({.access = access}, [&](sql::Session& session) {
      return session.execute("SELECT CAST(" + name + " AS TEXT) FROM pragma_" + name).scalar<std::string>();
    });
  }

  TemporaryFolder folder;
  std::string file = folder.path() + "/shop.db";
};

TEST_F(SqliteFileTest, IsMadeWhereItIsMissingAndKeepsWhatWasCommitted) {
  {
    const auto db = open(file);
    EXPECT_EQ(db->name(), "sqlite file " + file);
    db->create_db<Customer>();
    db->with([](sql::Session& session) { session.add(Customer{0, "ada", {}, true}); });
  }
  EXPECT_EQ(count(*open(file)), 1);
}

TEST_F(SqliteFileTest, MayBeNamedFromWhereTheProcessRuns) {
  make_database(3);
  const std::string relative = std::filesystem::relative(file).string();
  EXPECT_THAT(relative, Not(StartsWith("/")));
  EXPECT_EQ(count(*open(relative)), 3);
}

TEST_F(SqliteFileTest, MayHaveANameThatNeedsCare) {
  file = folder.path() + "/a name; with 'quotes' & %20?mode=ro#x.db";
  make_database(2);
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_EQ(count(*open(file)), 2);
}

TEST_F(SqliteFileTest, OfANameWithANulIsRefused) {
  using namespace std::string_literals;
  EXPECT_THAT(caught<ConfigError>([&] { return open(file + "\0.db"s); }).what(), HasSubstr("the file of the database"));
}

TEST_F(SqliteFileTest, IsSetUpTheSameForWritersAndReaders) {
  const auto db = open(file);
  for (const Access access : {Access::read_write, Access::read_only}) {
    EXPECT_EQ(pragma(*db, "journal_mode", access), "wal");
    EXPECT_EQ(pragma(*db, "foreign_keys", access), "1");
    EXPECT_EQ(pragma(*db, "synchronous", access), "1");
  }
}

TEST_F(SqliteFileTest, IsOneFileOnceItIsClosed) {
  make_database(100);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.path().filename(), "shop.db");
  }
}

TEST_F(SqliteFileTest, AnEmptyFileBecomesADatabase) {
  write(file, "");
  const auto db = open(file);
  db->create_db<Customer>();
  EXPECT_EQ(count(*db), 0);
}

// --- Files that cannot be used ---

TEST_F(SqliteFileTest, AFolderIsNoDatabase) {
  const auto error = caught<ConnectionLost>([&] { return open(folder.path()); });
  EXPECT_EQ(error.status_code(), 503);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("cannot open sqlite file " + folder.path()),
                                  HasSubstr("it is a folder; name a file in it")));
}

TEST_F(SqliteFileTest, ItsFolderMustBeThere) {
  const std::string missing = folder.path() + "/nowhere/shop.db";
  EXPECT_THAT(caught<ConnectionLost>([&] { return open(missing); }).what(),
              HasSubstr("its folder does not exist; make it first"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/nowhere"));
}

TEST_F(SqliteFileTest, ItsFolderMustBeAFolder) {
  write(file, "a file");
  EXPECT_THAT(caught<ConnectionLost>([&] { return open(file + "/shop.db"); }).what(),
              HasSubstr("what should be its folder is a file"));
  EXPECT_EQ(contents(file), "a file");
}

TEST_F(SqliteFileTest, ItsFolderMustBeWritable) {
  EXPECT_THAT(caught<ConnectionLost>([&] { return open("/proc/shop.db"); }).what(),
              HasSubstr("may not write there; give it the rights"));
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
  ChildProcess child([&](const ChildProcess::Reporter& reporter) {
    support::become_nobody();
    reporter.tell(caught<ConnectionLost>([&] { return open(file); }).what());
  });
  EXPECT_THAT(child.read_all(), HasSubstr("may not write there; give it the rights"));
  EXPECT_EQ(child.wait(), 0);
}

TEST_F(SqliteFileTest, AnotherKindOfFileIsLeftAsItIs) {
  const std::string text = "This is a letter, and no database at all.\n" + std::string(4'000, 'x');
  write(file, text);
  const auto error = caught<Error>([&] { return open(file); });
  EXPECT_EQ(error.native_code(), "SQLITE_NOTADB (26)");
  EXPECT_TRUE(error.breaks_connection());
  EXPECT_THAT(error.what(), AllOf(HasSubstr("shop.db"), HasSubstr("holds something else than a SQLite database")));
  EXPECT_EQ(contents(file), text);
}

TEST_F(SqliteFileTest, ADamagedFileSaysSoAndWhatIsLeftCanStillBeRead) {
  make_database(500);
  std::string bytes = contents(file);
  ASSERT_GT(bytes.size(), 100'000U);
  for (std::size_t i = 40'000; i < 60'000; ++i) bytes[i] = static_cast<char>(0xA5);
  write(file, bytes);
  const auto db = open(file);
  const auto error =
      caught<Error>([&] { return db->with([](sql::Session& session) { return session.query<Customer>().all(); }); });
  EXPECT_THAT(error.native_code(), StartsWith("SQLITE_CORRUPT ("));
  EXPECT_TRUE(error.breaks_connection());
  EXPECT_THAT(error.what(), AllOf(HasSubstr("shop.db"), HasSubstr("the file is damaged"), HasSubstr(".recover")));
  EXPECT_EQ(db->pool_statistics()->active, 0U);
  EXPECT_TRUE(db->with([](sql::Session& session) { return session.query<Customer>().get(1); }));
}

TEST_F(SqliteFileTest, ACutFileSaysSo) {
  make_database(500);
  std::filesystem::resize_file(file, 50'000);
  EXPECT_THAT(caught<Error>([&] {
                return open(file)->with([](sql::Session& session) { return session.query<Customer>().all(); });
              }).what(),
              HasSubstr("the file is damaged"));
}

TEST_F(SqliteFileTest, AFileThatMayOnlyBeReadIsRead) {
  make_database(3, "DELETE");
  std::filesystem::permissions(file, std::filesystem::perms(0444));
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
  ChildProcess child([&](const ChildProcess::Reporter& reporter) {
    support::become_nobody();
    const auto db = open(file);
    reporter.tell(std::to_string(count(*db)) + " rows, ");
    const auto error = caught<Error>(
        [&] { return db->with([](sql::Session& session) { session.add(Customer{0, "secret", {}, true}); }), 0; });
    reporter.tell(std::to_string(error.status_code()) + " " + error.what());
  });
  EXPECT_THAT(child.read_all(), AllOf(StartsWith("3 rows, 403 "),
                                      HasSubstr("the database, its folder or the scope is "
                                                "read-only"),
                                      Not(HasSubstr("secret"))));
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(count(*open(file)), 3);
}

TEST_F(SqliteFileTest, ALogThatCannotBeWrittenSaysWhatItNeeds) {
  make_database(3, "WAL");
  std::filesystem::permissions(file, std::filesystem::perms(0444));
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
  ChildProcess child([&](const ChildProcess::Reporter& reporter) {
    support::become_nobody();
    const auto error = caught<Error>([&] { return open(file); });
    reporter.tell(std::to_string(error.status_code()) + " " + error.what());
  });
  EXPECT_THAT(child.read_all(), AllOf(StartsWith("403 cannot read"), HasSubstr("write-ahead log has to be written")));
  EXPECT_EQ(child.wait(), 0);
}

// --- No room ---

TEST_F(SqliteFileTest, NoRoomStoresNothingAndIsOverOnceThereIsRoom) {
  const auto db = open(file);
  db->create_db<Customer>();
  db->with([](sql::Session& session) {
    session.add(Customer{0, "ada", {}, true});
    (void)session.execute("PRAGMA max_page_count = 20");
  });
  const auto error = caught<Error>(
      [&] { return db->with([](sql::Session& session) { return session.add_all(many_customers(1'000)); }); });
  EXPECT_EQ(error.status_code(), 507);
  EXPECT_EQ(error.native_code(), "SQLITE_FULL (13)");
  EXPECT_THAT(error.what(), HasSubstr("the disk, or the size that the database may have, is used up"));
  EXPECT_EQ(count(*db), 1);
  db->with([](sql::Session& session) { session.add(Customer{0, "grace", {}, true}); });
  EXPECT_EQ(count(*db), 2);
}

// A limit on the size of files stands for the disk: writing beyond it fails as it does there.
TEST_F(SqliteFileTest, ACommitThatCannotBeWrittenIsAFailedOne) {
  ChildProcess child([&](const ChildProcess::Reporter& reporter) {
    const auto db = open(file);
    db->create_db<Customer>();
    db->with([](sql::Session& session) { session.add(Customer{0, "ada", {}, true}); });
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, RLIM_INFINITY};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("cannot limit the size of files");
    const auto error = caught<CommitFailed>(
        [&] { return db->with([](sql::Session& session) { return session.add_all(many_customers(500)); }); });
    reporter.tell(error.native_code() + ": " + error.what());
    reporter.tell(", then " + std::to_string(count(*db)) + " rows");
  });
  EXPECT_THAT(child.read_all(), AllOf(AnyOf(StartsWith("SQLITE_IOERR_WRITE (778): "), StartsWith("SQLITE_FULL (13): ")),
                                      HasSubstr("nothing was stored"), HasSubstr(", then 1 rows")));
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(count(*open(file)), 1);
}

}  // namespace
}  // namespace core_lib::shop
