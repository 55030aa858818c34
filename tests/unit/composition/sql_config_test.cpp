// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "core_lib/config/instantiate_config.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"

#include "support/recording_logger.hpp"
#include "support/recording_observer.hpp"
#include "support/temporary_folder.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<SqlConnectionRegistry> make(const std::string& yaml) {
  return instantiate_config<SqlConnectionRegistry>(Config::parse(yaml, "app.yaml"));
}

std::string refusal(const std::string& yaml) {
  return config_error([&] { return make(yaml); });
}

std::int64_t answer(SqlConnectionRegistry& db) {
  return db.with([](sql::Session& session) { return session.execute("SELECT 42").scalar<std::int64_t>(); });
}

TEST(SqlConfigTest, EveryShapeOfNodeAndEveryNameGivesADatabase) {
  for (const char* yaml : {
           "{url: {protocol: sqlite}}",
           "{config: {url: {protocol: sqlite}}}",
           "{_target_: 'core_lib::SqlConnectionRegistry', url: {protocol: sqlite+pysqlite}}",
           "{_target_: core_lib.connection.sql_alchemy_connection_registry.SqlAlchemyConnectionRegistry, "
           "config: {url: {protocol: sqlite}}}",
           "{_target_: core_lib.connection.sql_alchemy_connection_factory.SqlAlchemyConnectionFactory, "
           "config: {url: {protocol: sqlite}}}",
       }) {
    EXPECT_EQ(answer(*make(yaml)), 42) << yaml;
  }
}

TEST(SqlConfigTest, ItCanBeAskedForAsAnyDataSource) {
  const auto db = instantiate_config<AnyConnectionRegistry>(
      Config::parse("{_target_: 'core_lib::SqlConnectionRegistry', url: {protocol: sqlite}}"));
  EXPECT_EQ(db->name(), "sqlite in memory");
  EXPECT_TRUE(db->ping(Deadline::in(std::chrono::seconds(10))).healthy);
}

TEST(SqlConfigTest, PathAndFileNameTheDatabaseTogether) {
  const TemporaryFolder folder;
  EXPECT_EQ(answer(*make("{url: {protocol: sqlite, path: " + folder.path() + ", file: app.db}}")), 42);
  EXPECT_TRUE(std::filesystem::exists(folder.path() + "/app.db"));
  EXPECT_EQ(answer(*make("{url: {protocol: sqlite, file: " + folder.path() + "/absolute.db}}")), 42);
  EXPECT_TRUE(std::filesystem::exists(folder.path() + "/absolute.db"));
}

TEST(SqlConfigTest, FileOfTheDocumentsLoads) {
  const TemporaryFolder folder;
  Resolvers resolvers;
  resolvers.add("oc.env", [&](const std::vector<std::string>&) { return folder.path(); });
  const Config file = Config::load(SQLITE_YAML, resolvers);
  const auto db = instantiate_config<SqlConnectionRegistry>(file.at("db"));
  EXPECT_EQ(answer(*db), 42);
  EXPECT_EQ(db->name(), "sqlite file " + folder.path() + "/shop.db");
}

TEST(SqlConfigTest, NumbersFromTheEnvironmentAreText) {
  EXPECT_EQ(answer(*make("{url: {protocol: sqlite}, create_db: 'off', session: {pool_size: '3', pool_recycle: '60'}}")),
            42);
}

TEST(SqlConfigTest, PoolOptionsReachThePool) {
  const TemporaryFolder folder;
  const auto db =
      make("{url: {protocol: sqlite, file: " + folder.path() + "/app.db}, session: {pool_size: 3, max_overflow: 4}}");
  EXPECT_EQ(db->pool_statistics()->max_total, 1U + 7U);  // one writer, and as many readers as were asked for
}

