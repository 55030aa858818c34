// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <mysql.h>

#include "core_lib/observability/deadline.hpp"
#include "core_lib/sql/mariadb.hpp"
#include "core_lib/sql/tls_options.hpp"

#include "sql/bounded_call.hpp"
#include "sql/mariadb/mariadb_error.hpp"

namespace core_lib::sql::mariadb {

/// One place to connect to.
struct Endpoint {
  std::string host;  ///< An address, or the name that a certificate has to hold.
  std::uint16_t port = 0;
  std::string unix_socket;  ///< A path, where it is not `host` and `port`.
  std::string shown;        ///< In a person's words.
};

/// A connected handle of libmariadb all of whose waits obey a deadline.
/// The library asks io_wait() whenever it would block; which link it means is known by the Call that is open.
class MariadbLink {
 public:
  /// Connects and logs in. Errors: as Driver::connect().
  static std::unique_ptr<MariadbLink> open(std::shared_ptr<const MariadbOptions> options, Endpoint endpoint,
                                           Deadline deadline);
  ~MariadbLink();
  MariadbLink(const MariadbLink&) = delete;
  MariadbLink& operator=(const MariadbLink&) = delete;

  /// What a call does when the deadline passes while it waits for the server.
  enum class AtDeadline {
    give_up,    ///< It fails, and the link is lost.
    interrupt,  ///< The server is asked to end the statement, and has a moment to say that it did.
  };
  /// How long a call may outlive its deadline while the server is asked to end the statement.
  static constexpr std::chrono::milliseconds short_grace{70};
  /// Held while the library is called.
  class Call {
   public:
    explicit Call(MariadbLink& link, AtDeadline what = AtDeadline::interrupt,
                  Deadline::clock::duration grace = short_grace) noexcept;
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    MariadbLink* outer_;
  };

  [[nodiscard]] MYSQL* handle() const noexcept { return mysql_; }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  void set_deadline(Deadline deadline) noexcept { deadline_ = deadline; }
  [[nodiscard]] Deadline deadline() const noexcept { return deadline_; }

  /// Runs a statement, within a Call. Rows are thrown away. @return false where it failed
  [[nodiscard]] bool query(std::string_view sql) noexcept;
  /// The first row of a query, or nothing where it failed. Within a Call.
  [[nodiscard]] std::vector<std::string> select(std::string_view sql);
  [[nodiscard]] Failure failure() const;

  /// What became of the deadline since the last Call was opened.
  [[nodiscard]] bool gave_up() const noexcept { return gave_up_; }
  [[nodiscard]] bool was_interrupted() const noexcept { return interrupted_; }

  /// Asks the server, by a link of its own in a thread of its own, to end the statement that runs on this one. From any
  /// thread. False where there is no thread, or an earlier one goes on.
  [[nodiscard]] bool start_interruption() noexcept;
  /// Waits for its end. False where the server was not told by then.
  [[nodiscard]] bool await_interruption(Deadline limit) noexcept;
  /// Cuts the link: the server rolls back what was not committed.
  void drop() noexcept;
  [[nodiscard]] bool is_dropped() const noexcept { return dropped_; }
  /// A look at the socket: an idle link that has something to read is one that the server has ended.
  [[nodiscard]] bool is_usable() const noexcept;

 private:
  struct Interruption {
    BoundedCall call;
    std::shared_ptr<const bool> told;
  };

  MariadbLink(std::shared_ptr<const MariadbOptions> options, Endpoint endpoint, Deadline deadline);
  [[nodiscard]] bool offers_tls(int handle) noexcept;
  [[nodiscard]] bool is_encrypted() const noexcept { return tls_ != TlsMode::disable; }
  void set_options();
  void require_encryption() const;
  [[noreturn]] void throw_not_connected();
  static int io_wait(my_socket handle, my_bool to_read, int timeout) noexcept;
  [[nodiscard]] int wait(int handle, bool to_read) noexcept;
  [[nodiscard]] bool at_deadline(bool to_read) noexcept;

  std::shared_ptr<const MariadbOptions> options_;
  Endpoint endpoint_;
  TlsMode tls_;
  MYSQL* mysql_;
  unsigned long id_ = 0;
  Deadline deadline_;
  Deadline::clock::duration grace_{};
  Deadline end_of_grace_;
  Deadline::clock::time_point answered_;  // when it was last waited for, and came
  std::string peer_;                      // the server's address, as the kernel has it
  std::mutex interrupting_;
  std::optional<Interruption> interruption_;
  AtDeadline what_ = AtDeadline::give_up;
  bool gave_up_ = false;
  bool interrupted_ = false;
  bool dropped_ = false;
  bool has_no_tls_ = false;  // the server, as its greeting says
};

}  // namespace core_lib::sql::mariadb
