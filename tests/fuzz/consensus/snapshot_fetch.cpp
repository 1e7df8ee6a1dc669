// A snapshot fetched from four peers in any order of events: one always answers honestly, one
// answers as the bytes say, two as they are asked to, changed in a byte or not at all. Whoever only
// told the truth is never blamed, and a whole snapshot is the one that was signed.
#include "consensus/snapshot_fetch.h"

#include <cstdlib>

#include "tests/unit/base/snapshot_chain.h"

namespace {

using namespace usance;
using namespace usance::consensus;

constexpr std::size_t kPeers = 4;
constexpr std::size_t kTruthful = 0, kWild = 1;

const SnapshotChain& chain() {
  static const SnapshotChain all;
  return all;
}

PeerId peer(std::size_t number) {
  PeerId id;
  id.bytes[0] = static_cast<std::uint8_t>(number + 1);
  return id;
}

SnapshotAnswer honest(const SnapshotRequest& request) {
  static const SnapshotOffer offer = chain().offer();
  if (std::holds_alternative<FetchSnapshot>(request)) return SnapshotOffered{offer};
  const Height height = chain().tip().height;
  if (const auto* state = std::get_if<FetchState>(&request))
    return StateFetched{height, chain().piece(state->subtree)};
  const auto& wanted = std::get<FetchOutcomes>(request);
  return OutcomesFetched{height, chain().outcomes(wanted.newest, wanted.first, wanted.lowest)};
}

struct Fuzz {
  ByteView in;
  const std::vector<RecoveryRecord> recoveries;
  SnapshotFetch fetch{{&chain().genesis, &recoveries, &ed25519_verifier(), Height(0)}};
  std::uint64_t now = 0;
  std::optional<SnapshotRequest> asked[kPeers];
  std::map<Hash32, SnapshotScope> scopes;
  std::size_t items = 0, receipts = 0;

  std::uint8_t next() {
    if (in.empty()) return 0;
    const std::uint8_t byte = in.front();
    in = in.subspan(1);
    return byte;
  }
  void handle(const SnapshotFetch::Outputs& outputs) {
    for (const auto& [id, why] : outputs.blamed)
      if (id == peer(kTruthful)) std::abort();
    if (outputs.begin) {
      scopes.clear();
      items = receipts = 0;
    }
    for (const auto& piece : outputs.pieces) {
      if (const auto* state = std::get_if<StatePiece>(&piece)) {
        for (const auto& scope : state->scopes)
          if (!scopes.emplace(scope_path(scope.contract, scope.scope), scope).second) std::abort();
        items += state->items.size();
      } else {
        for (const auto& one : std::get<OutcomePiece>(piece).heights)
          receipts += one.receipts.size();
      }
    }
    for (const auto& [id, request] : outputs.requests) asked[id.bytes[0] - 1u] = request;
  }
  void answer(std::size_t from) {
    if (!asked[from]) return;
    Bytes bytes = encode_snapshot_message(honest(*asked[from]));
    if (from != kTruthful) {
      const std::size_t at = next() * 256u + next();
      bytes[at % bytes.size()] ^= next();  // perhaps by nothing
    }
    const auto message = decode_snapshot_message(bytes);
    if (!message || !std::holds_alternative<SnapshotAnswer>(*message)) return;
    if (next() % 8 != 0) asked[from].reset();  // else it comes again
    handle(fetch.receive(now, peer(from), std::get<SnapshotAnswer>(*message)));
  }
  void step() {
    const std::uint8_t what = next();
    const std::size_t who = what % kPeers;
    switch (what / kPeers % 6) {
      case 0: fetch.connected(peer(who)); break;
      case 1:
        fetch.gone(peer(who));
        asked[who].reset();
        break;
      case 2:
        now += 100u * next();
        handle(fetch.tick(now));
        break;
      case 3: {
        const std::size_t size = std::min<std::size_t>(in.size(), next());
        const auto message = decode_snapshot_message(in.first(std::min(size, in.size())));
        in = in.subspan(std::min(size, in.size()));
        if (message && std::holds_alternative<SnapshotAnswer>(*message))
          handle(fetch.receive(now, peer(kWild), std::get<SnapshotAnswer>(*message)));
        break;
      }
      default: answer(who);
    }
  }
  void check() const {
    if (fetch.phase() != SnapshotFetch::Phase::kWhole) return;
    std::size_t wanted = 0, whole = 0;
    for (const auto& own : chain().receipts) wanted += own.size();
    for (const auto& [path, scope] : chain().scopes) {
      const auto found = scopes.find(path);
      if (found == scopes.end() || found->second.summary != scope.summary) std::abort();
      if (!found->second.whole && path != chain().large_path) whole += scope.items.size();
    }
    if (receipts != wanted || items != chain().large.size() + whole) std::abort();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Fuzz fuzz;
  fuzz.in = ByteView(data, size);
  for (std::size_t i = 0; i < kPeers; ++i) fuzz.fetch.connected(peer(i));
  fuzz.handle(fuzz.fetch.tick(0));
  while (!fuzz.in.empty()) fuzz.step();
  // The rest is served in time by the honest one.
  fuzz.fetch.connected(peer(kTruthful));
  for (int i = 0; i < 2'000 && fuzz.fetch.phase() <= SnapshotFetch::Phase::kPieces; ++i) {
    fuzz.now += 100;
    fuzz.handle(fuzz.fetch.tick(fuzz.now));
    if (fuzz.asked[kTruthful]) {
      const auto request = *std::exchange(fuzz.asked[kTruthful], std::nullopt);
      fuzz.handle(fuzz.fetch.receive(fuzz.now, peer(kTruthful), honest(request)));
    }
  }
  fuzz.check();
  return 0;
}
