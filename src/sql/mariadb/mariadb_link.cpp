// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_link.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <dlfcn.h>
#include <errmsg.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "core_lib/error/error.hpp"

#include "pool/freshness.hpp"
#include "sql/bounded_call.hpp"
#include "sql/resolve.hpp"

namespace core_lib::sql::mariadb {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_interruption{2000};
// OpenSSL reads and writes by itself, and the library says "read" where it wants to write. Both look up this often.
constexpr milliseconds tls_step{10};

thread_local MariadbLink* link_in_call = nullptr;

void set_option(MYSQL* mysql, mysql_option option, const std::string& value) {
  if (!value.empty()) mysql_optionsv(mysql, option, value.c_str());
}

void set_flag(MYSQL* mysql, mysql_option option, bool value) {
  const my_bool flag = value ? 1 : 0;
  mysql_optionsv(mysql, option, &flag);
}

// Waits inside OpenSSL end after a step, so that the deadline is seen. That is for the handshake, for which the library
// makes its socket a blocking one.
void limit_socket_waits(int handle) {
  const timeval step{0, std::chrono::microseconds(tls_step).count()};
  setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &step, sizeof(step));
  setsockopt(handle, SOL_SOCKET, SO_SNDTIMEO, &step, sizeof(step));
}

// Afterwards OpenSSL does not wait at all.
void never_wait_in_socket(int handle) { ::fcntl(handle, F_SETFL, ::fcntl(handle, F_GETFL) | O_NONBLOCK); }

bool is_writable(int handle) {
  pollfd socket{handle, POLLOUT, 0};
  return ::poll(&socket, 1, 0) != 0;
}

// OpenSSL keeps errors for each thread, of whatever connection they were, and the library takes an old one for an error
// of the call that it makes now. It brings OpenSSL along, or another library that has no such function.
void forget_tls_errors() noexcept {
  static const auto clear = reinterpret_cast<void (*)()>(dlsym(RTLD_DEFAULT, "ERR_clear_error"));
  if (clear != nullptr) clear();
}

/// OpenSSL tells a link that ends in the handshake as a failure of TLS.
bool is_lost_link(std::string_view text) {
  for (const std::string_view words : {"eof", "reset", "Broken pipe"}) {
    if (text.find(words) != std::string_view::npos) return true;
  }
  return false;
}

/// The library asks for the error of a connect, and then tells another one.
bool has_failed(int handle) {
  int error = 0;
  socklen_t size = sizeof(error);
  getsockopt(handle, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) errno = error;
  return error != 0;
}

/// What a server says before TLS, such as that it has no connection left, is wrapped up by the library: "... cannot be
/// verified: 1040 - Too many connections".
std::optional<Failure> said_in_clear_text(const Failure& failed) {
  constexpr std::string_view before = "cannot be verified: ";
  const std::string_view text = failed.text;
  const std::size_t start = text.find(before);
  if (failed.code != CR_CONNECTION_ERROR || start == std::string_view::npos) return {};
  const std::string_view said = text.substr(start + before.size());
  unsigned code = 0;
  const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), code);
  constexpr std::string_view dash = " - ";
  const std::string_view rest = said.substr(static_cast<std::size_t>(end - said.data()));
  if (error != std::errc() || rest.substr(0, dash.size()) != dash) return {};
  return Failure{code, failed.sqlstate, std::string(rest.substr(dash.size()))};
}

std::string attempt_at(const Endpoint& endpoint) { return "cannot connect to mariadb at " + endpoint.shown; }

/// Calls that nobody waits for. When the program ends, OpenSSL is taken down under the threads that use it: those that
/// go on then are waited for. OpenSSL is started before the first of them, and so taken down after this.
class LeftBehind {
 public:
  ~LeftBehind() {
    for (const BoundedCall& call : calls_) (void)call.has_ended(Deadline::in(longest_interruption));
  }
  void add(const BoundedCall& call) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(calls_, [](const BoundedCall& one) { return one.has_ended(Deadline::in(milliseconds(0))); });
    calls_.push_back(call);
  }

 private:
  std::mutex mutex_;
  std::vector<BoundedCall> calls_;
};

LeftBehind& left_behind() {
  static LeftBehind all;
  return all;
}

[[noreturn]] void throw_without_tls(const Endpoint& endpoint) {
  throw ConfigError(attempt_at(endpoint) +
                    " with TLS: the server does not offer it; switch it on there, or set ssl_mode here");
}

