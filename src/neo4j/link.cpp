// SPDX-License-Identifier: Apache-2.0
#include "neo4j/link.hpp"

#include <utility>

#include <unistd.h>

#include "core_lib/error/error.hpp"

#include "neo4j/bolt/handshake.hpp"

namespace core_lib::neo4j {
namespace {

constexpr std::chrono::milliseconds goodbye_time{100};
constexpr std::chrono::milliseconds recycle_time{1000};

/// Writes and reads what the two sides agree with, to the byte: what follows is Bolt already.
bolt::Version agree(net::Stream& stream, Deadline deadline) {
  bolt::Handshake handshake;
  stream.write(bolt::Handshake::request(), deadline);
  std::vector<std::byte> bytes;
  while (!handshake.done()) {
    bytes.resize(handshake.wanted());
    for (std::size_t count = 0; count < bytes.size();) {
      const std::size_t got = stream.read_some(std::span(bytes).subspan(count), deadline);
      if (got == 0) {
        throw ConnectionLost("the server closed the connection before it agreed on a version of Bolt; is it Neo4j?",
                             {.retryable = true, .breaks_connection = true});
      }
      count += got;
    }
    handshake.receive(bytes);
  }
  if (!handshake.reply().empty()) stream.write(handshake.reply(), deadline);
  return handshake.version();
}

}  // namespace

void Reply::read_entries(packstream::Unpacker& metadata) {
  for (std::size_t count = metadata.map_header(); count > 0; --count) {
    const std::string_view key = metadata.string();
    if (!on_entry(key, metadata)) metadata.skip();
  }
}

void Reply::on_success(packstream::Unpacker metadata) {
  done_ = true;
  read_entries(metadata);
}

void Reply::on_failure(const std::shared_ptr<const ServerFailure>& failure) {
  done_ = true;
  error_ = link_->error_of(failure, where_);
}

void Reply::on_ignored() {
  done_ = true;
  error_ = link_->ignored_because();
}

class Link::HelloReply final : public Reply {
 public:
  using Reply::Reply;

 private:
  bool on_entry(std::string_view key, packstream::Unpacker& value) override {
    if (key == "server" && value.peek() == packstream::Type::string) {
      link().server_.agent = value.string();
    } else if (key == "hints" && value.peek() == packstream::Type::map) {
      read_hints(value.map());
    } else if (key == "patch_bolt" && value.peek() == packstream::Type::list) {
      const Value patches = value.value();
      for (const Value& patch : patches.get<List>()) {
        if (patch == Value("utc")) link().protocol_.use_utc();
      }
    } else {
      return false;
    }
    return true;
  }

