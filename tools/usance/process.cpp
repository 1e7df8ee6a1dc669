#include "tools/usance/process.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <sstream>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace usance::cli {

namespace {

tl::unexpected<Error> system_failure(const std::string& what) {
  return fail(ErrorCode::kIo, what + ": " + std::strerror(errno));
}

// The fields of /proc/PID/stat after the command's name, which may itself hold spaces.
std::vector<std::string> stat_fields(pid_t pid) {
  const Result<std::string> text = read_file("/proc/" + std::to_string(pid) + "/stat");
  if (!text) return {};
  const std::size_t end = text->rfind(')');
  if (end == std::string::npos) return {};
  std::istringstream words(text->substr(end + 1));
  std::vector<std::string> out;
  for (std::string word; words >> word;) out.push_back(word);
  return out;
}

int bound_socket(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

}  // namespace

Result<pid_t> start_background(const std::vector<std::string>& command, const Path& folder,
                               const Path& log) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (out < 0) return system_failure(log.string());
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) return system_failure("pipe");
  const pid_t pid = ::fork();
  if (pid < 0) return system_failure("fork");
  if (pid == 0) {
    ::setsid();
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    if (::chdir(folder.c_str()) == 0) ::execv(argv.front(), argv.data());
    const int reason = errno;
    static_cast<void>(!::write(report[1], &reason, sizeof reason));
    ::_exit(127);
  }
  ::close(out);
  ::close(report[1]);
  int reason = 0;
  const ssize_t n = ::read(report[0], &reason, sizeof reason);
  ::close(report[0]);
  if (n == sizeof reason) {
    ::waitpid(pid, nullptr, 0);
    errno = reason;
    return system_failure(command.front());
  }
  return pid;
}

Result<Finished> run_program(const std::vector<std::string>& command,
                             const std::vector<std::string>& environment) {
  // All that needs memory is prepared before the fork.
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (char** entry = environ; *entry != nullptr; ++entry) envp.push_back(*entry);
  for (const std::string& entry : environment) envp.push_back(const_cast<char*>(entry.c_str()));
  envp.push_back(nullptr);
  int out[2];
  if (::pipe2(out, O_CLOEXEC) != 0) return system_failure("pipe");
  const pid_t pid = ::fork();
  if (pid < 0) return system_failure("fork");
  if (pid == 0) {
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(out[1], STDERR_FILENO);
    ::execvpe(argv.front(), argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(out[1]);
  Finished finished;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t n = ::read(out[0], buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    finished.output.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::close(out[0]);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return system_failure("waiting for " + command.front());
  finished.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (finished.exit == 127 && finished.output.empty())
    return fail(ErrorCode::kNotFound, "there is no program " + command.front() + " here");
  return finished;
}

std::optional<ProcessMark> mark_of(pid_t pid) {
  const std::vector<std::string> fields = stat_fields(pid);
  // Field 22 of proc(5), starttime; the vector begins at field 3.
  if (fields.size() < 20 || fields[0] == "Z") return std::nullopt;
  return ProcessMark{pid, std::stoull(fields[19])};
}

bool is_running(const ProcessMark& mark) {
  if (mark.pid <= 0) return false;
  ::waitpid(mark.pid, nullptr, WNOHANG);  // a child of ours that ended is not running
  const std::optional<ProcessMark> now = mark_of(mark.pid);
  return now && now->started == mark.started;
}

bool end_process(const ProcessMark& mark, bool forcibly, std::int64_t timeout_ms) {
  if (!is_running(mark)) return true;
  ::kill(mark.pid, forcibly ? SIGKILL : SIGTERM);
  for (std::int64_t waited = 0; waited < timeout_ms; waited += 20) {
    if (!is_running(mark)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return !is_running(mark);
}

std::optional<ProcessUse> use_of(pid_t pid) {
  const std::vector<std::string> fields = stat_fields(pid);
  if (fields.size() < 20) return std::nullopt;
  ProcessUse use;
  const auto ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  use.cpu_us = (std::stoull(fields[11]) + std::stoull(fields[12])) * 1'000'000 / ticks;
  const Result<std::string> status = read_file("/proc/" + std::to_string(pid) + "/status");
  if (!status) return std::nullopt;
  const std::size_t at = status->find("VmHWM:");
  if (at != std::string::npos) use.peak_bytes = std::stoull(status->substr(at + 6)) * 1024;
  return use;
}

Result<std::uint16_t> free_port() {
  const int fd = bound_socket(0);
  if (fd < 0) return system_failure("looking for a free port");
  sockaddr_in address{};
  socklen_t size = sizeof address;
  const int found = ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  if (found != 0) return system_failure("looking for a free port");
  return ntohs(address.sin_port);
}

bool is_port_free(std::uint16_t port) {
  const int fd = bound_socket(port);
  if (fd < 0) return false;
  ::close(fd);
  return true;
}

}  // namespace usance::cli