/// The address at the other end of a socket; empty where there is none.
std::string peer_of(int handle) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getpeername(handle, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return {reinterpret_cast<const char*>(&address), std::min<std::size_t>(size, sizeof address)};
}

timespec timespec_of(Deadline::clock::duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {seconds.count(), std::chrono::nanoseconds(duration - seconds).count()};
}

}  // namespace

MariadbLink::Call::Call(MariadbLink& link, AtDeadline what, Deadline::clock::duration grace) noexcept
    : outer_(link_in_call) {
  if (link.is_encrypted()) forget_tls_errors();
  link_in_call = &link;
  link.what_ = what;
  link.grace_ = grace;
  link.gave_up_ = link.interrupted_ = false;
}

MariadbLink::Call::~Call() { link_in_call = outer_; }

std::unique_ptr<MariadbLink> MariadbLink::open(std::shared_ptr<const MariadbOptions> options, Endpoint endpoint,
                                               Deadline deadline) {
  const auto connect = [=] { return std::unique_ptr<MariadbLink>(new MariadbLink(options, endpoint, deadline)); };
  if (!endpoint.unix_socket.empty() || is_address(endpoint.host)) return connect();
  // The library looks the name up, which knows no deadline.
  const auto link = std::make_shared<std::unique_ptr<MariadbLink>>();
  const BoundedCall call([link, connect] { *link = connect(); });
  if (!call.wait(deadline)) {
    left_behind().add(call);
    throw DeadlineExceeded(attempt_at(endpoint) + ": no answer in time");
  }
  return std::move(*link);
}

MariadbLink::MariadbLink(std::shared_ptr<const MariadbOptions> options, Endpoint endpoint, Deadline deadline)
    : options_(std::move(options)),
      endpoint_(std::move(endpoint)),
      tls_(endpoint_.unix_socket.empty() ? options_->tls.effective_mode() : TlsMode::disable),
      mysql_(mysql_init(nullptr)),
      deadline_(deadline) {
  if (mysql_ == nullptr) throw std::bad_alloc();
  try {
    set_options();
    const bool local = !endpoint_.unix_socket.empty();
    const Call call(*this, AtDeadline::give_up);
    if (mysql_real_connect(mysql_, local ? nullptr : endpoint_.host.c_str(), options_->user.c_str(),
                           options_->password.c_str(),
                           options_->database.empty() ? nullptr : options_->database.c_str(), endpoint_.port,
                           local ? endpoint_.unix_socket.c_str() : nullptr, CLIENT_FOUND_ROWS) == nullptr) {
      throw_not_connected();
    }
    if (is_encrypted()) require_encryption();
    id_ = mysql_thread_id(mysql_);
    peer_ = peer_of(static_cast<int>(mysql_get_socket(mysql_)));
  } catch (...) {
    mysql_close(mysql_);
    throw;
  }
}

MariadbLink::~MariadbLink() {
  const Call call(*this, AtDeadline::give_up);
  deadline_ = Deadline::in(milliseconds(0));  // saying goodbye is not worth a wait
  mysql_close(mysql_);
}