TEST(SqlConfigTest, SlowQueriesAreLoggedWhereAThresholdIsSet) {
  const auto warnings = [](const std::string& keys) {
    const auto logger = std::make_shared<support::RecordingLogger>();
    const auto db = instantiate_config<SqlConnectionRegistry>(Config::parse("{url: {protocol: sqlite}" + keys + "}"),
                                                              builtin_targets({.logger = logger}));
    EXPECT_EQ(answer(*db), 42);
    return logger->count(LogLevel::warning, "SELECT ?");
  };
  EXPECT_EQ(warnings(""), 0U);
  EXPECT_EQ(warnings(", slow_query: ~"), 0U);
  EXPECT_EQ(warnings(", slow_query: 3600"), 0U);
  EXPECT_EQ(warnings(", slow_query: 0"), 1U);
}

TEST(SqlConfigTest, TheApplicationsObserverIsToldToo) {
  const auto observer = std::make_shared<support::RecordingObserver>();
  const auto db = instantiate_config<SqlConnectionRegistry>(
      Config::parse("{url: {protocol: sqlite}, slow_query: 3600}"), builtin_targets({.observer = observer}));
  EXPECT_EQ(answer(*db), 42);
  EXPECT_EQ(observer->statements(), std::vector<std::string>{"SELECT ?"});
}

TEST(SqlConfigTest, AnUnknownProtocolIsToldTheNearestOne) {
  try {
    (void)make("{url: {protocol: sqllite}}");
    FAIL() << "it was made";
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string_view(error.what()).find("did you mean 'sqlite'?"), std::string_view::npos) << error.what();
  }
}

TEST(SqlConfigTest, NullMeansTheDefault) {
  EXPECT_EQ(answer(*make("{url: {protocol: sqlite, file: ~, host: ~}, session: ~, options: ~, log_queries: ~}")), 42);
  EXPECT_EQ(answer(*make("{url: {protocol: sqlite}, session: {pool_recycle: ~, pool_size: ~}}")), 42);
}

