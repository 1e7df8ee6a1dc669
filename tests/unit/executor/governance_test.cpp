// Membership: docs/spec/governance.md.
#include <gtest/gtest.h>

#include "base/certificate.h"
#include "base/hash.h"
#include "base/readiness.h"
#include "contracts/executor/result.h"
#include "system/governance.usance.h"
#include "test_chain.h"

namespace usance {
namespace {

using contract::to_wire;
using test::Call;
using test::key_bytes;
using test::response;
using test::TestChain;
namespace gov = governance::v1;

struct GovernanceTest : testing::Test {
  template <class Request>
  Receipt as_admin(const std::string& org, const std::string& method, const Request& request) {
    return chain.run_as(org, "admin", "governance", method, request);
  }
  // Proposes as bank-a; the other banks vote for it until it is decided. The last vote's receipt.
  template <class Request>
  Receipt decide(const std::string& method, const Request& request) {
    Receipt last = as_admin("bank-a", method, request);
    EXPECT_EQ(last.status, ReceiptStatus::kOk) << last.detail;
    const auto decision = response<gov::Decision>(last);
    const std::vector<std::string> voters = {"bank-b", "bank-c", "bank-d"};
    for (std::uint32_t i = 0; i + 1 < decision.needed; ++i)
      last = as_admin(voters.at(i), "Vote", gov::VoteRequest{decision.proposal, true});
    return last;
  }
  static gov::NewOrganisation carrier() {
    gov::NewOrganisation request;
    request.terms.id = "carrier-x";
    request.terms.name = "Carrier X";
    request.terms.country = "DK";
    request.terms.roles = {"carrier"};
    request.terms.governance_key = key_bytes("carrier-x/governance");
    request.terms.recovery_key = key_bytes("carrier-x/recovery");
    request.administrator.name = "admin";
    request.administrator.key = key_bytes("carrier-x/admin");
    return request;
  }
  static gov::NodeTerms node(std::uint32_t id, const std::string& org) {
    const Hash32 tls = sha256(as_bytes("tls " + std::to_string(id)));
    return {id, "node-" + std::to_string(id), org, key_bytes("consensus " + std::to_string(id)),
            Bytes(tls.bytes.begin(), tls.bytes.end())};
  }
  static gov::Readiness ready(const TestChain& chain, std::uint32_t id, const std::string& key,
                              Height at) {
    const auto signer = test::signer_of(key);
    const usance::Readiness content{id, signer->public_key(), at, sha256(as_bytes("result"))};
    const Signature signature = signer->sign(readiness_digest(chain.genesis.chain_id, content));
    return {at.value, Bytes(content.result_hash.bytes.begin(), content.result_hash.bytes.end()),
            Bytes(signature.bytes.begin(), signature.bytes.end())};
  }
  [[nodiscard]] gov::NewValidator candidate(std::uint32_t id) const {
    return {id, ready(chain, id, "consensus " + std::to_string(id), chain.height)};
  }
  static std::uint32_t code(gov::GovernanceError error) {
    return static_cast<std::uint32_t>(error);
  }

