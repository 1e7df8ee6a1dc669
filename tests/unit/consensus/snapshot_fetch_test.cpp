// SN-5 to SN-8: a snapshot from several peers, some of which lie, are silent or lose it.
#include "consensus/snapshot_fetch.h"

#include <deque>
#include <functional>

#include <gtest/gtest.h>

#include "tests/unit/base/snapshot_chain.h"

namespace usance::consensus {
namespace {

PeerId peer(std::uint8_t n) {
  PeerId id;
  id.bytes[0] = n;
  return id;
}

class SnapshotFetchTest : public testing::Test {
 protected:
  // Nothing: no answer.
  using Server = std::function<std::optional<SnapshotAnswer>(const SnapshotRequest&)>;

  SnapshotAnswer honest(const SnapshotRequest& request) const {
    if (std::holds_alternative<FetchSnapshot>(request)) return SnapshotOffered{chain.offer()};
    const Height height = chain.tip().height;
    if (const auto* state = std::get_if<FetchState>(&request))
      return StateFetched{height, chain.piece(state->subtree)};
    const auto& wanted = std::get<FetchOutcomes>(request);
    return OutcomesFetched{height, chain.outcomes(wanted.newest, wanted.first, wanted.lowest)};
  }
  void add(std::uint8_t n, Server server) { servers[peer(n)] = std::move(server); }
  void add_honest(std::uint8_t n) {
    add(n, [this](const SnapshotRequest& request) { return honest(request); });
  }

  void handle(SnapshotFetch::Outputs outputs) {
    if (outputs.begin) begun = outputs.begin;
    for (auto& piece : outputs.pieces) pieces.push_back(std::move(piece));
    for (const auto& [id, why] : outputs.blamed) {
      blamed[id] = why;
      servers.erase(id);
    }
    for (auto& [id, request] : outputs.requests) {
      ++asked[id];
      const auto server = servers.find(id);
      ASSERT_NE(server, servers.end()) << "a peer that is gone is asked";
      if (auto answer = server->second(request)) {
        // On the wire and back.
        const Bytes bytes = encode_snapshot_message(*std::move(answer));
        ASSERT_TRUE(is_snapshot_message(bytes));
        auto decoded = decode_snapshot_message(bytes);
        ASSERT_TRUE(decoded);
        answers.emplace_back(id, std::get<SnapshotAnswer>(*std::move(decoded)));
      }
    }
  }
  SnapshotFetch::Phase run(std::uint64_t milliseconds = 120'000) {
    SnapshotFetch fetch({&chain.genesis, &recoveries, &ed25519_verifier(), above});
    for (const auto& [id, server] : servers) fetch.connected(id);
    for (std::uint64_t now = 0; now < milliseconds; now += 100) {
      handle(fetch.tick(now));
      while (!answers.empty()) {
        auto [id, answer] = std::move(answers.front());
        answers.pop_front();
        handle(fetch.receive(now, id, std::move(answer)));
      }
      if (fetch.phase() == SnapshotFetch::Phase::kWhole ||
          fetch.phase() == SnapshotFetch::Phase::kFailed)
        break;
    }
    return fetch.phase();
  }
  void expect_whole() const {
    std::map<Hash32, SnapshotScope> scopes;
    std::size_t items = 0, receipts = 0, wanted = 0;
    for (const auto& piece : pieces) {
      if (const auto* state = std::get_if<StatePiece>(&piece)) {
        for (const auto& scope : state->scopes)
          scopes[scope_path(scope.contract, scope.scope)] = scope;
        items += state->items.size();
      } else {
        for (const auto& one : std::get<OutcomePiece>(piece).heights)
          receipts += one.receipts.size();
      }
    }
    for (const auto& own : chain.receipts) wanted += own.size();
    EXPECT_EQ(scopes, chain.scopes);
    EXPECT_EQ(items, chain.large.size());
    EXPECT_EQ(receipts, wanted);
  }

  const SnapshotChain chain;
  const std::vector<RecoveryRecord> recoveries;
  Height above;
  std::map<PeerId, Server> servers;
  std::deque<std::pair<PeerId, SnapshotAnswer>> answers;
  std::map<PeerId, std::size_t> asked;
  std::map<PeerId, std::string> blamed;
  std::optional<SnapshotOffer> begun;
  std::vector<std::variant<StatePiece, OutcomePiece>> pieces;
};

using Phase = SnapshotFetch::Phase;

TEST_F(SnapshotFetchTest, SN6_SeveralPeersServeIt) {
  for (const std::uint8_t n : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) add_honest(n);
  EXPECT_EQ(run(), Phase::kWhole);
  ASSERT_TRUE(begun);
  EXPECT_EQ(*begun, chain.offer());
  expect_whole();
  for (const std::uint8_t n : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}})
    EXPECT_GT(asked[peer(n)], 3u);
  EXPECT_TRUE(blamed.empty());
}

TEST_F(SnapshotFetchTest, SN7_WhoLiesAboutTheStateIsBlamedAndNobodyElse) {
  add_honest(1);
  add(2, [this](const SnapshotRequest& request) {
    SnapshotAnswer answer = honest(request);
    if (auto* state = std::get_if<StateFetched>(&answer)) {
      if (!state->piece.scopes.empty()) ++state->piece.scopes[0].summary.change_count;
      if (!state->piece.items.empty()) state->piece.items[0].value.push_back(1);
      for (SubtreePart& part : state->piece.parts) part.node.bytes[0] ^= 1;
    }
    return answer;
  });
  add_honest(3);
  EXPECT_EQ(run(), Phase::kWhole);
  expect_whole();
  ASSERT_EQ(blamed.size(), 1u);
  EXPECT_EQ(blamed.begin()->first, peer(2));
}

