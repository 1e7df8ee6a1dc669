// Background processes of a local network, and what the system says about them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tools/usance/files.h"

namespace usance::cli {

// Starts a program in its own session, output appended to `log`. The child's pid.
[[nodiscard]] Result<pid_t> start_background(const std::vector<std::string>& command,
                                             const Path& folder, const Path& log);

// A program run to its end in the foreground.
struct Finished {
  int exit = -1;       // its exit status; 128 and the signal's number when a signal ended it
  std::string output;  // standard output and standard error, as they came
};
// The command's first word is looked for in PATH. `environment` is added to ours, "NAME=value".
// kNotFound when there is no such program, kIo.
[[nodiscard]] Result<Finished> run_program(const std::vector<std::string>& command,
                                           const std::vector<std::string>& environment = {});

// A process remembered by pid and start time, so that a pid that the system gave to somebody else
// since is never taken for ours.
struct ProcessMark {
  pid_t pid = 0;
  std::uint64_t started = 0;  // clock ticks since boot
};
[[nodiscard]] std::optional<ProcessMark> mark_of(pid_t pid);
[[nodiscard]] bool is_running(const ProcessMark& mark);
// SIGTERM or SIGKILL, and waits until it is gone; false when it did not end in time.
[[nodiscard]] bool end_process(const ProcessMark& mark, bool forcibly, std::int64_t timeout_ms);

struct ProcessUse {
  std::uint64_t cpu_us = 0;      // user and system, so far
  std::uint64_t peak_bytes = 0;  // of resident memory (VmHWM)
};
[[nodiscard]] std::optional<ProcessUse> use_of(pid_t pid);

// A TCP port of 127.0.0.1 that nobody listens on now.
[[nodiscard]] Result<std::uint16_t> free_port();
[[nodiscard]] bool is_port_free(std::uint16_t port);

}  // namespace usance::cli