  void read_hints(const Map& hints) {
    if (const Value* hint = hints.find("connection.recv_timeout_seconds")) {
      const auto* seconds = hint->get_if<std::int64_t>();
      if (seconds != nullptr && *seconds > 0 && *seconds < 1'000'000'000) {
        link().stream_->set_read_timeout(std::chrono::seconds(*seconds));
      }
    }
    const Value* telemetry = hints.find("telemetry.enabled");
    link().wants_telemetry_ = telemetry != nullptr && *telemetry == Value(true) && link().setup_->telemetry;
  }
};

/// A server that does not know who it talks to has nothing more to say.
class Link::LogonReply final : public Reply {
 public:
  using Reply::Reply;
  void on_failure(const std::shared_ptr<const ServerFailure>& failure) override {
    Reply::on_failure(failure);
    link().retired_ = true;
  }
};

class Link::ResetReply final : public Reply {
 public:
  using Reply::Reply;
  void on_success(packstream::Unpacker metadata) override {
    link().protocol_.reset_done();
    link().failure_ = nullptr;
    Reply::on_success(metadata);
  }
  void on_failure(const std::shared_ptr<const ServerFailure>& failure) override {
    Reply::on_failure(failure);
    link().retired_ = true;
  }
  void on_ignored() override {
    Reply::on_ignored();
    link().retired_ = true;
  }
};

/// For requests whose failure is nobody's concern.
class Link::IgnoredReply final : public Reply {
 public:
  using Reply::Reply;
};

Link::Link(std::unique_ptr<net::Stream> stream, std::shared_ptr<const LinkSetup> setup, Deadline deadline)
    : stream_(std::move(stream)),
      setup_(std::move(setup)),
      protocol_(agree(*stream_, deadline)),
      deadline_(deadline),
      process_(::getpid()) {
  server_.address = net::to_string(setup_->address);
  server_.protocol_version = bolt::to_string(protocol_.version());
}

Link::~Link() {
  if (is_broken() || !said_hello_ || ::getpid() != process_) return;
  try {
    protocol_.outbox().clear();
    set_deadline(Deadline::in(goodbye_time));
    while (protocol_.pending() > 0) receive();  // unread bytes would make the kernel reset the connection
    protocol_.goodbye();
    stream_->write(protocol_.outbox().view(), Deadline::in(goodbye_time));
  } catch (...) {  // the server finds out by itself
  }
}

void Link::check_usable() const {
  if (broken_ != nullptr) std::rethrow_exception(broken_);
  if (::getpid() != process_) {
    throw UsageError("a Neo4j session cannot be used in a child process; open one of its own after the fork");
  }
}

void Link::break_with_current() noexcept {
  if (broken_ != nullptr) return;
  broken_ = std::current_exception();
  out_of_time_ = deadline_.expired();
}

void Link::send() {
  check_usable();
  if (protocol_.outbox().empty()) return;
  try {
    stream_->write(protocol_.outbox().view(), deadline_);
    protocol_.outbox().clear();
  } catch (...) {
    break_with_current();
    throw;
  }
}

void Link::receive() {
  if (broken_ != nullptr) std::rethrow_exception(broken_);
  try {
    for (;;) {
      if (const auto message = inbox_.next()) return protocol_.receive(*message);
      const std::size_t count = stream_->read_some(inbox_.space(), deadline_);
      if (count == 0) {
        throw ConnectionLost("lost the connection to Neo4j at " + server_.address + ": the server closed it",
                             {.retryable = true, .breaks_connection = true});
      }
      inbox_.received(count);
    }
  } catch (...) {
    break_with_current();
    throw;
  }
}

void Link::wait(const Reply& reply) {
  send();
  while (!reply.is_done()) receive();
  if (reply.error() != nullptr) std::rethrow_exception(reply.error());
}

void Link::log_on(std::shared_ptr<AuthTokenManager> manager, AuthToken token, std::uint64_t epoch) {
  manager_ = std::move(manager);
  token_ = std::move(token);
  epoch_ = epoch;
  const auto hello = std::make_shared<HelloReply>(*this);
  said_hello_ = true;
  protocol_.hello({.user_agent = setup_->user_agent,
                   .routing_address = setup_->routing_address,
                   .routing_context = setup_->routing_context,
                   .notifications = protocol_.features().notification_filter ? &setup_->notifications : nullptr,
                   .auth = &*token_},
                  hello);
  std::shared_ptr<LogonReply> logon;
  if (protocol_.features().logon) {
    logon = std::make_shared<LogonReply>(*this);
    protocol_.logon(*token_, logon);
  }
  wait(*hello);
  if (!server_.agent.starts_with("Neo4j/")) {
    throw Error("the server at " + server_.address + " does not call itself Neo4j, so it is not trusted with more",
                {.status_code = 502, .breaks_connection = true});
  }
  if (logon != nullptr) wait(*logon);
}

void Link::change_identity(std::shared_ptr<AuthTokenManager> manager, AuthToken token, std::uint64_t epoch) {
  manager_ = std::move(manager);
  token_ = std::move(token);
  epoch_ = epoch;
  protocol_.logoff(std::make_shared<IgnoredReply>(*this));
  protocol_.logon(*token_, std::make_shared<LogonReply>(*this));
}

bool Link::recycle() noexcept {
  if (is_broken() || retired_) return false;
  try {
    if (protocol_.pending() > 0 || protocol_.is_failed() || in_transaction_) {
      protocol_.reset(std::make_shared<ResetReply>(*this));
      in_transaction_ = false;
    }
    set_deadline(Deadline::in(recycle_time));
    send();
    set_deadline(Deadline::never());
  } catch (...) {
    return false;
  }
  idle_since_ = setup_->clock->now();
  return true;
}

void Link::settle() {
  while (protocol_.pending() > 0) receive();
  if (retired_ && failure_ != nullptr) std::rethrow_exception(failure_);
  if (retired_) throw ConnectionLost("the server refused to reset the connection", {.breaks_connection = true});
}

void Link::reset() {
  const auto reply = std::make_shared<ResetReply>(*this);
  protocol_.reset(reply);
  wait(*reply);
}

std::shared_ptr<Reply> Link::announce(bolt::Api api) {
  if (!wants_telemetry_ || !protocol_.features().telemetry) return nullptr;
  auto reply = std::make_shared<IgnoredReply>(*this);
  protocol_.telemetry(api, reply);
  return reply;
}

std::exception_ptr Link::error_of(const std::shared_ptr<const ServerFailure>& failure, FailedAt where) {
  bool handled = false;
  if (failure->code == "Neo.ClientError.Security.AuthorizationExpired") authorization_expired_ = true;
  if (failure->code.starts_with("Neo.ClientError.Security.") && manager_ != nullptr && token_) {
    handled = manager_->handle_security_failure(*token_, *failure);
  }
  failure_ = neo4j::error_of(failure, where, handled);
  return failure_;
}

std::exception_ptr Link::ignored_because() const {
  if (failure_ != nullptr) return failure_;
  return std::make_exception_ptr(Error("Neo4j ignored the request", {.status_code = 502, .breaks_connection = true}));
}

}  // namespace core_lib::neo4j
