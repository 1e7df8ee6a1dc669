// Questions about envelopes between two nodes: answered once, by who was asked, or given up.
#include "node/envelope_relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/codec.h"

namespace usance::node {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const KnownNode kAsking{1, "node-1", OrgId("nile-bank"), true, {}, {}};
const KnownNode kKeeping{2, "node-2", OrgId("lake-bank"), true, {}, {}};
const OrgId kCustomer("exporter");

class EnvelopeRelayTest : public testing::Test {
 protected:
  void ask(EnvelopeRelay::Clock::time_point now = EnvelopeRelay::Clock::now()) {
    v1::EnvelopeQuestion question;
    question.mutable_get()->set_receipt("signed");
    asking_.ask(
        kKeeping, kCustomer, question,
        [this](proto::Api<v1::EnvelopeAnswer> answer) { answers_.push_back(std::move(answer)); },
        now);
  }
  static v1::EnvelopeAnswer with_envelope(std::uint64_t number) {
    v1::EnvelopeAnswer answer;
    answer.set_number(number);
    answer.mutable_got()->set_envelope("sealed");
    return answer;
  }

  bool connected_ = true;
  ByteCharge charge_ = std::make_shared<const int>(0);
  std::vector<ByteCharge> charges_;
  std::vector<v1::EnvelopeQuestion> questions_;
  std::vector<proto::Api<v1::EnvelopeAnswer>> answers_;
  EnvelopeRelay keeping_{{[this](std::uint32_t node, const std::shared_ptr<const Bytes>& aside) {
                            EXPECT_EQ(node, kAsking.id);
                            EXPECT_TRUE(
                                asking_.received(kKeeping, std::string(as_text(*aside)), nullptr));
                            return true;
                          },
                          [this](const KnownNode& from, const v1::EnvelopeQuestion& question,
                                 const ByteCharge& charge) {
                            EXPECT_EQ(from, kAsking);
                            questions_.push_back(question);
                            charges_.push_back(charge);
                          }}};
  EnvelopeRelay asking_{{[this](std::uint32_t node, const std::shared_ptr<const Bytes>& aside) {
                           EXPECT_EQ(node, kKeeping.id);
                           if (!connected_) return false;
                           EXPECT_TRUE(
                               keeping_.received(kAsking, std::string(as_text(*aside)), charge_));
                           return true;
                         },
                         [](const KnownNode&, const v1::EnvelopeQuestion&, const ByteCharge&) {}}};
};

TEST_F(EnvelopeRelayTest, EachQuestionGetsItsAnswerOnce) {
  ask();
  ask();
  ASSERT_THAT(questions_, SizeIs(2));
  EXPECT_EQ(questions_[0].get().receipt(), "signed");
  EXPECT_NE(questions_[0].number(), questions_[1].number());
  keeping_.reply(kAsking.id, with_envelope(questions_[1].number()));
  keeping_.reply(kAsking.id, with_envelope(questions_[1].number()));
  ASSERT_THAT(answers_, SizeIs(1));
  ASSERT_TRUE(answers_[0]);
  EXPECT_EQ(answers_[0]->got().envelope(), "sealed");
}

TEST_F(EnvelopeRelayTest, OnlyWhoWasAskedAnswers) {
  ask();
  v1::PeerAside aside;
  *aside.mutable_answer() = with_envelope(questions_.at(0).number());
  const KnownNode other{3, "node-3", OrgId("customs"), true, {}, {}};
  EXPECT_TRUE(asking_.received(other, aside.SerializeAsString(), nullptr));
  EXPECT_THAT(answers_, IsEmpty());
}

TEST_F(EnvelopeRelayTest, ARefusalNamesTheNode) {
  ask();
  v1::EnvelopeAnswer refusal;
  refusal.set_number(questions_.at(0).number());
  refusal.mutable_refused()->set_reason(v1::REASON_NOT_PERMITTED);
  refusal.mutable_refused()->set_message("the envelope does not name 'exporter'");
  keeping_.reply(kAsking.id, refusal);
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(answers_[0].error().reason, v1::REASON_NOT_PERMITTED);
  EXPECT_EQ(answers_[0].error().message,
            "the node 'node-2': the envelope does not name 'exporter'");
}

TEST_F(EnvelopeRelayTest, ANodeThatIsNotConnectedFailsAtOnce) {
  connected_ = false;
  ask();
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(answers_[0].error().reason, v1::REASON_NO_ANSWER);
  EXPECT_THAT(answers_[0].error().message, HasSubstr("node-2"));
}

TEST_F(EnvelopeRelayTest, ASilentNodeIsGivenUpAndAnswersInVain) {
  const auto begin = EnvelopeRelay::Clock::now();
  ask(begin);
  asking_.give_up(begin + EnvelopeRelay::kPatience - 1ms);
  EXPECT_THAT(answers_, IsEmpty());
  asking_.give_up(begin + EnvelopeRelay::kPatience);
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(answers_[0].error().reason, v1::REASON_NO_ANSWER);
  keeping_.reply(kAsking.id, with_envelope(questions_.at(0).number()));
  EXPECT_THAT(answers_, SizeIs(1));
}

TEST_F(EnvelopeRelayTest, AnOrganisationWaitsForABoundedNumberOfAnswers) {
  for (std::size_t i = 0; i <= EnvelopeRelay::kMostOpen; ++i) ask();
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(answers_[0].error().reason, v1::REASON_QUOTA);
  EXPECT_THAT(questions_, SizeIs(EnvelopeRelay::kMostOpen));
  keeping_.reply(kAsking.id, with_envelope(questions_.at(0).number()));
  ask();
  EXPECT_THAT(questions_, SizeIs(EnvelopeRelay::kMostOpen + 1));
}

TEST_F(EnvelopeRelayTest, AfterTheStopNobodyIsAskedOrAnswered) {
  ask();
  asking_.stop();
  ask();
  EXPECT_THAT(questions_, SizeIs(1));
  keeping_.reply(kAsking.id, with_envelope(questions_.at(0).number()));
  EXPECT_THAT(answers_, IsEmpty());
}

TEST_F(EnvelopeRelayTest, BytesThatAreNoAsideBreakTheProtocol) {
  const auto received = asking_.received(kKeeping, "\xff\xff\xff", nullptr);
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().code, ErrorCode::kMalformed);
  EXPECT_TRUE(asking_.received(kKeeping, "", nullptr));  // of a later version
}

TEST_F(EnvelopeRelayTest, AQuestionCountsAsWaitingWhileItIsKept) {
  ask();
  EXPECT_THAT(charges_, ElementsAre(charge_));
}

TEST_F(EnvelopeRelayTest, AQuestionOfManyBytesBreaksTheProtocol) {
  ask();  // an answer of many bytes would be waited for
  v1::PeerAside aside;
  aside.mutable_question()->mutable_get()->set_receipt(
      std::string(EnvelopeRelay::kMaxQuestionBytes, 'r'));
  const auto received = asking_.received(kKeeping, aside.SerializeAsString(), nullptr);
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().code, ErrorCode::kMalformed);
}

TEST_F(EnvelopeRelayTest, ManyBytesThatNobodyAskedForAreNotRead) {
  const std::string none(EnvelopeRelay::kMaxQuestionBytes + 1, '\xff');
  EXPECT_TRUE(asking_.received(kKeeping, none, nullptr));
  ask();
  EXPECT_FALSE(asking_.received(kKeeping, none, nullptr));
}

}  // namespace
}  // namespace usance::node
