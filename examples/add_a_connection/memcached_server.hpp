// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <stdlib.h>
#include <unistd.h>

#include "memcached_client.hpp"
#include "support/server_process.hpp"

/// A memcached of its own for a test, on a socket in a new folder.
class MemcachedServer {
 public:
  MemcachedServer() { start(); }
  MemcachedServer(const MemcachedServer&) = delete;
  MemcachedServer& operator=(const MemcachedServer&) = delete;
  ~MemcachedServer() {
    kill();  // it has nothing to write down, and takes a second to end by itself
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::string socket_path() const { return folder_ + "/socket"; }
  void kill() noexcept { process_->kill(); }
  void start() {
    process_ = std::make_unique<core_lib::support::ServerProcess>(
        std::vector<std::string>{"memcached", "-s", socket_path(), "-u", geteuid() == 0 ? "root" : "nobody", "-t", "2"},
        "memcached");
    process_->wait_until([&] {
      try {
        return !MemcachedClient(socket_path(), {}).version(core_lib::Deadline::in(std::chrono::seconds(1))).empty();
      } catch (const std::exception&) {
        return false;
      }
    });
  }
  /// An empty folder in the system's place for temporary files.
  static std::string make_folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "core_lib_memcached_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder " + pattern);
    return pattern;
  }

 private:
  std::string folder_ = make_folder();
  std::unique_ptr<core_lib::support::ServerProcess> process_{};
};
