// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

namespace core_lib::support {

/// A copy of this process that does some work, tells about it, and may be killed. Start it while this process has one
/// thread and no database open.
class ChildProcess {
 public:
  /// Where the child tells its parent something.
  class Reporter {
   public:
    explicit Reporter(int file) noexcept : file_(file) {}
    /// Returns once the parent can read it, even if the child ends now.
    void tell(std::string_view text) const {
      while (!text.empty()) {
        const ssize_t written = ::write(file_, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw std::system_error(errno, std::generic_category(), "cannot write to the parent");
        text.remove_prefix(static_cast<std::size_t>(written));
      }
    }

   private:
    int file_;
  };

  /// @param work  called in the child with a Reporter
  template <class Work>
  explicit ChildProcess(Work work) {
    int files[2];
    if (::pipe(files) != 0) throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    pid_ = ::fork();
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "cannot fork");
    if (pid_ == 0) {
      ::close(files[0]);
      ::_exit(run(work, Reporter(files[1])));
    }
    ::close(files[1]);
    file_ = files[0];
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    kill();
    ::close(file_);
  }

  /// What the child told next, at most so many bytes; empty once it has ended.
  [[nodiscard]] std::string read(std::size_t most = 65'536) const {
    std::string text(most, '\0');
    ssize_t size = 0;
    do {
      size = ::read(file_, text.data(), text.size());
    } while (size < 0 && errno == EINTR);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }
  /// All that it told until its end.
  [[nodiscard]] std::string read_all() const {
    std::string all;
    for (std::string more = read(); !more.empty(); more = read()) all += more;
    return all;
  }
  /// Ends it at once, as a crash would.
  void kill() noexcept {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    (void)wait();
  }
  /// Waits for its end: its exit status, or minus the signal that ended it.
  [[nodiscard]] int wait() noexcept {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  template <class Work>
  static int run(Work& work, const Reporter& reporter) noexcept {
    try {
      work(reporter);
      return 0;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "the child process failed: %s\n", error.what());
      return 1;
    }
  }

  pid_t pid_ = 0;
  int file_ = -1;
};

/// Gives up root's rights, which ignore the permissions of files. Call it in a child.
inline void become_nobody() {
  constexpr unsigned nobody = 65'534;
  if (::geteuid() != 0) return;
  if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot become nobody");
  }
}

}  // namespace core_lib::support
