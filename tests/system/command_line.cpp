#include "command_line.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace usance::test {

namespace fs = std::filesystem;

namespace {

constexpr auto kPatience = std::chrono::seconds(120);

pid_t spawn(const fs::path& file, const std::vector<std::string>& arguments, const fs::path& out,
            const fs::path& err) {
  std::vector<std::string> words = {file.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int nothing = ::open("/dev/null", O_RDONLY);
  const int to_out = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int to_err = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(to_out, STDOUT_FILENO);
  ::dup2(to_err, STDERR_FILENO);
  ::execv(argv.front(), argv.data());
  ::_exit(127);
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const Said& said) {
  return stream << "exit " << said.exit << "\nout: " << said.out << "\nerr: " << said.err;
}

fs::path program(const std::string& name) {
  return fs::path(USANCE_BINARY_DIR) / "bin" / name;
}

fs::path module(const std::string& contract) {
  return fs::path(USANCE_BINARY_DIR) / "contracts" / (contract + ".wasm");
}

Said run(const std::string& name, const std::vector<std::string>& arguments) {
  const Folder folder;
  const pid_t pid = spawn(program(name), arguments, folder / "out", folder / "err");
  Said said;
  int status = 0;
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) ::kill(pid, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  said.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  said.out = content(folder / "out");
  said.err = content(folder / "err");
  return said;
}

Folder::Folder() {
  std::string pattern = (fs::temp_directory_path() / "usance-cli-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Daemon::Daemon(const fs::path& config)
    : pid_(spawn(program("usanced"), {"--config", config.string()},
                 config.parent_path() / "node.out", config.parent_path() / "node.log")) {}

Daemon::~Daemon() {
  ::kill(pid_, SIGTERM);
  int status = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) ::kill(pid_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace usance::test