TEST_F(SnapshotFetchTest, SN7_WhoLiesAboutOutcomesIsBlamed) {
  // The liar is asked for them first: the walk is given to the first peer that is idle.
  add(1, [this](const SnapshotRequest& request) {
    SnapshotAnswer answer = honest(request);
    if (auto* outcomes = std::get_if<OutcomesFetched>(&answer))
      for (SnapshotOutcome& one : outcomes->piece.heights)
        for (Receipt& receipt : one.receipts) receipt.status = ReceiptStatus::kOk;
    return answer;
  });
  add_honest(2);
  EXPECT_EQ(run(), Phase::kWhole);
  expect_whole();
  ASSERT_EQ(blamed.size(), 1u);
  EXPECT_EQ(blamed.begin()->first, peer(1));
}

TEST_F(SnapshotFetchTest, SN5_AnOfferWithoutAQuorumIsBlamedAndAnotherOneTaken) {
  add(1, [this](const SnapshotRequest& request) {
    SnapshotAnswer answer = honest(request);
    if (auto* offered = std::get_if<SnapshotOffered>(&answer)) {
      offered->offer.tip.header.height = Height(1'000'000);
      offered->offer.tip.header.state_root.bytes[0] ^= 1;
    }
    return answer;
  });
  add_honest(2);
  EXPECT_EQ(run(), Phase::kWhole);
  expect_whole();
  EXPECT_EQ(blamed.count(peer(1)), 1u);
}

TEST_F(SnapshotFetchTest, SN6_WhatASilentPeerWasAskedForIsAskedOfAnother) {
  add(1, [this](const SnapshotRequest& request) -> std::optional<SnapshotAnswer> {
    if (std::holds_alternative<FetchSnapshot>(request)) return honest(request);
    return std::nullopt;
  });
  add_honest(2);
  EXPECT_EQ(run(), Phase::kWhole);
  expect_whole();
  EXPECT_TRUE(blamed.empty());
  EXPECT_LE(asked[peer(1)], 6u);
}

TEST_F(SnapshotFetchTest, SN6_AnAnswerOfAnotherSnapshotOrSubtreeCountsForNothing) {
  add(1, [this](const SnapshotRequest& request) {
    SnapshotAnswer answer = honest(request);
    if (auto* state = std::get_if<StateFetched>(&answer)) state->height = Height(7);
    if (auto* outcomes = std::get_if<OutcomesFetched>(&answer)) outcomes->height = Height(7);
    return answer;
  });
  add(2, [this](const SnapshotRequest& request) {
    SnapshotAnswer answer = honest(request);
    if (auto* state = std::get_if<StateFetched>(&answer)) {
      state->piece = chain.piece({});
      state->piece.subtree = Subtree{}.part(1).part(1);
    }
    return answer;
  });
  add_honest(3);
  EXPECT_EQ(run(), Phase::kWhole);
  expect_whole();
}

TEST_F(SnapshotFetchTest, SN6_APeerThatLosesItIsLeftAlone) {
  std::size_t served = 0;
  add(1, [&](const SnapshotRequest& request) -> std::optional<SnapshotAnswer> {
    if (++served > 5) return SnapshotGone{chain.tip().height};
    return honest(request);
  });
  add_honest(2);
  EXPECT_EQ(run(), Phase::kWhole);
  expect_whole();
  EXPECT_EQ(served, 6u);
}

TEST_F(SnapshotFetchTest, SN8_ItFailsWhenNobodyServesItAnyMore) {
  std::size_t served = 0;
  add(1, [&](const SnapshotRequest& request) -> std::optional<SnapshotAnswer> {
    if (++served > 5) return SnapshotGone{chain.tip().height};
    return honest(request);
  });
  EXPECT_EQ(run(), Phase::kFailed);
}

TEST_F(SnapshotFetchTest, SN8_ItFailsWhenNobodyOffersOne) {
  add(1, [](const SnapshotRequest&) { return SnapshotGone{}; });
  add(2, [](const SnapshotRequest&) { return std::nullopt; });
  EXPECT_EQ(run(20'000), Phase::kFailed);
  EXPECT_TRUE(blamed.empty());
}

TEST_F(SnapshotFetchTest, SN5_ASnapshotThatIsTooLowIsOfNoUse) {
  above = chain.tip().height;
  add_honest(1);
  EXPECT_EQ(run(20'000), Phase::kFailed);
  EXPECT_TRUE(blamed.empty());
}

TEST_F(SnapshotFetchTest, SN6_APeerThatGoesComesBackAndIsAskedAgain) {
  add_honest(1);
  SnapshotFetch fetch({&chain.genesis, &recoveries, &ed25519_verifier(), above});
  fetch.connected(peer(1));
  handle(fetch.tick(0));
  ASSERT_EQ(answers.size(), 1u);
  answers.clear();
  fetch.gone(peer(1));
  EXPECT_TRUE(fetch.tick(100).requests.empty());
  fetch.connected(peer(1));
  EXPECT_EQ(fetch.tick(200).requests.size(), 1u);
}

}  // namespace
}  // namespace usance::consensus
