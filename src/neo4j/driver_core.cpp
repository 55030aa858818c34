// SPDX-License-Identifier: Apache-2.0
#include "neo4j/driver_core.hpp"

#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/observability/logger.hpp"

#include "net/tcp_stream.hpp"
#include "pool/freshness.hpp"

namespace core_lib::neo4j {
namespace {

constexpr std::string_view own_agent = "core_lib/0.1.0";

[[noreturn]] void refuse(const std::string& what) { throw ConfigError("Neo4j driver: " + what); }

void check(const DriverConfig& config, const Target& target) {
  if (config.fetch_size < 1 && config.fetch_size != fetch_all) refuse("fetch_size must be at least 1, or fetch_all");
  if (config.max_connection_pool_size < 1) refuse("max_connection_pool_size must be at least 1");
  if (config.connection_timeout.count() <= 0) refuse("connection_timeout must be more than zero");
  if (config.connection_acquisition_timeout.count() < 0) refuse("connection_acquisition_timeout must not be negative");
  if (config.max_connection_lifetime.count() < 0) refuse("max_connection_lifetime must not be negative");
  if (config.max_transaction_retry_time.count() < 0) refuse("max_transaction_retry_time must not be negative");
  if (config.liveness_check_timeout && config.liveness_check_timeout->count() < 0) {
    refuse("liveness_check_timeout must not be negative");
  }
  if (target.has_security && (config.encrypted || config.trusted_certificates)) {
    refuse(
        "the scheme of the URI sets encryption and trust already; use 'bolt' or 'neo4j' to set encrypted or "
        "trusted_certificates");
  }
  if (config.trusted_certificates && !config.encrypted.value_or(false)) {
    refuse("trusted_certificates takes encrypted = true");
  }
}

PoolOptions pool_options(const Target& target, const DriverConfig& config) {
  return {.name = "neo4j " + net::to_string(target.address),
          .max_size = config.max_connection_pool_size,
          .max_overflow = 0,
          .acquire_timeout = config.connection_acquisition_timeout,
          .idle_timeout = std::chrono::milliseconds(0),
          .max_lifetime = config.max_connection_lifetime,
          .lifetime_jitter = 0};
}

[[noreturn]] void refuse_identity(Link& link) {
  throw ConfigError("a session with an identity of its own takes Neo4j 5.5 or newer; this server speaks Bolt " +
                    bolt::to_string(link.bolt().version()));
}

net::Address parse_address(const std::string& text) {
  const Target target = parse_uri("bolt://" + text);
  return target.address;
}

}  // namespace

DriverCore::DriverCore(Target target, std::shared_ptr<AuthTokenManager> tokens, DriverConfig config)
    : target_(std::move(target)), config_(std::move(config)), tokens_(std::move(tokens)) {
  if (tokens_ == nullptr) refuse("needs a manager of tokens; static_auth(AuthToken::none()) is one");
  check(config_, target_);
  if (config_.clock == nullptr) config_.clock = system_clock();
  if (config_.logger == nullptr) config_.logger = default_logger();
  if (config_.user_agent.empty()) config_.user_agent = own_agent;
  if (config_.encrypted) target_.encrypted = *config_.encrypted;
  query_bookmarks_ = make_bookmark_manager();
  pool_ =
      std::make_unique<Pool<Link>>(pool_options(target_, config_),
                                   PoolHooks<Link>{.connect = [this](Deadline deadline) { return connect(deadline); },
                                                   .reset = [](Link& link) { return link.recycle(); }},
                                   config_.logger, config_.clock);
}

DriverCore::~DriverCore() {
  try {
    close(Deadline(Deadline::clock::time_point{}));
  } catch (...) {  // what is still leased closes when it comes back
  }
}

void DriverCore::check_open() const {
  if (closed_) throw UsageError("the Neo4j driver is closed; make a new one");
}

void DriverCore::close(Deadline deadline) {
  closed_ = true;
  try {
    pool_->close(deadline);
  } catch (const DeadlineExceeded&) {
    cancellation_->cancel();
    throw;
  }
  cancellation_->cancel();
}

std::vector<net::Address> DriverCore::addresses() const {
  if (!config_.resolver) return {target_.address};
  std::vector<net::Address> all;
  for (const std::string& text : config_.resolver(net::to_string(target_.address))) all.push_back(parse_address(text));
  if (all.empty()) refuse("the resolver gave no address");
  return all;
}

std::vector<net::Endpoint> DriverCore::endpoints(const net::Address& address, Deadline deadline) {
  if (!config_.name_resolver) return net::resolve(address, deadline, cancellation_);
  std::vector<net::Endpoint> all;
  for (const std::string& name : config_.name_resolver(address.host)) {
    for (const net::Endpoint& endpoint : net::resolve({name, address.port}, deadline, cancellation_)) {
      all.push_back(endpoint);
    }
  }
  return all;
}

std::shared_ptr<const net::TlsContext> DriverCore::tls() {
  const std::scoped_lock lock(tls_mutex_);
  std::optional<ClientCertificate> certificate;
  if (config_.client_certificate) certificate = config_.client_certificate();
  if (tls_ != nullptr && !certificate) return tls_;
  net::TlsOptions options;
  options.verify = !target_.trusts_all && !(config_.trusted_certificates && config_.trusted_certificates->empty());
  if (config_.trusted_certificates) options.ca_files = *config_.trusted_certificates;
  if (certificate) {
    options.certificate_file = certificate->certificate_file;
    options.key_file = certificate->key_file;
    options.key_password = certificate->key_password;
  }
  tls_ = std::make_shared<const net::TlsContext>(options);
  return tls_;
}

std::unique_ptr<net::Stream> DriverCore::open_stream(const net::Address& address, Deadline deadline) {
  const Deadline until = deadline.sooner(Deadline::in(config_.connection_timeout));
  std::unique_ptr<net::Stream> stream =
      net::TcpStream::connect(address, endpoints(address, until), until, cancellation_, config_.keep_alive);
  return target_.encrypted ? tls()->wrap(std::move(stream), address.host, until) : std::move(stream);
}

std::unique_ptr<Link> DriverCore::connect(Deadline deadline) {
  // The pool's deadline is of its own clock, which a test may have set.
  if (!deadline.is_never()) deadline = Deadline::in(deadline.remaining(config_.clock->now()));
  std::exception_ptr failure;
  for (const net::Address& address : addresses()) {
    try {
      auto setup = std::make_shared<LinkSetup>();
      setup->address = address;
      setup->user_agent = config_.user_agent;
      setup->notifications = config_.notifications;
      if (target_.may_route) setup->routing_address = net::to_string(target_.address);
      setup->routing_context = target_.routing_context;
      setup->telemetry = config_.telemetry;
      setup->clock = config_.clock;
      return std::make_unique<Link>(open_stream(address, deadline), std::move(setup), deadline);
    } catch (const Error& error) {
      if (!error.is_retryable()) throw;
      failure = std::current_exception();
    }
  }
  std::rethrow_exception(failure);
}

Lease<Link> DriverCore::acquire(const AcquireOptions& options) {
  check_open();
  if (options.deadline.expired()) {
    throw DeadlineExceeded("cannot use Neo4j at " + net::to_string(target_.address) + ": the deadline passed before");
  }
  const Deadline deadline = options.deadline.sooner(Deadline::in(config_.connection_acquisition_timeout));
  const std::shared_ptr<AuthTokenManager> tokens =
      options.session_auth != nullptr ? static_auth(*options.session_auth) : tokens_;
  AuthToken token = tokens->get_token();
  for (;;) {
    Lease<Link> lease = pool_->acquire(Deadline::from(clock().now(), deadline.remaining()));
    lease->set_deadline(deadline);
    if (!lease->token()) {
      try {
        log_on(*lease, options, token, tokens);
      } catch (...) {
        release(lease);
        throw;
      }
    } else if (!make_ready(*lease, options, token, tokens)) {
      lease.discard();
      lease.release();
      token = tokens->get_token();  // time has passed
      continue;
    }
    lease->set_deadline(options.deadline);
    return lease;
  }
}

void DriverCore::log_on(Link& link, const AcquireOptions& options, const AuthToken& token,
                        const std::shared_ptr<AuthTokenManager>& tokens) {
  try {
    if (options.session_auth != nullptr && !link.bolt().features().logon) {
      refuse_identity(link);
    }
    link.log_on(tokens, token, epoch_);
  } catch (...) {
    link.retire();
    throw;
  }
}

bool DriverCore::fits(const Link& link, const AcquireOptions& options, const AuthToken& token) const {
  return !options.always_log_on && link.epoch() == epoch_ && *link.token() == token;
}

bool DriverCore::make_ready(Link& link, const AcquireOptions& options, const AuthToken& token,
                            const std::shared_ptr<AuthTokenManager>& tokens) {
  if (clock().now() - link.idle_since() >= pool::fresh_for && link.is_closed_by_server()) return false;
  try {
    link.settle();
    const auto limit = options.always_check ? std::chrono::milliseconds(0) : config_.liveness_check_timeout;
    if (limit && clock().now() - link.idle_since() >= *limit) link.reset();
  } catch (const Error&) {
    if (options.deadline.expired()) throw;  // no time is left to try another one
    return false;
  }
  link.set_manager(tokens);
  if (fits(link, options, token)) return true;
  if (!link.bolt().features().logon) {
    if (options.session_auth != nullptr) refuse_identity(link);
    return false;
  }
  link.change_identity(tokens, token, epoch_);
  return true;
}

void DriverCore::release(Lease<Link>& lease) noexcept {
  if (!lease) return;
  if (lease->take_authorization_expired()) ++epoch_;
  const bool lost = lease->is_lost();
  if (lease->epoch() != epoch_ && !lease->bolt().features().logon) lease->retire();
  lease.release();
  if (!lost || closed_) return;
  try {
    pool_->invalidate();  // its sisters most likely are lost too
  } catch (...) {
  }
}

}  // namespace core_lib::neo4j
