// What voters are shown.
#include "tools/usance/proposals.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "contracts/system/interfaces.h"

namespace usance::cli {
namespace {

// Field 1 of NodeId is 4; the second one is of a method that this version does not know.
constexpr const char* kProposals = R"(
  proposals { id: 7 method: "ProposeValidatorRemoval" arguments: "\010\004" }
  proposals { id: 8 method: "ProposeOfAnotherVersion" arguments: "\001\002\003" })";
constexpr const char* kDetails = R"(
  proposal { id: 7 method: "ProposeValidatorRemoval" arguments: "\010\004" })";

ProposalReport report_of(const char* type, const char* text) {
  const auto interface = render::Interface::parse("governance", interfaces::governance()).value();
  const auto answer = interface.make(*interface.message(type));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, answer.get()));
  return report_proposals(interface, *answer);
}

TEST(Proposals, SayWhatTheyAskFor) {
  const ProposalReport list = report_of("ProposalList", kProposals);
  EXPECT_NE(list.text.find("proposal 7 asks for ProposeValidatorRemoval:\n  id: 4\n"),
            std::string::npos)
      << list.text;
  EXPECT_NE(list.text.find("010203"), std::string::npos) << list.text;
  EXPECT_EQ(list.json["proposals"][0]["request"]["id"], 4) << list.json;
  EXPECT_FALSE(list.json["proposals"][1].contains("request"));

  const ProposalReport details = report_of("ProposalDetails", kDetails);
  EXPECT_NE(details.text.find("asks for ProposeValidatorRemoval"), std::string::npos);
  EXPECT_EQ(details.json["proposal"]["request"]["id"], 4) << details.json;
}

}  // namespace
}  // namespace usance::cli
