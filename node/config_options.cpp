// The table of configuration keys.
#include <algorithm>
#include <charconv>

#include "node/config.h"

namespace usance::node {

namespace {

using Values = std::vector<std::string>;

Result<std::string> single(const Values& values) {
  if (values.size() != 1) return fail(ErrorCode::kInvalidArgument, "takes one value");
  return values.front();
}

ConfigOption text(std::string key, std::string help, std::string Config::* member) {
  return {std::move(key),
          std::move(help),
          false,
          false,
          [member](Config& c, const Values& v) -> Result<void> {
            USANCE_ASSIGN(c.*member, single(v));
            return {};
          },
          [member](const Config& c) { return Values{c.*member}; }};
}

ConfigOption path(std::string key, std::string help, std::filesystem::path Config::* member) {
  return {std::move(key),
          std::move(help),
          false,
          true,
          [member](Config& c, const Values& v) -> Result<void> {
            USANCE_ASSIGN(c.*member, single(v));
            return {};
          },
          [member](const Config& c) { return Values{(c.*member).string()}; }};
}

ConfigOption list(std::string key, std::string help, Values Config::* member) {
  return {std::move(key),
          std::move(help),
          true,
          false,
          [member](Config& c, const Values& v) -> Result<void> {
            c.*member = v;
            return {};
          },
          [member](const Config& c) { return c.*member; }};
}

ConfigOption number(std::string key, std::string help, std::uint64_t Config::* member,
                    std::uint64_t low, std::uint64_t high) {
  return {
      std::move(key),
      std::move(help),
      false,
      false,
      [member, low, high](Config& c, const Values& v) -> Result<void> {
        USANCE_ASSIGN(const std::string digits, single(v));
        std::uint64_t n = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
        if (error != std::errc() || end != digits.data() + digits.size() || n < low || n > high)
          return fail(ErrorCode::kInvalidArgument,
                      "takes a number from " + std::to_string(low) + " to " + std::to_string(high));
        c.*member = n;
        return {};
      },
      [member](const Config& c) { return Values{std::to_string(c.*member)}; },
      true};
}

// Taken up by a reload.
ConfigOption reloaded(ConfigOption option) {
  option.reloads = true;
  return option;
}

std::vector<ConfigOption> make_options() {
  std::vector<ConfigOption> all;
  all.push_back(
      path("node.data_dir", "Where the ledger and the vote log are kept.", &Config::data_dir));
  all.push_back(path("node.genesis", "The genesis file; its SHA-256 is the chain's identity.",
                     &Config::genesis));
  all.push_back(path("keys.consensus",
                     "This node's Ed25519 key: a key file, as usance keys generate makes it.",
                     &Config::consensus_key));
  all.push_back(path("keys.next_consensus",
                     "The key that is to replace it, if there is one: used once a vote of the "
                     "members has put it in force.",
                     &Config::next_consensus_key));
  all.push_back(path("keys.reporter",
                     "The key of a user of this node's organisation who may submit, if there is "
                     "one: the node signs with it what it reports of other validators.",
                     &Config::reporter_key));
  all.push_back(
      path("keys.tls_key", "The key of this node's certificate (PEM).", &Config::tls_key));
  all.push_back(
      path("keys.tls_certificate", "This node's certificate (PEM).", &Config::tls_certificate));
  all.push_back(text("listen.peers", "Address for other nodes.", &Config::listen_peers));
  all.push_back(
      text("listen.clients", "Address for clients and auditors.", &Config::listen_clients));
  all.push_back(text("listen.admin", "Address for this node's operator.", &Config::listen_admin));
  all.push_back(text("listen.metrics", "Address of /metrics (plain HTTP); empty = none.",
                     &Config::listen_metrics));
  all.push_back(
      list("peers.connect", "host:port of the nodes to keep a connection to.", &Config::peers));
  all.push_back(number("sync.snapshot_after",
                       "A node without a ledger that is more heights behind begins with a "
                       "snapshot of the others', without the history below; 0 = never.",
                       &Config::snapshot_after, 0, 1ull << 40));
  all.push_back(
      reloaded(text("log.level", "trace, debug, info, warning or error.", &Config::log_level)));
  all.push_back(reloaded(text("log.format", "text or json.", &Config::log_format)));
  all.push_back(reloaded(
      path("log.file", "A file to append to; empty = standard error.", &Config::log_file)));
  all.push_back(number("access.file_bytes",
                       "Bytes of one file of the access log (who asked this node for what, in "
                       "node.data_dir).",
                       &Config::access_log_file_bytes, 64 << 10, 1 << 30));
  all.push_back(number("access.files", "How many such files are kept, the newest; 0 = none.",
                       &Config::access_log_files, 0, 1'000));
  all.push_back(number("envelopes.bytes",
                       "Bytes of the envelopes that this node keeps for members, in "
                       "node.data_dir; one sender may have half of them.",
                       &Config::envelope_bytes, 8 << 20, 1ull << 40));
  all.push_back(number("envelopes.days", "Days for which an envelope is kept.",
                       &Config::envelope_days, 1, 3'650));
  all.push_back(number("limits.mempool_bytes", "Bytes of bundles that wait to be ordered.",
                       &Config::mempool_bytes, 1 << 20, 8ull << 30));
  all.push_back(number("limits.mempool_bundles", "Bundles that wait to be ordered.",
                       &Config::mempool_bundles, 100, 10'000'000));
  all.push_back(number("limits.stream_window",
                       "Bundles of one client stream that may wait for their outcome.",
                       &Config::stream_window, 1, 1'000'000));
  all.push_back(number("limits.org_pending_bundles",
                       "Bundles of one organisation that may wait for their outcome here.",
                       &Config::org_pending_bundles, 1, 10'000'000));
  all.push_back(
      reloaded(number("limits.org_queries_per_second",
                      "Queries of one organisation that this node answers; 0 = no limit. Taken up "
                      "by a reload.",
                      &Config::org_queries_per_second, 0, 10'000'000)));
  all.push_back(
      reloaded(number("limits.org_submissions_per_second",
                      "Bundles of one organisation's clients that this node takes; 0 = no limit. "
                      "Taken up by a reload.",
                      &Config::org_submissions_per_second, 0, 10'000'000)));
  all.push_back(number("limits.verify_threads", "Threads that check signatures.",
                       &Config::verify_threads, 1, 64));
  all.push_back(
      number("limits.query_threads",
             "Threads that answer queries and serve blocks to peers: a long answer holds up "
             "one of them.",
             &Config::query_threads, 1, 64));
  all.push_back(number("limits.peer_queue_bytes", "Bytes that may wait for one slow peer.",
                       &Config::peer_queue_bytes, 8 << 20, 8ull << 30));
  return all;
}

}  // namespace

const std::vector<ConfigOption>& config_options() {
  static const std::vector<ConfigOption> options = make_options();
  return options;
}

std::string ConfigOption::flag() const {
  std::string flag = "--" + key;
  std::replace(flag.begin(), flag.end(), '.', '-');
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string ConfigOption::environment() const {
  std::string name = "USANCE_" + key;
  for (char& c : name)
    c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace usance::node