  TestChain chain;
};

TEST_F(GovernanceTest, TheGenesisIsReadBack) {
  EXPECT_EQ(governance::parameters(chain.state), chain.genesis.parameters);
  EXPECT_EQ(governance::validators(chain.state).at(Height(1)), chain.genesis.validators());
  EXPECT_EQ(governance::organisations(chain.state).size(), 4U);
  EXPECT_EQ(governance::nodes(chain.state).size(), 4U);
  EXPECT_TRUE(governance::network(chain.state).development);
  EXPECT_EQ(governance::keys(chain.state, OrgId("bank-a")).size(), 5U);
  EXPECT_EQ(governance::all_keys(chain.state).size(), 20U);
  const auto outcome = genesis_outcome(chain.genesis);
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->key_changes.size(), 20U);
}

TEST_F(GovernanceTest, AGenesisThatUsesAReservedUserIsRefused) {
  Genesis genesis = chain.genesis;
  genesis.organisations[0].users[0].name = "governance";
  const auto changes = genesis_changes(genesis);
  ASSERT_FALSE(changes.has_value());
  EXPECT_EQ(changes.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(GovernanceTest, AQuorumOfOrganisationsAdmitsAnother) {
  const Receipt last = decide("ProposeOrganisation", carrier());
  EXPECT_EQ(response<gov::Decision>(last).state, gov::ProposalState::kAccepted);
  const auto info = governance::organisation(chain.state, OrgId("carrier-x"));
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->roles, std::vector<std::string>{"carrier"});
  EXPECT_EQ(info->added, chain.height);
  const Receipt receipt = chain.run_as("carrier-x", "admin", "governance", "AddUser",
                                       gov::NewUser{"captain", key_bytes("captain"), {"maker"}});
  EXPECT_EQ(receipt.status, ReceiptStatus::kOk) << receipt.detail;
}

TEST_F(GovernanceTest, TooFewVotesChangeNothing) {
  const auto decision =
      response<gov::Decision>(as_admin("bank-a", "ProposeOrganisation", carrier()));
  EXPECT_EQ(decision.state, gov::ProposalState::kOpen);
  const Receipt again = as_admin("bank-a", "Vote", gov::VoteRequest{decision.proposal, true});
  EXPECT_EQ(response<gov::Decision>(again).approvals, 1U);  // one vote an organisation
  as_admin("bank-b", "Vote", gov::VoteRequest{decision.proposal, true});
  EXPECT_FALSE(governance::organisation(chain.state, OrgId("carrier-x")).has_value());
}

TEST_F(GovernanceTest, AProposalIsRefusedWhenAQuorumIsImpossible) {
  const auto decision =
      response<gov::Decision>(as_admin("bank-a", "ProposeOrganisation", carrier()));
  as_admin("bank-b", "Vote", gov::VoteRequest{decision.proposal, false});
  const Receipt last = as_admin("bank-c", "Vote", gov::VoteRequest{decision.proposal, false});
  EXPECT_EQ(response<gov::Decision>(last).state, gov::ProposalState::kRefused);
  const Receipt late = as_admin("bank-d", "Vote", gov::VoteRequest{decision.proposal, true});
  EXPECT_EQ(late.code, code(gov::GovernanceError::kProposalClosed));
}

TEST_F(GovernanceTest, AVoteThatSaysNothingIsNone) {
  const auto decision =
      response<gov::Decision>(as_admin("bank-a", "ProposeOrganisation", carrier()));
  gov::VoteRequest silent;
  silent.proposal = decision.proposal;
  EXPECT_NE(as_admin("bank-b", "Vote", silent).status, ReceiptStatus::kOk);
  silent.approve = true;  // its vote is not spent
  EXPECT_EQ(as_admin("bank-b", "Vote", silent).status, ReceiptStatus::kOk);
}

TEST_F(GovernanceTest, OnlyTheProposerWithdraws) {
  const auto decision =
      response<gov::Decision>(as_admin("bank-a", "ProposeOrganisation", carrier()));
  EXPECT_EQ(as_admin("bank-b", "Withdraw", gov::ProposalId{decision.proposal}).code,
            code(gov::GovernanceError::kNotProposer));
  EXPECT_EQ(as_admin("bank-a", "Withdraw", gov::ProposalId{decision.proposal}).status,
            ReceiptStatus::kOk);
  EXPECT_EQ(as_admin("bank-b", "Vote", gov::VoteRequest{decision.proposal, true}).code,
            code(gov::GovernanceError::kProposalClosed));
}

TEST_F(GovernanceTest, VotingNeedsAnAdministrator) {
  const Receipt receipt =
      chain.run_as("bank-a", "maker", "governance", "ProposeOrganisation", carrier());
  EXPECT_EQ(receipt.status, ReceiptStatus::kContractError);
  EXPECT_EQ(receipt.code, 903U);  // PERMISSION_REQUIRED
}

TEST_F(GovernanceTest, TheGovernanceKeyIsAnAdministrator) {
  EXPECT_EQ(
      chain.run_as("bank-a", "governance", "governance", "ProposeOrganisation", carrier()).status,
      ReceiptStatus::kOk);
  EXPECT_EQ(as_admin("bank-a", "RevokeKey", gov::KeyName{key_bytes("bank-a/governance")}).code,
            code(gov::GovernanceError::kGovernanceKey));
  EXPECT_EQ(as_admin("bank-a", "RevokeUser", gov::UserName{"governance"}).code,
            code(gov::GovernanceError::kGovernanceKey));
}

TEST_F(GovernanceTest, ARevokedKeyIsRefusedFromTheNextTransactionOn) {
  const gov::KeyName maker{key_bytes("bank-a/maker")};
  Call listing;
  listing.contract = "contracts";
  listing.method = "List";
  Call revoke = listing;
  revoke.user = "admin";
  revoke.contract = "governance";
  revoke.method = "RevokeKey";
  revoke.arguments = to_wire(maker);
  const BlockOutcome outcome = chain.block({listing, revoke, listing});
  EXPECT_EQ(outcome.receipts[0].status, ReceiptStatus::kOk);
  EXPECT_EQ(outcome.receipts[1].status, ReceiptStatus::kOk) << outcome.receipts[1].detail;
  EXPECT_EQ(outcome.receipts[2].status, ReceiptStatus::kRejected);
  EXPECT_EQ(outcome.receipts[2].code, static_cast<std::uint32_t>(RejectCode::kUnknownKey));
  ASSERT_EQ(outcome.key_changes.size(), 1U);
  const KeyLife& life = outcome.key_changes[0];
  EXPECT_EQ(life.org, OrgId("bank-a"));
  EXPECT_EQ(life.revoked, chain.height);
  EXPECT_TRUE(life.active_after(Height(0)));
  EXPECT_FALSE(life.active_after(chain.height));
  // It never comes back.
  EXPECT_EQ(as_admin("bank-a", "AddKey", gov::NewKey{"maker", key_bytes("bank-a/maker")}).code,
            code(gov::GovernanceError::kKeyExists));
}

TEST_F(GovernanceTest, RevokingAUserRevokesItsKeys) {
  EXPECT_EQ(as_admin("bank-a", "AddKey", gov::NewKey{"maker", key_bytes("second")}).status,
            ReceiptStatus::kOk);
  EXPECT_EQ(as_admin("bank-a", "RevokeUser", gov::UserName{"maker"}).status, ReceiptStatus::kOk);
  for (const auto& key : governance::keys(chain.state, OrgId("bank-a")))
    EXPECT_EQ(key.life.revoked.has_value(), key.user == "maker");
}

TEST_F(GovernanceTest, AdministratorsLookAfterTheirOwnOrganisationOnly) {
  EXPECT_EQ(as_admin("bank-b", "RevokeKey", gov::KeyName{key_bytes("bank-a/maker")}).code,
            code(gov::GovernanceError::kUnknownKey));
}

TEST_F(GovernanceTest, RefusesWhatIsNotWellFormed) {
  gov::NewOrganisation bad = carrier();
  bad.terms.id = "Carrier X";
  EXPECT_EQ(as_admin("bank-a", "ProposeOrganisation", bad).code,
            code(gov::GovernanceError::kInvalidName));
  bad = carrier();
  bad.terms.roles = {"pirate"};
  EXPECT_EQ(as_admin("bank-a", "ProposeOrganisation", bad).code,
            code(gov::GovernanceError::kInvalidRole));
  bad = carrier();
  bad.terms.governance_key = Bytes(32, 0);  // a point of small order
  EXPECT_EQ(as_admin("bank-a", "ProposeOrganisation", bad).code,
            code(gov::GovernanceError::kInvalidKey));
  bad = carrier();
  bad.terms.lei = "too short";
  EXPECT_EQ(as_admin("bank-a", "ProposeOrganisation", bad).code,
            code(gov::GovernanceError::kInvalidIdentifier));
  gov::Parameters parameters;
  EXPECT_EQ(as_admin("bank-a", "ProposeParameters", parameters).code,
            code(gov::GovernanceError::kInvalidParameters));
}

TEST_F(GovernanceTest, ParametersChangeWithTheBlockAfter) {
  gov::Parameters parameters =
      response<gov::Parameters>(as_admin("bank-a", "GetParameters", contract::Empty{}));
  parameters.max_transaction_gas = 60'000'000;
  decide("ProposeParameters", parameters);
  EXPECT_EQ(governance::parameters(chain.state).max_transaction_gas, 60'000'000U);
  const Receipt receipt = as_admin("bank-a", "GetParameters", contract::Empty{});
  EXPECT_EQ(receipt.status, ReceiptStatus::kRejected);  // asks for 100,000,000
}

TEST_F(GovernanceTest, ASetChangeIsPendingForTwiceTheLag) {
  decide("ProposeOrganisation", carrier());
  decide("ProposeNode", node(7, "carrier-x"));
  // With five organisations four votes are needed: the block of the last one.
  const auto vote_four = [&](const std::string& method, const auto& request) {
    const auto decision = response<gov::Decision>(as_admin("bank-a", method, request));
    EXPECT_EQ(decision.needed, 4U);
    const Bytes vote = to_wire(gov::VoteRequest{decision.proposal, true});
    for (const std::string bank : {"bank-b", "bank-c"})
      EXPECT_EQ(chain.run({bank, "admin", "governance", "Vote", vote}).status, ReceiptStatus::kOk);
    const BlockInput input = chain.input({{"bank-d", "admin", "governance", "Vote", vote}});
    return std::pair(input, chain.execute(input));
  };
  const auto [input, outcome] = vote_four("ProposeValidator", candidate(7));
  ASSERT_EQ(outcome.receipts[0].status, ReceiptStatus::kOk) << outcome.receipts[0].detail;
  ASSERT_TRUE(outcome.pending.has_value());
  const Height takes_over(chain.height.value + 2 * limits::kExecutionLag);
  EXPECT_EQ(outcome.pending->height, takes_over);
  EXPECT_EQ(outcome.pending->set.size(), 5U);
  EXPECT_EQ(outcome.pending->set.epoch, Epoch(1));
  EXPECT_EQ(outcome.validators, chain.genesis.validators());
  const ResultHeader header = make_result_header(input.header, outcome, Hash32{}, Hash32{});
  ASSERT_TRUE(header.next.has_value());
  EXPECT_EQ(header.next->height, takes_over);

  const auto [later, refused] = vote_four("ProposeValidatorRemoval", gov::NodeId{7});
  EXPECT_EQ(refused.receipts[0].code, code(gov::GovernanceError::kChangePending));

  while (chain.height.next() < takes_over) EXPECT_TRUE(chain.block({}).pending.has_value());
  const BlockOutcome first = chain.block({});
  EXPECT_EQ(chain.height, takes_over);
  EXPECT_EQ(first.validators.epoch, Epoch(1));
  EXPECT_EQ(first.validators.size(), 5U);
  EXPECT_FALSE(first.pending.has_value());
  const auto [removal, removed] = vote_four("ProposeValidatorRemoval", gov::NodeId{7});
  EXPECT_EQ(removed.receipts[0].status, ReceiptStatus::kOk) << removed.receipts[0].detail;
  EXPECT_EQ(removed.pending->set.epoch, Epoch(2));
}

TEST_F(GovernanceTest, TheSetStaysLargeEnoughAndSpread) {
  EXPECT_EQ(decide("ProposeValidatorRemoval", gov::NodeId{0}).code,
            code(gov::GovernanceError::kTooFewValidators));
  decide("ProposeNode", node(7, "bank-a"));
  EXPECT_EQ(decide("ProposeValidator", candidate(7)).code,
            code(gov::GovernanceError::kTooManySeats));
}

TEST_F(GovernanceTest, AValidatorMustShowThatItFollowsAndHoldsItsKey) {
  decide("ProposeNode", node(7, "bank-a"));
  const auto refused = [&](const gov::NewValidator& request) {
    const Receipt receipt = as_admin("bank-a", "ProposeValidator", request);
    return receipt.code == code(gov::GovernanceError::kNotReady);
  };
  gov::NewValidator request = candidate(7);
  request.readiness.signature[5] ^= 1;
  EXPECT_TRUE(refused(request));
  EXPECT_TRUE(refused({7, ready(chain, 7, "consensus 8", chain.height)}));  // another's key
  EXPECT_TRUE(refused({7, ready(chain, 8, "consensus 7", chain.height)}));  // for another node
  EXPECT_TRUE(refused({7, ready(chain, 7, "consensus 7", Height(chain.height.value + 2))}));
  request = candidate(7);
  request.readiness.height += 1;
  EXPECT_TRUE(refused(request));
  EXPECT_EQ(as_admin("bank-a", "ProposeValidator", candidate(9)).code,
            code(gov::GovernanceError::kUnknownNode));
  EXPECT_EQ(as_admin("bank-a", "ProposeValidatorRemoval", gov::NodeId{7}).code,
            code(gov::GovernanceError::kNotValidator));
  EXPECT_EQ(as_admin("bank-a", "ProposeValidator", candidate(7)).status, ReceiptStatus::kOk);
}

TEST_F(GovernanceTest, AKeyIsReplacedOnceItHasSignedAndNeverComesBack) {
  const std::uint32_t id = governance::nodes(chain.state).front().id;
  const governance::NodeInfo before = governance::nodes(chain.state).front();
  gov::NodeTerms terms = node(id, before.org.value);
  terms.name = before.name;
  terms.consensus_key = key_bytes("fresh");
  EXPECT_EQ(as_admin("bank-a", "ProposeNodeChange", gov::NodeChange{terms, {}}).code,
            code(gov::GovernanceError::kNotReady));
  const Receipt last =
      decide("ProposeNodeChange", gov::NodeChange{terms, ready(chain, id, "fresh", chain.height)});
  ASSERT_EQ(response<gov::Decision>(last).state, gov::ProposalState::kAccepted) << last.detail;
  const auto schedule = governance::validators(chain.state);
  ASSERT_TRUE(schedule.pending);
  EXPECT_EQ(schedule.current.validators.front().key, before.consensus_key);
  EXPECT_EQ(schedule.pending->set.validators.front().key, test::signer_of("fresh")->public_key());
  while (chain.height < schedule.pending->height) chain.block({});
  terms.consensus_key.assign(before.consensus_key.bytes.begin(), before.consensus_key.bytes.end());
  EXPECT_EQ(as_admin("bank-a", "ProposeNodeChange", gov::NodeChange{terms, {}}).code,
            code(gov::GovernanceError::kNodeExists));
}

TEST_F(GovernanceTest, AProposalExpires) {
  const auto decision =
      response<gov::Decision>(as_admin("bank-a", "ProposeOrganisation", carrier()));
  const auto details = [&] {
    return response<gov::ProposalDetails>(
        as_admin("bank-a", "GetProposal", gov::ProposalId{decision.proposal}));
  };
  const std::int64_t expires = details().proposal.expires;
  chain.time = TimeMs(static_cast<std::uint64_t>(expires) - 10'000);
  EXPECT_EQ(as_admin("bank-b", "Vote", gov::VoteRequest{decision.proposal, true}).status,
            ReceiptStatus::kOk);
  chain.time = TimeMs(static_cast<std::uint64_t>(expires));
  EXPECT_EQ(as_admin("bank-c", "Vote", gov::VoteRequest{decision.proposal, true}).code,
            code(gov::GovernanceError::kProposalExpired));
  EXPECT_EQ(details().proposal.state, gov::ProposalState::kExpired);
  const auto open = [&] {
    return response<gov::ProposalList>(as_admin("bank-a", "ListOpenProposals", contract::Empty{}));
  };
  EXPECT_TRUE(open().proposals.empty());
  EXPECT_FALSE(governance::organisation(chain.state, OrgId("carrier-x")).has_value());
  as_admin("bank-a", "ProposeOrganisation", carrier());  // writes down that the other is over
  const std::uint64_t closed = chain.height.value;
  EXPECT_EQ(open().proposals.size(), 1U);
  EXPECT_EQ(details().proposal.decided, closed);
}

struct MisbehaviourTest : GovernanceTest {
  // What the first node signed, twice.
  gov::Contradiction contradiction(const std::string& signer_name) const {
    const auto signer = test::signer_of(signer_name);
    gov::Contradiction proof;
    proof.consensus_key = key_bytes(signer_name);
    proof.kind = gov::StatementKind::kCommit;
    proof.epoch = 0;
    proof.view = 3;
    proof.height = 9;
    const auto sign = [&](const Hash32& hash) {
      const VoteContent content{VoteKind::kCommit, Epoch(0), View(3), Height(9), hash};
      const Signature signature = signer->sign(vote_digest(chain.genesis.chain_id, content));
      return Bytes(signature.bytes.begin(), signature.bytes.end());
    };
    const Hash32 a = sha256(as_bytes("a")), b = sha256(as_bytes("b"));
    proof.first_hash.assign(a.bytes.begin(), a.bytes.end());
    proof.first_signature = sign(a);
    proof.second_hash.assign(b.bytes.begin(), b.bytes.end());
    proof.second_signature = sign(b);
    return proof;
  }
};

TEST_F(MisbehaviourTest, AProvenContradictionIsRecordedOnce) {
  decide("ProposeNode", node(7, "bank-b"));
  const gov::Contradiction proof = contradiction("consensus 7");
  const Receipt receipt =
      chain.run_as("bank-c", "maker", "governance", "ReportMisbehaviour", proof);
  ASSERT_EQ(receipt.status, ReceiptStatus::kOk) << receipt.detail;
  EXPECT_EQ(receipt.events, 1u);
  const auto listed = response<gov::MisbehaviourList>(
      chain.run_as("bank-d", "admin", "governance", "ListMisbehaviour", contract::Empty{}));
  ASSERT_EQ(listed.cases.size(), 1u);
  EXPECT_EQ(listed.cases[0].node, 7u);
  EXPECT_EQ(listed.cases[0].organisation, "bank-b");
  EXPECT_EQ(listed.cases[0].reporter.organisation, "bank-c");
  EXPECT_EQ(chain.run_as("bank-d", "maker", "governance", "ReportMisbehaviour", proof).code,
            code(gov::GovernanceError::kAlreadyReported));
}

TEST_F(MisbehaviourTest, WhatIsNoContradictionIsRefused) {
  decide("ProposeNode", node(7, "bank-b"));
  const gov::Contradiction good = contradiction("consensus 7");
  const auto refused = [&](auto change) {
    gov::Contradiction proof = good;
    change(proof);
    return chain.run_as("bank-c", "maker", "governance", "ReportMisbehaviour", proof).code ==
           code(gov::GovernanceError::kNoContradiction);
  };
  EXPECT_TRUE(refused([](auto& p) { p.kind = gov::StatementKind::kPrepare; }));
  EXPECT_TRUE(refused([](auto& p) { p.kind = gov::StatementKind::kProposal; }));
  EXPECT_TRUE(refused([](auto& p) { p.view += 1; }));
  EXPECT_TRUE(refused([](auto& p) { p.second_signature[0] ^= 1; }));
  EXPECT_TRUE(refused([](auto& p) {
    p.second_hash = p.first_hash;
    p.second_signature = p.first_signature;
  }));
  EXPECT_TRUE(refused([](auto& p) { p.consensus_key = key_bytes("nobody"); }));
  EXPECT_TRUE(refused([&](auto& p) { p = contradiction("consensus 8"); }));  // of no node
}

TEST_F(GovernanceTest, ALeavingOrganisationLosesItsKeysButNotItsValidators) {
  EXPECT_EQ(decide("ProposeOrganisationRemoval", gov::OrganisationName{"bank-d"}).code,
            code(gov::GovernanceError::kStillValidator));
  decide("ProposeOrganisation", carrier());
  const auto decision = response<gov::Decision>(
      as_admin("bank-a", "ProposeOrganisationRemoval", gov::OrganisationName{"carrier-x"}));
  for (const std::string bank : {"bank-b", "bank-c", "bank-d"})
    as_admin(bank, "Vote", gov::VoteRequest{decision.proposal, true});
  EXPECT_TRUE(governance::organisation(chain.state, OrgId("carrier-x"))->removed.has_value());
  const Receipt receipt = as_admin("carrier-x", "GetNetwork", contract::Empty{});
  EXPECT_EQ(receipt.status, ReceiptStatus::kRejected);
}

}  // namespace
}  // namespace usance
