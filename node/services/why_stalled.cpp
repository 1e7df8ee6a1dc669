#include "node/services/why_stalled.h"

#include <algorithm>

namespace usance::node {

namespace {

using Phase = consensus::StatusReport::Phase;

constexpr std::size_t kMostReason = 200;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// A transport's text, as an operator reads it.
std::string in_words(const std::string& reason) {
  if (reason.find("Connection refused") != std::string::npos)
    return "nothing listens at its address, so it is not running";
  if (reason.empty()) return "no connection yet";
  return reason.size() <= kMostReason ? reason : reason.substr(0, kMostReason) + "...";
}

// What one node can say about why nothing moves, the surest cause first.
class Diagnosis {
 public:
  Diagnosis(const consensus::StatusReport& report, const Directory& directory,
            const StallSigns& signs)
      : report_(report),
        directory_(directory),
        signs_(signs),
        silent_(names(report.silent)),
        missing_(names(report.missing)) {
    for (const std::string& name : silent_)
      (signs.just_connected.contains(name) ? greeting_ : absent_).push_back(name);
  }

  [[nodiscard]] std::string name(std::uint32_t index) const {
    const KnownNode* node =
        index < report_.validators.size() ? directory_.by_id(report_.validators[index]) : nullptr;
    return node != nullptr ? node->name : "validator " + std::to_string(index);
  }
  [[nodiscard]] const std::vector<std::string>& silent() const { return silent_; }
  // Of the silent ones those that somebody should look after: not who has connected just now.
  [[nodiscard]] const std::vector<std::string>& absent() const { return absent_; }
  [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }

  [[nodiscard]] std::string summary() const {
    if (!report_.halted.empty())
      return "This node has stopped by itself: " + report_.halted +
             ". Its data contradicts the quorum's; keep the data directory for inspection.";
    if (signs_.disk_full)
      return "This node's disk is full. It neither votes nor executes; make room, and it goes on "
             "by itself.";
    if (signs_.snapshot_pieces)
      return "This node has no ledger yet: it begins with a snapshot of the others', of which " +
             std::to_string(*signs_.snapshot_pieces) + " pieces are here.";
    std::string text;
    if (report_.amnesiac)
      text =
          "This validator has lost its vote log, or has an old one: it may have forgotten votes "
          "and casts none until it has another key (usance validator rotate). ";
    if (!report_.quorum_possible && !quorum_without(absent_))
      return text + "Too few validators are reachable for a quorum. Start: " + joined(absent_) +
             "." + connections();
    text += phase();
    if (!report_.withheld.empty())
      text += " This node gave the newest proposal no vote: " + report_.withheld +
              (report_.withheld.find("clock") == std::string::npos
                   ? "."
                   : "; compare the nodes' clocks (usance node status) and set the wrong one.");
    if (!absent_.empty())
      text += " Not heard from: " + joined(absent_) + "; start what is down." + connections();
    else if (!greeting_.empty() || !signs_.unconnected.empty())
      text += connections();
    return text;
  }

 private:
  [[nodiscard]] bool quorum_without(const std::vector<std::string>& absent) const {
    return report_.validators.size() - absent.size() >= quorum(report_.validators.size());
  }
  [[nodiscard]] std::vector<std::string> names(const std::vector<std::uint32_t>& indices) const {
    std::vector<std::string> out;
    for (const std::uint32_t index : indices) out.push_back(name(index));
    return out;
  }
  // Those that are missing and were heard from: they run, and something keeps them from voting.
  [[nodiscard]] std::string missing_votes(const std::string& before) const {
    if (missing_.empty()) return ".";
    std::string text = before + joined(missing_) + ".";
    std::vector<std::string> heard;
    for (const std::uint32_t index : report_.missing)
      if (index != report_.self && !std::ranges::count(report_.silent, index))
        heard.push_back(name(index));
    if (!heard.empty())
      text += " They run (" + joined(heard) + "): ask them why (usance node why-stalled).";
    return text;
  }
  [[nodiscard]] std::string phase() const {
    switch (report_.phase) {
      case Phase::kIdle: return "Nothing waits to be ordered.";
      case Phase::kSyncing:
        return "This node is fetching blocks that the others have decided already, up to height " +
               std::to_string(report_.best_peer.value) + ".";
      case Phase::kWaitPeers:
        return "This validator has just started and asks the others what they saw of its votes.";
      case Phase::kWaitResult:
        return "Ordering waits for an older result to be certified; execution or its votes lag" +
               missing_votes(". Missing: ");
      case Phase::kWaitProposal:
        return "The leader, " + name(report_.leader) +
               ", has not proposed yet; the view changes if it stays away.";
      case Phase::kViewChange:
        return "The validators are changing to another leader" + missing_votes("; missing: ");
      default: return "A block is being ordered" + missing_votes("; votes missing: ");
    }
  }
  [[nodiscard]] std::string connection(const std::string& name) const {
    if (const auto reason = signs_.unconnected.find(name); reason != signs_.unconnected.end())
      return in_words(reason->second);
    if (const auto since = signs_.just_connected.find(name); since != signs_.just_connected.end())
      return "connected " + std::to_string(since->second) + " ms ago, and not heard yet";
    return "connected, and says nothing: its process hangs, or the network loses what it sends";
  }
  [[nodiscard]] std::string connections() const {
    std::string text;
    for (const std::string& name : silent_) text += " " + name + ": " + connection(name) + ".";
    if (signs_.unconnected.empty()) return text;
    for (const auto& [address, reason] : signs_.unanswered)
      text +=
          " No node of this network has answered at " + address + " yet: " + in_words(reason) + ".";
    return text;
  }

  const consensus::StatusReport& report_;
  const Directory& directory_;
  const StallSigns& signs_;
  const std::vector<std::string> silent_, missing_;
  std::vector<std::string> greeting_, absent_;  // the silent: connected just now, and the others
};

}  // namespace

bool is_catching_up(const consensus::StatusReport& report) {
  return report.phase == Phase::kSyncing ||
         report.best_peer.value > report.executed.value + 2 * limits::kExecutionLag;
}

std::string why_not_serving(const consensus::StatusReport& report, const StallSigns& signs) {
  if (!report.halted.empty()) return "halted: " + report.halted;
  if (signs.disk_full) return "the disk is full";
  if (signs.snapshot_pieces) return "beginning with a snapshot";
  return is_catching_up(report) ? "catching up" : "";
}

void explain_stall(const consensus::StatusReport& report, const Directory& directory,
                   const StallSigns& signs, v1::WhyStalledResponse& out) {
  const Diagnosis diagnosis(report, directory, signs);
  out.set_stalled(signs.disk_full || signs.snapshot_pieces || report.phase != Phase::kIdle ||
                  !report.quorum_possible || !report.halted.empty());
  out.set_summary(diagnosis.summary());
  out.set_phase(consensus::to_string(report.phase));
  out.set_epoch(report.epoch.value);
  out.set_view(report.view.value);
  out.set_height(report.height.value);
  out.set_leader(diagnosis.name(report.leader));
  for (const std::string& one : diagnosis.silent()) out.add_silent(one);
  for (const std::string& one : diagnosis.missing()) out.add_missing_votes(one);
  out.set_quorum_possible(report.quorum_possible);
  for (const std::string& one : diagnosis.absent()) out.add_start(one);
}

}  // namespace usance::node
