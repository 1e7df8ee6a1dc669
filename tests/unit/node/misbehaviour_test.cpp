#include "node/misbehaviour.h"

#include <fstream>

#include <gtest/gtest.h>

namespace usance::node {
namespace {

TEST(Misbehaviour, WhatWasFoundIsFoundAgain) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "misbehaviour-test";
  std::filesystem::remove_all(folder);
  EXPECT_TRUE(kept_contradictions(folder, 10).empty());
  consensus::EvidenceFound found;
  found.validator.bytes.fill(7);
  found.evidence.votes.resize(2);
  for (consensus::Vote& vote : found.evidence.votes) vote.content.kind = VoteKind::kCommit;
  found.evidence.votes[1].content.hash.bytes.fill(1);
  ASSERT_TRUE(keep_contradiction(folder, found));
  ASSERT_TRUE(keep_contradiction(folder, found));  // the same once more
  std::ofstream(folder / "misbehaviour" / "zz-broken.evidence") << "x";
  const auto again = kept_contradictions(folder, 10);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].found.validator, found.validator);
  EXPECT_EQ(again[0].found.evidence, found.evidence);
  EXPECT_TRUE(kept_contradictions(folder, 0).empty());
  EXPECT_TRUE(kept_contradictions(folder, 10, {again[0].file}).empty());
  found.validator.bytes.fill(8);  // a name behind the first
  ASSERT_TRUE(keep_contradiction(folder, found));
  EXPECT_EQ(kept_contradictions(folder, 1).front().file, again[0].file);
  EXPECT_EQ(kept_contradictions(folder, 1, {again[0].file}).front().found.validator,
            found.validator);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace usance::node
