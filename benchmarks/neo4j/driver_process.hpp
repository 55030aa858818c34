// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace benchmarks {

/// A driver in a process of its own: PROGRAM PORT PASSWORD, which says its name, and then reads lines "WORK TIMES" and
/// answers each when that is done. The answer may be the number of its allocations so far. So every driver is measured
/// in the same way, from outside.
class DriverProcess {
 public:
  DriverProcess(std::string program, std::uint16_t port, const std::string& password) : program_(std::move(program)) {
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    if (::pipe2(to.data(), O_CLOEXEC) != 0 || ::pipe2(from.data(), O_CLOEXEC) != 0) fail("cannot make a pipe");
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
    std::vector<std::string> words{program_, std::to_string(port), password};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (posix_spawn(&process_, program_.c_str(), &actions, nullptr, arguments.data(), environ) != 0) {
      fail("cannot be started");
    }
    posix_spawn_file_actions_destroy(&actions);
    ::close(to[0]);
    ::close(from[1]);
    requests_ = ::fdopen(to[1], "w");
    answers_ = ::fdopen(from[0], "r");
    name_ = read_answer();
  }
  DriverProcess(const DriverProcess&) = delete;
  DriverProcess& operator=(const DriverProcess&) = delete;
  ~DriverProcess() {
    std::fclose(requests_);  // which is the sign to end
    std::fclose(answers_);
    ::waitpid(process_, nullptr, 0);
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// @return the number of allocations, where it counts them
  std::optional<double> run(const std::string& work, int times) {
    std::fprintf(requests_, "%s %d\n", work.c_str(), times);
    std::fflush(requests_);
    const std::string answer = read_answer();
    return answer == "done" ? std::nullopt : std::optional(std::stod(answer));
  }

  /// Of all its threads, in user and system mode.
  [[nodiscard]] double cpu_microseconds() const {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process_, &clock) != 0 || clock_gettime(clock, &time) != 0) fail("has no clock");
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
  }

  /// Lets the peak of memory begin anew.
  void forget_peak() const { std::ofstream("/proc/" + std::to_string(process_) + "/clear_refs") << 5; }
  /// "VmRSS" or "VmHWM", in MiB.
  [[nodiscard]] double memory(const std::string& key) const {
    std::ifstream status("/proc/" + std::to_string(process_) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with(key + ":")) return std::stod(line.substr(key.size() + 1)) / 1024;
    }
    fail("tells no " + key);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw std::runtime_error(program_ + " " + what); }

  std::string read_answer() {
    std::array<char, 256> line{};
    if (std::fgets(line.data(), static_cast<int>(line.size()), answers_) == nullptr) fail("ended too early");
    std::string text(line.data());
    text.pop_back();
    return text;
  }

  std::string program_;
  std::string name_;
  pid_t process_ = 0;
  std::FILE* requests_ = nullptr;
  std::FILE* answers_ = nullptr;
};

}  // namespace benchmarks
