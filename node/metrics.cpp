#include "node/metrics.h"

#include <filesystem>

#include <prometheus/client_metric.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

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
    else
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
  std::vector<MetricFamily> take() { return std::move(families_); }

 private:
  std::vector<MetricFamily> families_;
};

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

}  // namespace

struct MetricsPage::Impl final : prometheus::Collectable {
  Impl(const ServiceContext& context, const ExecutionStats& stats, std::string folder,
       std::uint64_t not_after_ms)
      : services(context),
        execution(stats),
        data_dir(std::move(folder)),
        certificate_not_after_ms(not_after_ms) {}

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
    std::vector<const KnownNode*> validators;
    const auto directory = services.directory.get();
    for (const KnownNode& node : directory->nodes)
      if (node.validator) validators.push_back(&node);
    for (std::size_t i = 0; i < report.last_signed.size() && i < validators.size(); ++i)
      page.gauge("usance_consensus_validator_last_signed_height",
                 "Highest height a validator was seen to vote on.",
                 number(report.last_signed[i].value), {{"node", validators[i]->name}});
    page.gauge("usance_mempool_size", "Bundles that wait to be ordered.",
               number(report.mempool_bundles));
    page.gauge("usance_mempool_bytes", "Their bytes.", number(report.mempool_bytes));
  }

  void execution_metrics(Page& page) const {
    page.counter("usance_execution_seconds", "Time spent executing and storing blocks.",
                 number(execution.microseconds) / 1e6);
    page.counter("usance_execution_blocks_total", "Blocks executed since the start.",
                 number(execution.blocks));
    page.counter("usance_execution_actions_total", "Transactions and timers executed.",
                 number(execution.transactions));
    page.counter("usance_contract_gas_used_total", "Gas used.", number(execution.gas));
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
  }

  std::vector<MetricFamily> Collect() const override {
    Page page;
    page.gauge("usance_build_info", "Always 1; the version is a label.", 1,
               {{"version", kVersion}});
    consensus_metrics(page);
    execution_metrics(page);
    peer_metrics(page);
    std::error_code error;
    const auto space = std::filesystem::space(data_dir, error);
    if (!error)
      page.gauge("usance_disk_free_bytes", "Free bytes where the ledger is kept.",
                 number(space.available));
    page.gauge("usance_cert_not_after_timestamp_seconds", "When the node's certificate ends.",
               number(certificate_not_after_ms) / 1e3,
               {{"role", "node"}, {"subject", services.self.name}});
    return page.take();
  }

  const ServiceContext& services;
  const ExecutionStats& execution;
  const std::string data_dir;
  const std::uint64_t certificate_not_after_ms;
  std::unique_ptr<prometheus::Exposer> exposer;
};

MetricsPage::MetricsPage(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MetricsPage::~MetricsPage() = default;

Result<std::unique_ptr<MetricsPage>> MetricsPage::serve(const std::string& address,
                                                        const ServiceContext& services,
                                                        const ExecutionStats& execution,
                                                        const std::string& data_dir,
                                                        std::uint64_t not_after_ms) {
  auto impl = std::make_unique<Impl>(services, execution, data_dir, not_after_ms);
  try {
    impl->exposer = std::make_unique<prometheus::Exposer>(address, 1);
  } catch (const std::exception& error) {
    return fail(ErrorCode::kUnavailable,
                "cannot listen on " + address + " (listen.metrics): " + error.what());
  }
  // The exposer keeps a weak pointer; the page outlives the exposer, which goes first.
  impl->exposer->RegisterCollectable(
      std::shared_ptr<prometheus::Collectable>(impl.get(), [](prometheus::Collectable*) {}));
  return std::unique_ptr<MetricsPage>(new MetricsPage(std::move(impl)));
}

}  // namespace usance::node
