// Pieces of a snapshot from a stranger: the codec's law, and no verifier that crashes, accepts one
// for what it does not belong to, or moves on a refusal.
#include <cstdlib>

#include "base/snapshot_verify.h"

namespace {

using namespace usance;

template <class T>
std::optional<T> decoded(ByteView in) {
  auto value = decode<T>(in);
  if (!value) return std::nullopt;
  if (encode(*value) != Bytes(in.begin(), in.end())) std::abort();
  return *std::move(value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const ByteView in(data + 1, size - 1);
  const Hash32 root = sha256(as_bytes("a root that nobody has a tree for"));
  switch (data[0] % 3) {
    case 0:
      if (const auto piece = decoded<StatePiece>(in))
        if (verify_piece({piece->subtree, root}, *piece)) std::abort();
      break;
    case 1:
      if (const auto piece = decoded<OutcomePiece>(in)) {
        OutcomeWalk walk;
        walk.lowest = Height(1);
        walk.ledger_root = root;
        if (!piece->heights.empty()) walk.next = piece->heights.back().result.height;
        const ChainId chain =
            piece->heights.empty() ? ChainId{} : piece->heights.front().result.chain;
        const Height before = walk.next;
        if (verify_outcomes(walk, chain, *piece) || walk.next != before) std::abort();
      }
      break;
    default:
      if (const auto offer = decoded<SnapshotOffer>(in)) {
        Genesis genesis;
        genesis.chain_id = offer->tip.header.chain;
        genesis.organisations.emplace_back();
        for (std::uint32_t i = 0; i < 4; ++i) {
          GenesisNode& node = genesis.nodes.emplace_back();
          node.id = i + 1;
          node.consensus_key.bytes[0] = static_cast<std::uint8_t>(i + 1);
        }
        if (verify_offer(*offer, genesis, {}, ed25519_verifier())) std::abort();
      }
  }
  return 0;
}
