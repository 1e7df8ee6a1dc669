#include "node/metrics.h"

#include <filesystem>
#include <limits>

#include <prometheus/client_metric.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

#include "base/file.h"
#include "node/round_clock.h"
#include "node/services/context.h"
#include "node/version.h"

namespace usance::node {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

struct Label {
  std::string name;
  std::string value;
};

class Page {
 public:
  void add(const std::string& name, const char* help, MetricType type, double value,
           const std::vector<Label>& labels = {}) {
    if (families_.empty() || families_.back().name != name) {
      families_.emplace_back();
      families_.back().name = name;
      families_.back().help = help;
      families_.back().type = type;
    }
    ClientMetric metric;
    for (const Label& label : labels) metric.label.push_back({label.name, label.value});
    if (type == MetricType::Counter)
      metric.counter.value = value;
    else if (type == MetricType::Gauge)
      metric.gauge.value = value;
    families_.back().metric.push_back(std::move(metric));
  }
  void gauge(const std::string& name, const char* help, double value,
             const std::vector<Label>& labels = {}) {
    add(name, help, MetricType::Gauge, value, labels);
  }
  void counter(const std::string& name, const char* help, double value,
               const std::vector<Label>& labels = {}) {
    add(name, help, MetricType::Counter, value, labels);
  }
  void summary(const std::string& name, const char* help, double sum, std::uint64_t count) {
    add(name, help, MetricType::Summary, 0);
    families_.back().metric.back().summary.sample_sum = sum;
    families_.back().metric.back().summary.sample_count = count;
  }
  void histogram(const std::string& name, const char* help, const RoundClock& rounds) {
    add(name, help, MetricType::Histogram, 0);
    auto& out = families_.back().metric.back().histogram;
    for (std::size_t i = 0; i <= RoundClock::kBounds.size(); ++i) {
      out.sample_count += rounds.count(i);
      const bool last = i == RoundClock::kBounds.size();
      out.bucket.push_back({out.sample_count, last ? std::numeric_limits<double>::infinity()
                                                   : RoundClock::kBounds[i]});
    }
    out.sample_sum = rounds.sum_seconds();
  }
  std::vector<MetricFamily> take() { return std::move(families_); }

 private:
  std::vector<MetricFamily> families_;
};

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

}  // namespace

struct MetricsPage::Impl final : prometheus::Collectable {
  Impl(const ServiceContext& context, const ExecutionStats& stats, const RoundClock& clock,
       std::string folder)
      : services(context), execution(stats), rounds(clock), data_dir(std::move(folder)) {}

  void consensus_metrics(Page& page) const {
    const consensus::StatusReport report = services.core.status();
    page.gauge("usance_consensus_height", "Height that is being ordered.",
               number(report.height.value));
    page.gauge("usance_consensus_view", "View within the epoch.", number(report.view.value));
    page.gauge("usance_consensus_epoch", "Epoch: changes with the validators.",
               number(report.epoch.value));
    page.gauge("usance_executed_height", "Highest executed height.", number(report.executed.value));
    page.gauge("usance_certified_height", "Highest height with a certified result.",
               number(services.delivery.certified_height().value));
    page.counter("usance_consensus_view_changes_total", "Views entered since the start.",
                 number(report.view_changes));
    page.gauge("usance_consensus_missing_validators", "Validators not heard from lately.",
               number(report.silent.size()));
    page.gauge("usance_consensus_quorum_possible", "1 if the validators heard from make a quorum.",
               report.quorum_possible ? 1 : 0);
    page.gauge("usance_consensus_voting", "1 if this node votes.", report.voting ? 1 : 0);
    page.gauge("usance_consensus_halted", "1 if this node stopped by itself.",
               report.halted.empty() ? 0 : 1);
    page.histogram("usance_consensus_round_duration_seconds",
                   "From this node's first vote on a height to its decision.", rounds);
    const auto directory = services.directory.get();
    for (std::size_t i = 0; i < report.last_signed.size() && i < report.validators.size(); ++i)
      if (const KnownNode* node = directory->by_id(report.validators[i]))
        page.gauge("usance_consensus_validator_last_signed_height",
                   "Highest height a validator was seen to vote on.",
                   number(report.last_signed[i].value), {{"node", node->name}});
    page.gauge("usance_consensus_amnesiac",
               "1 if this node may have forgotten votes and casts none until its key is replaced.",
               report.amnesiac ? 1 : 0);
    page.gauge("usance_mempool_size", "Bundles that wait to be ordered.",
               number(report.mempool_bundles));
    page.gauge("usance_mempool_bytes", "Their bytes.", number(report.mempool_bytes));
    for (const auto& [reason, count] : services.delivery.refused())
      page.counter("usance_mempool_rejected_total",
                   "Bundles of this node's clients that were not ordered.", number(count),
                   {{"reason", proto::reason_name(reason)}});
    page.counter("usance_state_root_mismatch_total",
                 "1 once this node's result contradicts the quorum's.",
                 report.halted.empty() ? 0 : 1);
  }

  void execution_metrics(Page& page) const {
    page.summary("usance_execution_seconds", "Executing and storing one block.",
                 number(execution.microseconds) / 1e6, execution.blocks);
    page.counter("usance_execution_actions_total", "Transactions and timers executed.",
                 number(execution.transactions));
    page.counter("usance_contract_gas_used_total", "Gas used.", number(execution.gas));
  }

