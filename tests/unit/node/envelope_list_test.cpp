// What several nodes keep as one answer: the newest first, and no more than a client takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/services/envelope_reading.h"
#include "proto/bytes.h"

namespace usance::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::KeptEnvelope kept(std::uint64_t at, std::size_t header_bytes = 1) {
  v1::KeptEnvelope out;
  out.set_kept(proto::canonical(KeptReceipt{{{}, 1, TimeMs(at), TimeMs(at + 1)}, {}, {}}));
  out.set_header(std::string(header_bytes, 'h'));
  return out;
}

struct Answer {
  std::vector<std::uint64_t> times;
  bool more = false;
};
Answer answer(EnvelopeList list) {
  v1::ListEnvelopesResponse response;
  std::move(list).fill(response);
  Answer out{{}, response.more()};
  for (const v1::KeptEnvelope& one : response.envelopes())
    out.times.push_back(decode<KeptReceipt>(as_bytes(one.kept())).value().statement.at.value);
  return out;
}

TEST(EnvelopeList, IsInTheOrderOfTimeUpToItsLimit) {
  EnvelopeList list(3);
  for (const std::uint64_t at : {20, 50, 10, 40}) list.add(kept(at));
  const Answer out = answer(std::move(list));
  EXPECT_THAT(out.times, ElementsAre(50, 40, 20));
  EXPECT_TRUE(out.more);
}

TEST(EnvelopeList, OnesThatFitAreAll) {
  EnvelopeList list(3);
  for (const std::uint64_t at : {20, 10, 30}) list.add(kept(at));
  EXPECT_FALSE(answer(std::move(list)).more);
}

TEST(EnvelopeList, HasNoMoreBytesThanAClientTakes) {
  EnvelopeList list(1'000);
  for (std::uint64_t at = 1; at <= 6; ++at) list.add(kept(at, 500'000));
  const Answer out = answer(std::move(list));
  EXPECT_THAT(out.times, ElementsAre(6, 5, 4, 3));
  EXPECT_TRUE(out.more);
}

TEST(EnvelopeList, LeavesOutWhatAnotherNodeMadeUp) {
  EnvelopeList list(3);
  v1::KeptEnvelope garbage;
  garbage.set_kept("no receipt");
  list.add(garbage);
  EXPECT_THAT(answer(std::move(list)).times, IsEmpty());
}

}  // namespace
}  // namespace usance::node
