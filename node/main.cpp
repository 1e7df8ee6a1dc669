// usanced: the daemon. Exit codes: 0 stopped on request, 1 could not start or go on, 2 wrong usage
// or configuration.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "node/identity.h"
#include "node/log.h"
#include "node/node.h"
#include "node/version.h"

namespace {

using namespace usance;
using namespace usance::node;

struct Arguments {
  std::string config_file;
  std::map<std::string, std::vector<std::string>> values;
  bool validate_only = false;
  bool show = false;
};

Result<Config> load(const Arguments& arguments) {
  std::vector<ConfigOverride> overrides;
  for (const auto& [key, values] : arguments.values)
    if (!values.empty()) overrides.push_back({key, values});
  std::optional<std::filesystem::path> file;
  if (!arguments.config_file.empty()) file = arguments.config_file;
  return load_config(file, overrides, process_environment);
}

Result<void> open_log(const Config& config) {
  return log::open(log::parse_level(config.log_level).value(), config.log_format == "json",
                   config.log_file);
}

// Settings that differ from those the node runs with and are not taken up by a reload.
std::string waiting_for_restart(const Config& running, const Config& fresh) {
  std::string keys;
  for (const ConfigOption& option : config_options())
    if (!option.reloads && option.get(running) != option.get(fresh))
      keys += (keys.empty() ? "" : ", ") + option.key;
  return keys;
}

void reload(const Config& running, const Arguments& arguments, Node& node) {
  const auto config = load(arguments);
  Result<void> opened;
  if (config) opened = open_log(*config);
  if (!config || !opened)
    log::error("config.reload", "kept the former settings",
               {{"error", !config ? config.error().message : opened.error().message}});
  else
    log::info("config.reload", "logging and rates were set up anew");
  if (!config) return;
  node.reload(*config);
  if (const std::string keys = waiting_for_restart(running, *config); !keys.empty())
    log::warning("config.restart_needed", "changed settings wait for a restart", {{"keys", keys}});
}

// What to do about an error that nothing but room on the disk cures.
std::string advised(const Error& error) {
  if (error.code != ErrorCode::kResourceExhausted) return error.message;
  return error.message + "; nothing is lost: make room on this disk and start the node again";
}

// Null: it could not begin, and the log says why.
std::unique_ptr<Node> begin(const Config& config, std::shared_ptr<SnapshotCounters> counters =
                                                      std::make_shared<SnapshotCounters>()) {
  auto node = Node::open(config, std::move(counters));
  if (!node) {
    log::error("node.failed", advised(node.error()));
    return nullptr;
  }
  if (auto started = (*node)->start(); !started) {
    log::error("node.failed", started.error().message);
    return nullptr;
  }
  return *std::move(node);
}

int run(const Config& config, const Arguments& arguments) {
  // Before any thread: all of them inherit the mask, and the main thread waits for the signals.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  auto node = begin(config);
  if (!node) return 1;
  while (true) {
    constexpr timespec kPatience{0, 250'000'000};
    const int signal = sigtimedwait(&signals, nullptr, &kPatience);
    if (signal == SIGTERM || signal == SIGINT) break;
    if (signal == SIGHUP) reload(config, arguments, *node);
    node->housekeeping();
    if (node->failure()) {
      node->stop();
      return 1;
    }
    if (!node->wants_reopening()) continue;
    node->stop();
    const auto counters = node->snapshot_counters();
    node.reset();  // everything is closed before it is opened again
    node = begin(config, counters);
    if (!node) return 1;
    reload(config, arguments, *node);  // what was reloaded before is not lost
  }
  node->stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("usanced: a node of a Usance network");
  Arguments arguments;
  app.add_option("--config", arguments.config_file, "Configuration file (TOML)");
  app.add_flag("--validate", arguments.validate_only,
               "Check the configuration and the files that it names, and end");
  app.add_flag("--show-effective", arguments.show, "Print the effective configuration and end");
  app.set_version_flag("--version", std::string("usanced ") + kVersion);
  for (const ConfigOption& option : config_options())
    app.add_option(option.flag(), arguments.values[option.key],
                   option.help + " [" + option.key + ", " + option.environment() + "]");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto config = load(arguments);
  if (!config) {
    std::cerr << "usanced: " << config.error().message << "\n";
    return 2;
  }
  if (arguments.show) std::cout << write_config(*config);
  if (arguments.validate_only) {
    // The files that it names must be there too, and belong together.
    if (const auto identity = load_identity(*config); !identity) {
      std::cerr << "usanced: " << identity.error().message << "\n";
      return 2;
    }
    std::cerr << (arguments.config_file.empty() ? "the configuration" : arguments.config_file)
              << " is valid\n";
  }
  if (arguments.validate_only || arguments.show) return 0;
  if (auto opened = open_log(*config); !opened) {
    std::cerr << "usanced: " << opened.error().message << "\n";
    return 2;
  }
  return run(*config, arguments);
}
