// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace core_lib::support {

/// A real server that lives as long as this object.
class ServerProcess {
 public:
  /// @param command  the program, looked up in PATH, and its arguments
  /// @param package  the Debian package to name where the program is missing
  ServerProcess(std::vector<std::string> command, const std::string& package) {
    std::vector<char*> arguments;
    for (std::string& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    const int status = posix_spawnp(&pid_, arguments[0], nullptr, nullptr, arguments.data(), environ);
    if (status == ENOENT) {
      throw std::runtime_error("this test needs " + command[0] + ": apt-get install " + package);
    }
    if (status != 0) throw std::system_error(status, std::generic_category(), "cannot start " + command[0]);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess() { end(SIGTERM); }

  /// Ends it at once, as a crash would.
  void kill() noexcept { end(SIGKILL); }

  /// Returns when `is_ready()` is true, which it is asked again and again. Throws where the server ended instead.
  template <class IsReady>
  void wait_until(IsReady is_ready) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!is_ready()) {
      if (waitpid(pid_, nullptr, WNOHANG) != 0) {
        pid_ = 0;
        throw std::runtime_error("the server ended at its start");
      }
      if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("the server does not answer");
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

 private:
  void end(int signal) noexcept {
    if (pid_ == 0) return;
    ::kill(pid_, signal);
    waitpid(std::exchange(pid_, 0), nullptr, 0);
  }

  pid_t pid_ = 0;
};

}  // namespace core_lib::support