struct Note {
  std::int64_t id{};
};

}  // namespace
template <>
struct Entity<Note> : entity<"notes", key<&Note::id>> {};
namespace {

TEST(SqlConfigTest, CreateDbIsOnUnlessSwitchedOff) {
  const auto count = [](sql::Session& session) { return session.query<Note>().count(); };
  for (const char* on : {"", "\ncreate_db: ???", "\ncreate_db: true"}) {
    const auto db = make("url: {protocol: sqlite}" + std::string(on));
    db->create_db<Note>();
    EXPECT_EQ(db->with(count), 0) << on;
  }
  for (const char* off : {"false", "~"}) {
    const auto db = make("{url: {protocol: sqlite}, create_db: " + std::string(off) + "}");
    db->create_db<Note>();
    EXPECT_THROW(db->with(count), SyntaxError) << off;
  }
}

TEST(SqlConfigTest, UnknownKeysAreRefusedWithTheNearest) {
  EXPECT_THAT(refusal("{url: {protocol: sqlite}, sesion: {}}"),
              HasSubstr("sesion (app.yaml:1:27): unknown key 'sesion'; did you mean 'session'?"));
  EXPECT_THAT(refusal("{url: {protocol: sqlite, port_: 1}}"), HasSubstr("did you mean 'port'?"));
  EXPECT_THAT(refusal("{url: {protocol: sqlite}, session: {pool_sise: 1}}"), HasSubstr("did you mean 'pool_size'?"));
  EXPECT_THAT(refusal("{url: {protocol: sqlite}, options: {busy: 1}}"), HasSubstr("options.busy"));
}

TEST(SqlConfigTest, TheAddressIsNeeded) {
  EXPECT_THAT(refusal("{create_db: true}"), HasSubstr("no key 'url'"));
  EXPECT_THAT(refusal("{url: ~}"), HasSubstr("url (app.yaml:1:7): expected a map with the parts of the address"));
  EXPECT_THAT(refusal("{url: 'sqlite:///x'}"), HasSubstr("expected a map with the parts of the address"));
  EXPECT_THAT(refusal("{url: {file: a.db}}"), AllOf(HasSubstr("'protocol' says which"), HasSubstr("known: sqlite")));
}

TEST(SqlConfigTest, UnknownProtocolListsTheEngines) {
  EXPECT_THAT(refusal("{url: {protocol: oracle, password: hunter2}}"),
              AllOf(HasSubstr("url.protocol (app.yaml:1:18)"), HasSubstr("known: sqlite"), Not(HasSubstr("hunter2"))));
}

TEST(SqlConfigTest, SqliteHasNoServer) {
  for (const char* part : {"username", "password", "host", "port"}) {
    EXPECT_THAT(refusal("{url: {protocol: sqlite, " + std::string(part) + ": 77}}"),
                AllOf(HasSubstr("knows no " + std::string(part)), Not(HasSubstr("77"))));
  }
}

#ifdef CORE_LIB_WITH_MARIADB
TEST(SqlConfigTest, MariadbIsRefusedWhatItDoesNotKnowBeforeItConnects) {
  EXPECT_THAT(refusal("{url: {protocol: mariadb, host: db}, options: {connect_timeouts: 1}}"),
              HasSubstr("connect_timeout"));
  EXPECT_THAT(refusal("{url: {protocol: mysql+pymysql, host: db}, options: {isolation: chaos}}"),
              HasSubstr("read_committed"));
  EXPECT_THAT(refusal("{url: {protocol: mariadb, host: db, port: 99999}}"), HasSubstr("65535"));
}
#endif

TEST(SqlConfigTest, ValuesThatMakeNoSenseAreRefusedWithTheirPlace) {
  const auto with_session = [](const std::string& session) {
    return refusal("{url: {protocol: sqlite}, session: {" + session + "}}");
  };
  EXPECT_THAT(with_session("pool_size: 0"), HasSubstr("session.pool_size (app.yaml:1:48): must be at least 1"));
  EXPECT_THAT(with_session("max_overflow: -1"), HasSubstr("session.max_overflow"));
  EXPECT_THAT(with_session("pool_recycle: -2"), HasSubstr("must be a number of seconds from 0"));
  EXPECT_THAT(with_session("pool_recycle: .nan"), HasSubstr("must be a number of seconds from 0"));
  EXPECT_THAT(with_session("pool_recycle: 1e300"), HasSubstr("must be a number of seconds from 0"));
  EXPECT_THAT(with_session("min_idle: 6"), HasSubstr("min_idle"));
  EXPECT_THAT(with_session("pool_pre_ping: maybe"), HasSubstr("expected a bool"));
  EXPECT_THAT(refusal("{url: {protocol: sqlite}, slow_query: -1}"), HasSubstr("slow_query (app.yaml:1:39)"));
  EXPECT_THAT(refusal("{url: {protocol: sqlite}, create_db: 3}"), HasSubstr("create_db (app.yaml:1:38)"));
}

TEST(SqlConfigTest, AnEmptyFileNameIsNoDatabaseInMemory) {
  for (const std::string file : {"''", "'${oc.env:CORE_LIB_NOT_SET,}'"}) {
    EXPECT_THAT(refusal("{url: {protocol: sqlite, file: " + file + "}}"), HasSubstr("name a file, or leave it out"));
  }
}

TEST(SqlConfigTest, AFailedFirstConnectionKeepsItsStatus) {
  try {
    (void)make("{url: {protocol: sqlite, file: /nowhere/at/all.db}}");
    FAIL() << "a database in a folder that is not there was opened";
  } catch (const ConnectionLost& error) {
    EXPECT_EQ(error.status_code(), 503);
    EXPECT_THAT(error.what(), HasSubstr("its folder does not exist; make it first"));
  }
}

TEST(SqlConfigTest, NeverRecycledIsSpeltLikeInSqlAlchemy) {
  EXPECT_EQ(answer(*make("{url: {protocol: sqlite}, session: {pool_recycle: -1}}")), 42);
}

}  // namespace
}  // namespace core_lib
