// SPDX-License-Identifier: Apache-2.0
#include "core_lib/pool/pool_options.hpp"

#include <limits>
#include <vector>

#include <gmock/gmock.h>

#include "unit/pool/pool_fixture.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class PoolOptionsTest : public PoolTest {};

TEST_F(PoolOptionsTest, RefusesWhatMakesNoSenseAndSaysWhatDoes) {
  struct Case {
    PoolOptions options;
    const char* option;
    const char* accepted;
  };
  const std::vector<Case> cases{
      {{.max_size = 0}, "max_size", "from 1 to 1000000, not 0"},
      {{.max_size = 1'000'001}, "max_size", "not 1000001"},
      {{.max_overflow = std::numeric_limits<std::size_t>::max()}, "max_overflow", "from 0 to 1000000"},
      {{.max_size = 2, .min_idle = 3}, "min_idle", "from 0 to max_size (2), not 3"},
      {{.acquire_timeout = milliseconds(0)}, "acquire_timeout", "from 1 to"},
      {{.acquire_timeout = milliseconds(-1)}, "acquire_timeout", "not -1"},
      {{.acquire_timeout = milliseconds::max()}, "acquire_timeout", "milliseconds"},
      {{.idle_timeout = milliseconds(-1)}, "idle_timeout", "from 0 to"},
      {{.max_lifetime = milliseconds(-1)}, "max_lifetime", "from 0 to"},
      {{.lifetime_jitter = 0.6}, "lifetime_jitter", "from 0 to 0.5"},
      {{.validate_after_idle = milliseconds(-1)}, "validate_after_idle", "from 0 to"},
      {{.leak_threshold = milliseconds(-1)}, "leak_threshold", "from 0 to"},
  };
  for (const Case& bad : cases) {
    SCOPED_TRACE(bad.option);
    PoolOptions options = bad.options;
    options.name = "users";
    EXPECT_THAT(message_of<ConfigError>([&] { (void)make(options); }),
                AllOf(HasSubstr("pool 'users'"), HasSubstr(bad.option), HasSubstr(bad.accepted)));
  }
}

TEST_F(PoolOptionsTest, AcceptsTheEdges) {
  const std::vector<PoolOptions> cases{
      {},
      {.max_size = 1, .max_overflow = 0, .min_idle = 1},
      {.acquire_timeout = milliseconds(1)},
      {.idle_timeout = milliseconds(0), .max_lifetime = milliseconds(0), .validate_after_idle = milliseconds(0)},
      {.max_lifetime = hours(24 * 36'525), .leak_threshold = hours(24 * 36'525)},
  };
  for (const PoolOptions& options : cases) {
    const auto pool = make(options);
    EXPECT_TRUE(pool->acquire());
  }
}

}  // namespace
}  // namespace core_lib