  void snapshot_metrics(Page& page) const {
    page.gauge("usance_ledger_base_height", "Where this ledger begins: 0, or its snapshot.",
               number(services.store.base().value));
    page.gauge("usance_snapshots_held", "Snapshots that are held for nodes that join.",
               number(services.snapshots.held()));
    page.counter("usance_snapshot_pieces_total", "Pieces of a snapshot fetched since the start.",
                 number(services.joining.pieces));
    page.counter("usance_snapshot_blamed_total",
                 "Peers that sent a piece of a snapshot which is not proven.",
                 number(services.joining.blamed));
  }

  void peer_metrics(Page& page) const {
    const std::vector<PeerState> peers = services.peers.peers();
    for (const PeerState& peer : peers)
      page.gauge("usance_peer_connected", "1 if a stream with the peer is open.",
                 peer.connected ? 1 : 0, {{"peer", peer.node.name}});
    for (const PeerState& peer : peers)
      page.counter("usance_peer_bytes_sent_total", "Bytes sent on the present stream.",
                   number(peer.counters.bytes_out), {{"peer", peer.node.name}});
    for (const PeerState& peer : peers)
      page.counter("usance_peer_bytes_received_total", "Bytes received on the present stream.",
                   number(peer.counters.bytes_in), {{"peer", peer.node.name}});
    for (const PeerState& peer : peers)
      page.counter("usance_peer_dropped_total", "Messages dropped because the peer was too slow.",
                   number(peer.counters.dropped), {{"peer", peer.node.name}});
    page.counter("usance_peer_shed_total",
                 "Packets of peers ignored because too much of the same peer's waited already.",
                 number(services.peer_bytes.refused()));
  }

  double ledger_bytes() const {
    double bytes = 0;
    std::error_code error;
    for (std::filesystem::directory_iterator at(data_dir + "/ledger", error), end;
         !error && at != end; at.increment(error)) {
      std::error_code gone;  // compaction removes files while we look
      const auto size = at->file_size(gone);
      if (!gone) bytes += number(size);
    }
    return bytes;
  }

  std::vector<MetricFamily> Collect() const override {
    Page page;
    page.gauge("usance_build_info", "Always 1; the version is a label.", 1,
               {{"version", kVersion}});
    consensus_metrics(page);
    execution_metrics(page);
    snapshot_metrics(page);
    peer_metrics(page);
    std::error_code error;
    const auto space = std::filesystem::space(data_dir, error);
    if (!error)
      page.gauge("usance_disk_free_bytes", "Free bytes where the ledger is kept.",
                 number(space.available));
    page.gauge("usance_disk_full", "1 while this node waits for room on its disk.",
               services.room.full() ? 1 : 0);
    page.counter("usance_access_log_lost_total",
                 "Records of the access log that could not be written.",
                 number(services.access_log.lost()));
    const EnvelopeStore::Use envelopes = services.envelopes.used();
    page.gauge("usance_envelopes", "Envelopes that this node keeps for members.",
               number(envelopes.count));
    page.gauge("usance_envelope_bytes", "Bytes of the envelopes that this node keeps for members.",
               number(envelopes.bytes));
    page.counter("usance_db_damaged_reads_total",
                 "Reads of the ledger that met damaged bytes on the disk.",
                 number(services.damage.count()));
    page.gauge("usance_db_bytes", "Bytes of the ledger's files.", ledger_bytes(),
               {{"family", "all"}});
    certificate_metrics(page);
    return page.take();
  }

  // The own certificate is read anew: it may have been renewed since the start.
  void certificate_metrics(Page& page) const {
    constexpr const char* kName = "usance_cert_not_after_timestamp_seconds";
    constexpr const char* kHelp = "When a certificate ends: the node's own and its peers'.";
    const auto pem = read_file(services.config.tls_certificate);
    if (const auto info = pem ? x509::inspect(*pem) : tl::unexpected(pem.error()))
      page.gauge(kName, kHelp, number(info->not_after.value) / 1e3,
                 {{"role", "node"}, {"subject", services.self.name}});
    for (const PeerState& peer : services.peers.peers())
      if (peer.connected)
        page.gauge(kName, kHelp, number(peer.certificate_not_after.value) / 1e3,
                   {{"role", "peer"}, {"subject", peer.node.name}});
  }

  const ServiceContext& services;
  const ExecutionStats& execution;
  const RoundClock& rounds;
  const std::string data_dir;
  std::unique_ptr<prometheus::Exposer> exposer;
};

MetricsPage::MetricsPage(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
// The exposer first: it waits for a page that is being collected.
MetricsPage::~MetricsPage() {
  impl_->exposer.reset();
}

Result<std::unique_ptr<MetricsPage>> MetricsPage::serve(const std::string& address,
                                                        const ServiceContext& services,
                                                        const ExecutionStats& execution,
                                                        const RoundClock& rounds,
                                                        const std::string& data_dir) {
  auto impl = std::make_shared<Impl>(services, execution, rounds, data_dir);
  try {
    impl->exposer = std::make_unique<prometheus::Exposer>(address, 1);
  } catch (const std::exception& error) {
    return fail(ErrorCode::kUnavailable,
                "cannot listen on " + address + " (listen.metrics): " + error.what());
  }
  impl->exposer->RegisterCollectable(impl);
  return std::unique_ptr<MetricsPage>(new MetricsPage(std::move(impl)));
}

}  // namespace usance::node
