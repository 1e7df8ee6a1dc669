// The daemon's configuration: one commented TOML file; flags over environment over file over
// defaults. Only what may differ between two nodes is here: everything two nodes could disagree
// on is on the ledger. Keys and their meaning: docs/operations.md, `usanced --show-effective`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace usance::node {

struct Config {
  std::filesystem::path data_dir = "data";
  std::filesystem::path genesis = "genesis.json";

  std::filesystem::path consensus_key = "keys/consensus.key";  // a key file, base/key_file.h
  std::filesystem::path next_consensus_key = "keys/consensus-next.key";  // need not exist
  std::filesystem::path reporter_key = "keys/reporter.key";              // need not exist
  std::filesystem::path tls_key = "tls/node.key";                        // PEM, mode 0600
  std::filesystem::path tls_certificate = "tls/node.crt";                // PEM

  std::string listen_peers = "0.0.0.0:7100";
  std::string listen_clients = "0.0.0.0:7200";
  std::string listen_admin = "127.0.0.1:7300";
  std::string listen_metrics = "127.0.0.1:7400";  // empty = none

  std::vector<std::string> peers;  // host:port of the peers to dial
  // A new node that is more heights behind begins with a snapshot; 0 = never.
  std::uint64_t snapshot_after = 10'000;

  std::string log_level = "info";   // trace, debug, info, warning, error
  std::string log_format = "text";  // text, json
  std::filesystem::path log_file;   // empty = standard error

  std::uint64_t access_log_file_bytes = 16 << 20;  // of one file
  std::uint64_t access_log_files = 8;              // 0 = none is kept

  std::uint64_t envelope_bytes = 1ull << 30;  // of all envelopes that are kept for members
  std::uint64_t envelope_days = 90;           // how long each is kept

  std::uint64_t mempool_bytes = 64ull << 20;
  std::uint64_t mempool_bundles = 50'000;
  std::uint64_t stream_window = 2'000;           // bundles of one client stream without an outcome
  std::uint64_t org_pending_bundles = 20'000;    // of one organisation without an outcome
  std::uint64_t org_queries_per_second = 1'000;  // 0 = no limit
  std::uint64_t org_submissions_per_second = 20'000;  // bundles; 0 = no limit
  std::uint64_t verify_threads = 1;
  std::uint64_t query_threads = 2;
  std::uint64_t peer_queue_bytes = 64ull << 20;  // frames waiting for one slow peer

  friend bool operator==(const Config&, const Config&) = default;
};

// One key of the configuration: the same table reads the file, the environment and the flags, and
// writes the commented template.
struct ConfigOption {
  std::string key;  // "log.level"
  std::string help;
  bool list = false;
  bool path = false;  // relative paths are meant from the configuration file's folder
  std::function<Result<void>(Config&, const std::vector<std::string>&)> set;
  std::function<std::vector<std::string>(const Config&)> get;
  bool number = false;   // written without quotes
  bool reloads = false;  // a reload takes it up; every other key waits for a restart

  [[nodiscard]] std::string flag() const;         // "--log-level"
  [[nodiscard]] std::string environment() const;  // "USANCE_LOG_LEVEL"
};
[[nodiscard]] const std::vector<ConfigOption>& config_options();

// Values given on the command line: key -> values.
struct ConfigOverride {
  std::string key;
  std::vector<std::string> values;
};

// Reads the file (none: defaults), then the environment, then the overrides, and validates.
// Errors: those of read_file (base/file.h), kMalformed (not TOML, with line), kInvalidArgument
// (unknown key, with the nearest known one; a value of the wrong type or out of range).
[[nodiscard]] Result<Config> load_config(
    const std::optional<std::filesystem::path>& file, const std::vector<ConfigOverride>& overrides,
    const std::function<std::optional<std::string>(const std::string&)>& environment);
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

[[nodiscard]] Result<void> validate(const Config& config);
// A file that load_config reads back, each key with its comment; paths as they are in `config`.
[[nodiscard]] std::string write_config(const Config& config);

// "host:port" -> host and port; "[::1]:7100" too. Errors: kInvalidArgument.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};
[[nodiscard]] Result<Endpoint> parse_endpoint(const std::string& text);

}  // namespace usance::node