void MariadbLink::set_options() {
  mysql_optionsv(mysql_, MARIADB_OPT_IO_WAIT, &MariadbLink::io_wait);
  mysql_optionsv(mysql_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  set_flag(mysql_, MYSQL_OPT_RECONNECT, false);  // a transaction would be lost without a word
  const unsigned int no_local_files = 0;
  mysql_optionsv(mysql_, MYSQL_OPT_LOCAL_INFILE, &no_local_files);
  const unsigned int protocol = endpoint_.unix_socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  mysql_optionsv(mysql_, MYSQL_OPT_PROTOCOL, &protocol);
  if (!options_->application_name.empty()) {
    mysql_optionsv(mysql_, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", options_->application_name.c_str());
  }
  set_flag(mysql_, MYSQL_OPT_SSL_ENFORCE, is_encrypted());
  set_flag(mysql_, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, tls_ == TlsMode::verify_full);
  if (!is_encrypted()) return;
  // A CA makes the library check the chain, so that it is kept from it where nothing is to be checked.
  if (tls_ >= TlsMode::verify_ca) set_option(mysql_, MYSQL_OPT_SSL_CA, options_->tls.ca);
  set_option(mysql_, MYSQL_OPT_SSL_CERT, options_->tls.certificate);
  set_option(mysql_, MYSQL_OPT_SSL_KEY, options_->tls.key);
  set_option(mysql_, MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3");
}

void MariadbLink::require_encryption() const {
  if (mysql_get_ssl_cipher(mysql_) == nullptr && tls_ != TlsMode::prefer) throw_without_tls(endpoint_);
  never_wait_in_socket(static_cast<int>(mysql_get_socket(mysql_)));
}

void MariadbLink::throw_not_connected() {
  const std::string attempt = attempt_at(endpoint_);
  if (has_no_tls_) throw_without_tls(endpoint_);
  if (gave_up_) throw DeadlineExceeded(attempt + ": no answer in time");
  const Failure failed = failure();
  if (failed.code == CR_SSL_CONNECTION_ERROR && !is_lost_link(failed.text)) {
    throw ConfigError(attempt + ": " + failed.text + "; see ssl_mode, ssl_ca, ssl_certificate and ssl_key",
                      {.native_code = failed.native_code()});
  }
  if (const auto said = said_in_clear_text(failed)) {
    if (said->is_full()) std::rethrow_exception(make_error(*said, attempt, false));
    // Anybody may have said it: it is no more than a link that is cut.
    throw ConnectionLost(attempt + ": before TLS it was said: " + said->text,
                         {.retryable = true, .native_code = said->native_code()});
  }
  if (failed.code == CR_SERVER_LOST) {
    throw ConnectionLost(attempt +
                             ": the connection was lost before the login ended; check the host and the port too: "
                             "another kind of server may answer there",
                         {.retryable = true, .native_code = failed.native_code()});
  }
  std::rethrow_exception(make_error(failed, attempt, false));
}

Failure MariadbLink::failure() const { return {mysql_errno(mysql_), mysql_sqlstate(mysql_), mysql_error(mysql_)}; }

bool MariadbLink::query(std::string_view sql) noexcept {
  if (mysql_real_query(mysql_, sql.data(), static_cast<unsigned long>(sql.size())) != 0) return false;
  if (mysql_field_count(mysql_) == 0) return true;
  MYSQL_RES* const rows = mysql_store_result(mysql_);  // may fail although the query did not
  mysql_free_result(rows);
  return rows != nullptr;
}

std::vector<std::string> MariadbLink::select(std::string_view sql) {
  std::vector<std::string> values;
  if (mysql_real_query(mysql_, sql.data(), static_cast<unsigned long>(sql.size())) != 0) return values;
  MYSQL_RES* const rows = mysql_store_result(mysql_);
  if (rows == nullptr) return values;
  if (MYSQL_ROW const row = mysql_fetch_row(rows)) {
    for (unsigned i = 0; i < mysql_num_fields(rows); ++i) values.emplace_back(row[i] == nullptr ? "" : row[i]);
  }
  mysql_free_result(rows);
  return values;
}

int MariadbLink::io_wait(my_socket handle, my_bool to_read, int) noexcept {
  if (link_in_call != nullptr) return link_in_call->wait(static_cast<int>(handle), to_read != 0);
  errno = ETIMEDOUT;
  return 0;
}

int MariadbLink::wait(int handle, bool to_read) noexcept {
  const bool encrypted = is_encrypted();
  // The handshake follows on this socket, and nothing else of us is called before it.
  if (encrypted && id_ == 0) limit_socket_waits(handle);
  for (;;) {
    const Deadline limit = interrupted_ ? end_of_grace_ : deadline_;
    const auto left = limit.remaining();
    if (left == left.zero()) {
      if (at_deadline(to_read)) continue;
      errno = ETIMEDOUT;
      return 0;
    }
    pollfd socket{handle, static_cast<short>(to_read ? POLLIN : POLLOUT), 0};
    if (encrypted && !is_writable(handle)) socket.events |= POLLOUT;
    const timespec step = timespec_of(encrypted ? std::min<Deadline::clock::duration>(left, tls_step) : left);
    const int ready = ppoll(&socket, 1, limit.is_never() && !encrypted ? nullptr : &step, nullptr);
    if (ready > 0 && to_read) answered_ = Deadline::clock::now();
    if (ready > 0 && id_ == 0 && has_failed(handle)) return 0;
    // The connection stands, and the login has not begun.
    if (ready > 0 && id_ == 0 && !to_read && tls_ >= TlsMode::require) return offers_tls(handle) ? 1 : 0;
    if (ready > 0) return 1;
    if (ready < 0 && errno != EINTR) return -1;
    if (ready == 0 && encrypted && !limit.expired()) return 1;
  }
}

/// Waits for the server's greeting and looks into it, before the library does: that would log in without TLS where the
/// server has none, and whoever stands between could say so in its name.
/// https://mariadb.com/kb/en/connection/#initial-handshake-packet
bool MariadbLink::offers_tls(int handle) noexcept {
  constexpr char with_tls = 0x08;                         // in the second byte of the capabilities
  constexpr std::size_t version_at = 4 + 1;               // behind the packet's head and the protocol
  constexpr std::size_t before_capabilities = 4 + 8 + 1;  // the connection's number, and a part of the challenge
  char room[512];
  while (!deadline_.expired()) {
    pollfd socket{handle, POLLIN, 0};
    const timespec step = timespec_of(std::min<Deadline::clock::duration>(deadline_.remaining(), tls_step));
    if (ppoll(&socket, 1, &step, nullptr) <= 0) continue;
    const ssize_t size = ::recv(handle, room, sizeof room, MSG_PEEK | MSG_DONTWAIT);
    if (size <= 0) return true;  // the library is to find that out
    const std::string_view greeting(room, static_cast<std::size_t>(size));
    if (greeting.size() >= version_at && greeting[version_at - 1] != 10) return true;  // an error, or another protocol
    const std::size_t end = greeting.find('\0', version_at);
    if (end != std::string_view::npos && end + 1 + before_capabilities + 1 < greeting.size()) {
      has_no_tls_ = (greeting[end + 1 + before_capabilities + 1] & with_tls) == 0;
      return !has_no_tls_;
    }
    if (greeting.size() == sizeof room) return true;
    std::this_thread::sleep_for(milliseconds(1));  // the rest is on its way
  }
  gave_up_ = true;
  return false;
}

/// True where waiting may go on.
bool MariadbLink::at_deadline(bool to_read) noexcept {
  if (what_ == AtDeadline::give_up || interrupted_ || !to_read) {
    gave_up_ = true;
    return false;
  }
  if (!start_interruption()) {
    gave_up_ = true;
    return false;
  }
  interrupted_ = true;
  end_of_grace_ = Deadline::from(deadline_.at(), grace_);
  return true;
}

// It goes on when nobody waits for it any more, nor has the link: the server is to stop in any case.
bool MariadbLink::start_interruption() noexcept {
  try {
    const std::scoped_lock lock(interrupting_);
    if (interruption_ && !interruption_->call.has_ended(Deadline::in(milliseconds(0)))) return false;
    auto told = std::make_shared<bool>(false);
    BoundedCall call([=, options = options_, endpoint = endpoint_, peer = peer_, id = id_] {
      // Where that throws nobody is told: who waits for the statement sees its deadline all the same.
      const auto other = open(options, endpoint, Deadline::in(longest_interruption));
      // A name may lead to another server by now, where the number is somebody else's.
      if (peer_of(static_cast<int>(mysql_get_socket(other->handle()))) != peer) return;
      const Call speaking(*other, AtDeadline::give_up);
      *told = other->query("KILL QUERY " + std::to_string(id));
    });
    const bool started = call.has_started();
    if (started) left_behind().add(call);
    interruption_.reset();
    interruption_.emplace(std::move(call), std::move(told));
    return started;
  } catch (const std::exception&) {
    return false;
  }
}

bool MariadbLink::await_interruption(Deadline limit) noexcept {
  std::optional<Interruption> asked;
  {
    const std::scoped_lock lock(interrupting_);
    asked = interruption_;
  }
  return asked && asked->call.has_ended(limit) && *asked->told;
}

// What had arrived could still be read from a socket that is shut down, and where the server keeps sending, for ever:
// the library reads a result to its end before it closes a statement. So another file takes the socket's place. Nor is
// the library to refuse what comes next because of rows that nobody will read: it is to find the link lost.
void MariadbLink::drop() noexcept {
  mysql_->status = MYSQL_STATUS_READY;
  mysql_->server_status &= ~static_cast<unsigned>(SERVER_MORE_RESULTS_EXIST);
  if (!std::exchange(dropped_, true) && mysql_->net.pvio != nullptr) {
    const int socket = static_cast<int>(mysql_get_socket(mysql_));
    ::shutdown(socket, SHUT_RDWR);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0) return;
    ::dup3(nothing, socket, O_CLOEXEC);
    ::close(nothing);
  }
}

bool MariadbLink::is_usable() const noexcept {
  if (dropped_ || mysql_->net.pvio == nullptr) return false;
  if (Deadline::clock::now() - answered_ < pool::fresh_for) return true;
  pollfd socket{static_cast<int>(mysql_get_socket(mysql_)), POLLIN | POLLRDHUP, 0};
  return ::poll(&socket, 1, 0) == 0;
}

}  // namespace core_lib::sql::mariadb
