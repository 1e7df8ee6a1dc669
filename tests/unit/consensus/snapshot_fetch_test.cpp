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
  struct Answer {
    std::uint64_t due;
    PeerId from;
    SnapshotAnswer what;
  };

  SnapshotAnswer honest(const SnapshotRequest& request) const { return honest(chain, request); }
  // Holds the snapshot of this chain's tip alone.
  static SnapshotAnswer honest(const SnapshotChain& chain, const SnapshotRequest& request) {
    if (std::holds_alternative<FetchSnapshot>(request)) return SnapshotOffered{chain.offer()};
    const Height height = chain.tip().height;
    if (const auto* state = std::get_if<FetchState>(&request)) {
      if (state->height != height) return SnapshotGone{state->height};
      return StateFetched{height, chain.piece(state->subtree)};
    }
    const auto& wanted = std::get<FetchOutcomes>(request);
    if (wanted.height != height) return SnapshotGone{wanted.height};
    return OutcomesFetched{height, chain.outcomes(wanted.newest, wanted.first, wanted.lowest)};
  }
  void add(std::uint8_t n, Server server) { servers[peer(n)] = std::move(server); }
  void add_honest(std::uint8_t n) {
    add(n, [this](const SnapshotRequest& request) { return honest(request); });
  }

  void handle(SnapshotFetch::Outputs outputs) {
    if (outputs.begin) {
      begun.push_back(outputs.begin->height());
      pieces.clear();
    }
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
        answers.push_back({now + delays[id], id, std::get<SnapshotAnswer>(*std::move(decoded))});
      }
    }
  }
  // Peer 1 alone is there, and is asked for an offer;
  void ask_1_for_an_offer(SnapshotFetch& fetch) {
    add_honest(1);
    fetch.connected(peer(1));
    handle(fetch.tick(0));
    ASSERT_EQ(answers.size(), 1u);
  }
  // and its offer is taken.
  void take_offer_of_1(SnapshotFetch& fetch) {
    ASSERT_NO_FATAL_FAILURE(ask_1_for_an_offer(fetch));
    handle(fetch.receive(0, peer(1), std::move(answers.front().what)));
  }
  SnapshotFetch::Phase run(std::uint64_t milliseconds = 120'000) {
    SnapshotFetch fetch({&chain.genesis, &recoveries, &ed25519_verifier(), above});
    for (const auto& [id, server] : servers) fetch.connected(id);
    for (now = 0; now < milliseconds; now += 100) {
      handle(fetch.tick(now));
      const auto due = [this](const Answer& answer) { return answer.due <= now; };
      for (auto next = answers.end();
           (next = std::ranges::find_if(answers, due)) != answers.end();) {
        Answer answer = std::move(*next);
        answers.erase(next);
        handle(fetch.receive(now, answer.from, std::move(answer.what)));
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
  std::deque<Answer> answers;
  std::map<PeerId, std::uint64_t> delays;  // milliseconds until an answer arrives
  std::uint64_t now = 0;
  std::map<PeerId, std::size_t> asked, outcomes_asked;
  std::map<PeerId, std::string> blamed;
  std::vector<Height> begun;
  std::vector<std::variant<StatePiece, OutcomePiece>> pieces;
};

using FetchPhase = SnapshotFetch::Phase;

TEST_F(SnapshotFetchTest, SN6_SeveralPeersServeIt) {
  for (const std::uint8_t n : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) add_honest(n);
  EXPECT_EQ(run(), FetchPhase::kWhole);
  EXPECT_EQ(begun, std::vector{chain.tip().height});
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
  EXPECT_EQ(run(), FetchPhase::kWhole);
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
  EXPECT_EQ(run(), FetchPhase::kWhole);
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
  EXPECT_EQ(run(), FetchPhase::kWhole);
  expect_whole();
  EXPECT_EQ(blamed.count(peer(1)), 1u);
}

TEST_F(SnapshotFetchTest, SN6_WhatASilentPeerWasAskedForIsAskedOfAnother) {
  add(1, [this](const SnapshotRequest& request) -> std::optional<SnapshotAnswer> {
    if (std::holds_alternative<FetchSnapshot>(request)) return honest(request);
    return std::nullopt;
  });
  add_honest(2);
  EXPECT_EQ(run(), FetchPhase::kWhole);
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
  EXPECT_EQ(run(), FetchPhase::kWhole);
  expect_whole();
}

TEST_F(SnapshotFetchTest, SN6_APeerThatLosesItIsLeftAlone) {
  std::size_t served = 0;
  add(1, [&](const SnapshotRequest& request) -> std::optional<SnapshotAnswer> {
    if (++served > 5) return SnapshotGone{chain.tip().height};
    return honest(request);
  });
  add_honest(2);
  EXPECT_EQ(run(), FetchPhase::kWhole);
  expect_whole();
  EXPECT_EQ(served, 6u);
}

TEST_F(SnapshotFetchTest, SN8_ItFailsWhenNobodyServesItAnyMore) {
  std::size_t served = 0;
  add(1, [&](const SnapshotRequest& request) -> std::optional<SnapshotAnswer> {
    if (++served > 5) return SnapshotGone{chain.tip().height};
    return honest(request);
  });
  EXPECT_EQ(run(), FetchPhase::kFailed);
}

TEST_F(SnapshotFetchTest, SN8_ItFailsWhenNobodyOffersOne) {
  add(1, [](const SnapshotRequest&) { return SnapshotGone{}; });
  EXPECT_EQ(run(), FetchPhase::kFailed);
  EXPECT_LE(now, 3'000u);
  // Who says nothing is waited for.
  add(2, [](const SnapshotRequest&) { return std::nullopt; });
  EXPECT_EQ(run(), FetchPhase::kFailed);
  EXPECT_GE(now, 30'000u);
  EXPECT_TRUE(blamed.empty());
}

TEST_F(SnapshotFetchTest, SN8_WhoeverIsBusyAtFirstIsAskedAgain) {
  std::size_t requests = 0;
  add(1, [&](const SnapshotRequest& request) -> std::optional<SnapshotAnswer> {
    if (++requests < 4) return std::nullopt;
    return honest(request);
  });
  EXPECT_EQ(run(), FetchPhase::kWhole);
  expect_whole();
}

TEST_F(SnapshotFetchTest, SN5_ASnapshotThatIsTooLowIsOfNoUse) {
  above = chain.tip().height;
  add_honest(1);
  EXPECT_EQ(run(20'000), FetchPhase::kFailed);
  EXPECT_TRUE(blamed.empty());
}

TEST_F(SnapshotFetchTest, SN6_ASlowPeerHoldsNobodyUp) {
  for (const std::uint8_t n : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) add_honest(n);
  delays[peer(1)] = 9'900;
  EXPECT_EQ(run(), FetchPhase::kWhole);
  expect_whole();
  EXPECT_TRUE(blamed.empty());
  // What it is asked for, others are asked for after two seconds: at most the last piece of the
  // state and one of the outcomes wait for it so long, and its offer three.
  EXPECT_LE(now, 10'000u);
}

TEST_F(SnapshotFetchTest, SN6_NoPeerHasTheOutcomesForItself) {
  for (const std::uint8_t n : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}})
    add(n, [this, n](const SnapshotRequest& request) {
      if (std::holds_alternative<FetchOutcomes>(request)) ++outcomes_asked[peer(n)];
      return honest(request);
    });
  EXPECT_EQ(run(), FetchPhase::kWhole);
  EXPECT_EQ(outcomes_asked.size(), 3u);
}

TEST_F(SnapshotFetchTest, SN5_WhatFewPeersOfferIsNotPreferred) {
  const SnapshotChain higher(29);
  add(1, [&](const SnapshotRequest& request) { return honest(higher, request); });
  add_honest(2);
  add_honest(3);
  EXPECT_EQ(run(), FetchPhase::kWhole);
  EXPECT_EQ(begun, std::vector{chain.tip().height});
  expect_whole();
}

TEST_F(SnapshotFetchTest, SN5_TheHighestIsTakenWhenEachPeerOffersAnother) {
  const SnapshotChain lower(19);
  add_honest(1);
  add(2, [&](const SnapshotRequest& request) { return honest(lower, request); });
  EXPECT_EQ(run(), FetchPhase::kWhole);
  EXPECT_EQ(begun, std::vector{chain.tip().height});
  expect_whole();
}

TEST_F(SnapshotFetchTest, SN8_AnotherSnapshotIsTakenWhenNobodyServesTheFirst) {
  const SnapshotChain higher(29);
  std::size_t offers = 0;
  add(1, [&](const SnapshotRequest& request) -> std::optional<SnapshotAnswer> {
    if (!std::holds_alternative<FetchSnapshot>(request)) return std::nullopt;
    ++offers;
    return honest(higher, request);
  });
  add_honest(2);
  EXPECT_EQ(run(600'000), FetchPhase::kWhole);
  EXPECT_EQ(offers, 2u);
  const Height first = higher.tip().height;
  EXPECT_EQ(begun, (std::vector{first, first, chain.tip().height}));
  expect_whole();
}

TEST_F(SnapshotFetchTest, SN8_WhoDoesNotServeWhatItOffersIsBelievedTwice) {
  std::size_t pieces_served = 0;
  add(1, [&](const SnapshotRequest& request) -> std::optional<SnapshotAnswer> {
    if (std::holds_alternative<FetchOutcomes>(request) && ++pieces_served > 2) return std::nullopt;
    return honest(request);
  });
  EXPECT_EQ(run(1'000'000), FetchPhase::kFailed);
  EXPECT_EQ(begun.size(), 2u);
}

TEST_F(SnapshotFetchTest, SN8_WhatTakesTooLongIsGivenUp) {
  SnapshotFetch fetch({&chain.genesis, &recoveries, &ed25519_verifier(), above});
  ASSERT_NO_FATAL_FAILURE(take_offer_of_1(fetch));
  const std::uint64_t hours = 6 * 3'600'000;
  handle(fetch.tick(hours - 1));
  EXPECT_EQ(fetch.phase(), FetchPhase::kPieces);
  handle(fetch.tick(hours));
  EXPECT_EQ(fetch.phase(), FetchPhase::kOffers);
}

TEST_F(SnapshotFetchTest, SN8_ANodeThatIsCutOffGoesOnAfterwards) {
  SnapshotFetch fetch({&chain.genesis, &recoveries, &ed25519_verifier(), above});
  ASSERT_NO_FATAL_FAILURE(take_offer_of_1(fetch));
  ASSERT_EQ(fetch.phase(), FetchPhase::kPieces);
  fetch.gone(peer(1));
  for (now = 0; now < 3'600'000; now += 100) handle(fetch.tick(now));
  EXPECT_EQ(fetch.phase(), FetchPhase::kPieces);
  answers.clear();
  fetch.connected(peer(1));
  handle(fetch.tick(now));
  EXPECT_EQ(answers.size(), 1u);
}

TEST_F(SnapshotFetchTest, SN8_ItFailsWhenNobodyIsLeftButLiars) {
  add(1, [this](const SnapshotRequest& request) {
    SnapshotAnswer answer = honest(request);
    if (auto* state = std::get_if<StateFetched>(&answer)) state->piece.parts.clear();
    if (auto* outcomes = std::get_if<OutcomesFetched>(&answer)) outcomes->piece.heights.clear();
    return answer;
  });
  EXPECT_EQ(run(), FetchPhase::kFailed);
  EXPECT_EQ(blamed.size(), 1u);
}

TEST_F(SnapshotFetchTest, SN7_WhoHoldsTheItemsOfSmallScopesBackIsBlamed) {
  add(1, [this](const SnapshotRequest& request) {
    SnapshotAnswer answer = honest(request);
    if (auto* state = std::get_if<StateFetched>(&answer))
      for (SnapshotScope& scope : state->piece.scopes)
        if (scope.summary.item_count > 0) {
          scope.whole = false;
          scope.items.clear();
        }
    return answer;
  });
  add_honest(2);
  add_honest(3);
  EXPECT_EQ(run(), FetchPhase::kWhole);
  ASSERT_EQ(blamed.size(), 1u);
  EXPECT_EQ(blamed.begin()->first, peer(1));
}

TEST_F(SnapshotFetchTest, SN6_APeerThatGoesComesBackAndIsAskedAgain) {
  SnapshotFetch fetch({&chain.genesis, &recoveries, &ed25519_verifier(), above});
  ASSERT_NO_FATAL_FAILURE(ask_1_for_an_offer(fetch));
  answers.clear();
  fetch.gone(peer(1));
  EXPECT_TRUE(fetch.tick(100).requests.empty());
  fetch.connected(peer(1));
  EXPECT_EQ(fetch.tick(200).requests.size(), 1u);
}

}  // namespace
}  // namespace usance::consensus
