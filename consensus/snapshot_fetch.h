// Fetching a snapshot from several peers (docs/spec/snapshot.md, SN-5 to SN-8): whom to ask for
// what, what of the answers is proven, and whose a wrong one is. A pure state machine as Replica
// is: the caller brings time and messages, sends what it is told to, and stores the verified
// pieces.
//
// Memory: an offer and one request per peer, and what is left to ask for, which the depth of the
// trees and the size of a piece bound. For one thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/snapshot_verify.h"
#include "consensus/io.h"
#include "consensus/snapshot_messages.h"

namespace usance::consensus {

class SnapshotFetch {
 public:
  struct Options {
    const Genesis* genesis = nullptr;  // these three outlive the fetch
    const std::vector<RecoveryRecord>* recoveries = nullptr;
    const Verifier* verifier = nullptr;
    Height above;  // a snapshot of this height or below is of no use
  };
  enum class Phase : std::uint8_t {
    kOffers,  // asking who holds which
    kPieces,
    kWhole,   // all pieces were given out
    kFailed,  // nobody offers one, or nobody served those that were offered
  };
  struct Outputs {
    struct Request {
      PeerId peer;
      SnapshotRequest request;
    };
    // The peer sent what is not proven; it is asked for nothing more.
    struct Blame {
      PeerId peer;
      std::string why;
    };
    std::vector<Request> requests;
    std::vector<Blame> blamed;
    // In this order: what is to be made of the pieces from now on, in the place of what was begun
    // before; and verified pieces.
    std::optional<SnapshotOffer> begin;
    std::vector<std::variant<StatePiece, OutcomePiece>> pieces;
  };

  explicit SnapshotFetch(const Options& options) : options_(options) {}

  // A peer may be asked from now on, or is gone.
  void connected(const PeerId& peer);
  void gone(const PeerId& peer);
  [[nodiscard]] Outputs receive(std::uint64_t monotonic_ms, const PeerId& from,
                                SnapshotAnswer answer);
  // Every 50 to 500 ms.
  [[nodiscard]] Outputs tick(std::uint64_t monotonic_ms);

  [[nodiscard]] Phase phase() const { return phase_; }
  // Of the snapshot that is fetched; 0 before that.
  [[nodiscard]] Height height() const;
  [[nodiscard]] std::size_t pieces() const { return pieces_; }

 private:
  // A subtree to fetch, and who said that it is there.
  struct Part {
    ProvenSubtree tree;
    PeerId said;
  };
  struct Outcomes {};    // where the walk is
  struct Superseded {};  // another peer was faster
  using Work = std::variant<FetchSnapshot, Part, Outcomes, Superseded>;
  struct Source {
    std::optional<Work> asked;
    std::uint64_t asked_ms = 0;
    std::uint64_t deadline_ms = 0;
    std::uint64_t avoid_until_ms = 0;
    std::uint32_t failures = 0;  // in a row
    bool useless = false;        // does not hold the snapshot, or never answers
  };
  // Whether somebody was asked for it and has not answered.
  template <class Which>
  [[nodiscard]] bool under_way() const {
    for (const auto& [peer, source] : sources_)
      if (source.asked && std::holds_alternative<Which>(*source.asked)) return true;
    return false;
  }
  struct Offered {
    SnapshotOffer offer;  // verified
    std::set<PeerId> by;
  };

  void take(Source& source, const PeerId& from, SnapshotOffered& answer, Outputs& out);
  void take(Source& source, const PeerId& from, StateFetched& answer, Outputs& out);
  void take(Source& source, const PeerId& from, OutcomesFetched& answer, Outputs& out);
  void take(Source& source, const PeerId& from, SnapshotGone& answer, Outputs& out);
  void blame(const PeerId& peer, std::string why, Outputs& out);
  void blame_for_holding_back(const Part& asked, const StatePiece& piece, Outputs& out);
  [[nodiscard]] static bool same(const Work& one, const Work& other);
  [[nodiscard]] bool is_asked(const Work& work) const;
  void put_back(Source& source);
  void answered(Source& source);
  void forget(const PeerId& peer);
  void expire();
  void choose_offer(Outputs& out);
  [[nodiscard]] bool is_stuck();
  [[nodiscard]] bool is_let_down_by(const PeerId& peer) const;
  void begin_anew();
  void assign(Outputs& out);
  [[nodiscard]] std::optional<Work> next_work(const PeerId& peer);
  [[nodiscard]] std::optional<Work> slow_work() const;
  [[nodiscard]] SnapshotRequest request_for(const Work& work) const;
  void advance(Outputs& out);

  const Options options_;
  Phase phase_ = Phase::kOffers;
  std::uint64_t now_ms_ = 0;
  std::set<PeerId> here_;  // connected, blamed ones too
  std::map<PeerId, Source> sources_;
  std::set<PeerId> blamed_;
  std::map<PeerId, std::uint32_t> let_down_;  // how often nobody served to the end what it offered
  PeerId last_asked_;
  PeerId last_walker_;  // was asked for outcomes last
  std::optional<std::uint64_t> offers_until_ms_;
  std::uint64_t begun_ms_ = 0;
  std::optional<std::uint64_t> nobody_since_ms_;  // while nobody can be asked

  std::map<Height, Offered> offers_;
  std::optional<Offered> chosen_;
  std::vector<Part> left_;  // a stack: depth first, so that it stays small
  OutcomeWalk walk_;
  std::size_t pieces_ = 0;
};

}  // namespace usance::consensus
