#include "node/services/why_stalled.h"

namespace usance::node {

namespace {

using Phase = consensus::StatusReport::Phase;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string summary(const consensus::StatusReport& report, const std::vector<std::string>& silent,
                    const std::vector<std::string>& missing, const std::string& leader) {
  if (!report.halted.empty())
    return "This node has stopped by itself: " + report.halted +
           ". Its data contradicts the quorum's; keep the data directory for inspection.";
  if (!report.quorum_possible)
    return "Too few validators are reachable for a quorum. Start: " + joined(silent) + ".";
  switch (report.phase) {
    case Phase::kIdle: return "Nothing waits to be ordered.";
    case Phase::kSyncing:
      return "This node is fetching blocks that the others have decided already, up to height " +
             std::to_string(report.best_peer.value) + ".";
    case Phase::kWaitPeers:
      return "This validator has just started and asks the others what they saw of its votes.";
    case Phase::kWaitResult:
      return "Ordering waits for an older result to be certified; execution or its votes lag" +
             (missing.empty() ? std::string(".") : ". Missing: " + joined(missing) + ".");
    case Phase::kWaitProposal:
      return "The leader, " + leader + ", has not proposed yet; the view changes if it stays away.";
    case Phase::kViewChange:
      return "The validators are changing to another leader" +
             (missing.empty() ? std::string(".") : "; missing: " + joined(missing) + ".");
    default:
      return "A block is being ordered" +
             (missing.empty() ? std::string(".") : "; votes missing: " + joined(missing) + ".");
  }
}

}  // namespace

bool is_catching_up(const consensus::StatusReport& report) {
  return report.phase == Phase::kSyncing ||
         report.best_peer.value > report.executed.value + 2 * limits::kExecutionLag;
}

void explain_stall(const consensus::StatusReport& report, const Directory& directory,
                   bool disk_full, v1::WhyStalledResponse& out) {
  const auto name = [&](std::uint32_t index) {
    const KnownNode* node =
        index < report.validators.size() ? directory.by_id(report.validators[index]) : nullptr;
    return node != nullptr ? node->name : "validator " + std::to_string(index);
  };
  std::vector<std::string> silent, missing;
  for (const std::uint32_t index : report.silent) silent.push_back(name(index));
  for (const std::uint32_t index : report.missing) missing.push_back(name(index));
  out.set_stalled(disk_full || report.phase != Phase::kIdle || !report.quorum_possible ||
                  !report.halted.empty());
  out.set_summary(disk_full && report.halted.empty()
                      ? "This node's disk is full. It neither votes nor executes; make room, and "
                        "it goes on by itself."
                      : summary(report, silent, missing, name(report.leader)));
  out.set_phase(consensus::to_string(report.phase));
  out.set_epoch(report.epoch.value);
  out.set_view(report.view.value);
  out.set_height(report.height.value);
  out.set_leader(name(report.leader));
  for (const std::string& one : silent) out.add_silent(one);
  for (const std::string& one : missing) out.add_missing_votes(one);
  out.set_quorum_possible(report.quorum_possible);
  if (!report.quorum_possible)
    for (const std::string& one : silent) out.add_start(one);
}

}  // namespace usance::node
