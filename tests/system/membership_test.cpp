// The validator set changed by votes of the members on a running network of processes: a follower
// becomes the fifth validator, one is removed, one gets another key; evidence across the epochs.
#include <chrono>
#include <fstream>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "base/evidence.h"
#include "base/genesis.h"
#include "base/hash.h"
#include "base/key_file.h"
#include "command_line.h"
#include "node/misbehaviour.h"

namespace usance::test {
namespace {

using Words = std::vector<std::string>;
using nlohmann::json;

class Members : public testing::Test {
 protected:
  void SetUp() override {
    const Said up = run("usance", {"devnet", "up", "--follower", "--home", home_});
    ASSERT_EQ(up.exit, 0) << up;
  }
  void TearDown() override {
    static_cast<void>(run("usance", {"devnet", "down", "--home", home_, "--delete", "--yes"}));
  }

  Said as(const std::string& profile, Words words) const {
    const Words global = {"--home",    home_, "--profile", profile,
                          "--timeout", "60s", "--output",  "json"};
    words.insert(words.begin(), global.begin(), global.end());
    return run("usance", words);
  }
  Said devnet(Words words) const {
    words.insert(words.begin(), "devnet");
    words.insert(words.end(), {"--home", home_});
    return run("usance", words);
  }
  // The operator of a node: its member's admin.
  static std::string op(unsigned node) {
    static const char* const kOrgs[] = {"harbour-bank", "nile-bank", "customs", "carrier",
                                        "auditor"};
    return std::string(kOrgs[node - 1]) + ".admin";
  }
  json status(unsigned node) const { return as(op(node), {"node", "status"}).json(); }
  template <class Condition>
  static bool eventually(Condition condition) {
    for (int i = 0; i < 300; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return false;
  }
  bool all_in_epoch(std::uint64_t epoch, const std::vector<unsigned>& nodes) const {
    return eventually([&] {
      for (const unsigned node : nodes)
        if (status(node).value("epoch", std::uint64_t{0}) != epoch) return false;
      return true;
    });
  }

  // A proposal, and the votes of as many others as it takes (10 of 14 organisations).
  void decide(const std::string& proposer, const Words& proposal) {
    const Said proposed = as(proposer, proposal);
    ASSERT_EQ(proposed.exit, 0) << proposed;
    const std::string id = proposed.json().value("proposal", "");
    std::vector<std::string> voters = {"harbour-bank", "nile-bank", "customs",
                                       "carrier",      "auditor",   "lake-bank",
                                       "exporter",     "roaster",   "inspector"};
    std::erase(voters, proposer.substr(0, proposer.find('.')));
    std::vector<std::future<Said>> votes;
    for (const std::string& voter : voters)
      votes.push_back(std::async(std::launch::async, [&, voter] {
        return as(voter + ".admin", {"governance", "vote", id});
      }));
    for (auto& vote : votes) {
      const Said said = vote.get();
      ASSERT_EQ(said.exit, 0) << said;
    }
    const Said last = as("oracle-1.admin", {"governance", "vote", id});
    ASSERT_EQ(last.exit, 0) << last;
    EXPECT_EQ(last.json().value("state", ""), "ACCEPTED") << last;
  }
  bool votes(unsigned node) const {
    return eventually([&] { return status(node).value("voting", false); });
  }
  // Any call that is ordered will do: this one is refused, because it is decided.
  void expect_alive() { EXPECT_EQ(as(op(5), {"governance", "vote", "1"}).exit, 3); }
  [[nodiscard]] std::filesystem::path member(const std::string& org) const {
    return std::filesystem::path(home_) / "members" / org;
  }
  // Some traffic that everybody must agree on.
  Said call(const std::string& user) {
    const std::string key = (folder_ / (user + ".key")).string();
    return as("harbour-bank.admin",
              {"call", "governance", "AddUser", "--name", user, "--key",
               run("usance", {"keys", "generate", key, "-o", "json"}).json()["public_key"]});
  }
  std::string export_evidence(const std::string& name, const std::string& profile) {
    const std::string file = (folder_ / name).string();
    const Said exported =
        as(profile, {"audit", "export", "governance", "organisation/harbour-bank", "--out", file});
    EXPECT_EQ(exported.exit, 0) << exported;
    return file;
  }
  Said verify(const std::string& file) const {
    return run("usance-verify", {file, "--genesis", home_ + "/genesis.json"});
  }

  Folder folder_;
  std::string home_ = (folder_ / "net").string();
};

// Each takes the network to the next epoch.
class Epochs : public Members {
 protected:
  void add_the_fifth() {
    ASSERT_EQ(call("before").exit, 0);
    EXPECT_FALSE(status(5).value("validator", true));
    const Said unsafe = as(op(2), {"validator", "remove", "--plan"});
    EXPECT_EQ(unsafe.exit, 10) << unsafe;
    EXPECT_TRUE(unsafe.mentions("fewer than 4 validators would be left")) << unsafe;
    const Said plan = as(op(5), {"validator", "add", "--plan"});
    ASSERT_EQ(plan.exit, 0) << plan;
    EXPECT_EQ(plan.json()["then"]["n"], 5) << plan;
    EXPECT_EQ(plan.json()["then"]["quorum"], 4) << plan;
    EXPECT_EQ(plan.json()["then"]["online"], 5) << plan;
    EXPECT_EQ(as(op(5), {"governance", "proposals"}).json()["proposals"].size(), 0u);

    decide(op(5), {"validator", "add"});
    ASSERT_TRUE(all_in_epoch(1, {1, 2, 3, 4, 5}));
    EXPECT_TRUE(votes(5));
  }

  // Any one of five may be dead. Each time the leader: four views on the new validator leads.
  void kill_every_leader_before_the_fifth() {
    for (unsigned dead = 1; dead <= 4; ++dead) {
      ASSERT_EQ(devnet({"kill", std::to_string(dead)}).exit, 0);
      expect_alive();
      ASSERT_EQ(devnet({"start", std::to_string(dead)}).exit, 0);
      ASSERT_TRUE(votes(dead));
    }
    EXPECT_TRUE(eventually(
        [&] { return as(op(5), {"node", "why-stalled"}).json().value("leader", "") == "node-5"; }));
    expect_alive();
  }

  // A validator that lost its vote log votes again with another key.
  void lose_votes_and_rotate() {
    ASSERT_EQ(devnet({"kill", "4"}).exit, 0);
    ASSERT_TRUE(std::filesystem::remove(member("carrier") / "data/votes.log"));
    ASSERT_EQ(devnet({"start", "4"}).exit, 0);
    ASSERT_TRUE(eventually([&] { return status(4).value("amnesiac", false); }));
    EXPECT_FALSE(status(4).value("voting", true));
    expect_alive();
    const Said keyless = as(op(4), {"validator", "rotate"});
    EXPECT_EQ(keyless.exit, 2) << keyless;
    EXPECT_TRUE(keyless.mentions("consensus-next.key")) << keyless;
    const std::filesystem::path keys = member("carrier") / "keys";
    ASSERT_EQ(run("usance", {"keys", "generate", (keys / "consensus-next.key").string()}).exit, 0);
    ASSERT_EQ(devnet({"kill", "4"}).exit, 0);
    ASSERT_EQ(devnet({"start", "4"}).exit, 0);
    ASSERT_TRUE(eventually([&] { return status(4).value("amnesiac", false); }));
    const json old_key = status(4)["consensus_key"];

    decide(op(4), {"validator", "rotate"});
    ASSERT_TRUE(all_in_epoch(2, {1, 2, 3, 4, 5}));
    EXPECT_TRUE(votes(4));
    EXPECT_FALSE(status(4).value("amnesiac", true));
    EXPECT_NE(status(4)["consensus_key"], old_key);
    // The others need its vote now; and the old key is no longer needed.
    ASSERT_EQ(devnet({"kill", "3"}).exit, 0);
    expect_alive();
    ASSERT_EQ(devnet({"start", "3"}).exit, 0);
    ASSERT_TRUE(votes(3));
    ASSERT_EQ(devnet({"kill", "4"}).exit, 0);
    std::filesystem::rename(keys / "consensus-next.key", keys / "consensus.key");
    ASSERT_EQ(devnet({"start", "4"}).exit, 0);
    EXPECT_TRUE(votes(4));
  }

  // What a node has found, here made with a member's own key, is put on the ledger for everybody,
  // by the node itself.
  void report_a_contradiction() {
    std::ifstream in(home_ + "/genesis.json");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const ChainId chain = parse_genesis(text)->chain_id;
    const auto signer =
        ed25519_signer(read_key_file((member("customs") / "keys/consensus.key").string()).value());
    consensus::EvidenceFound found{signer->public_key(), {}};
    for (const char* answer : {"one", "another"}) {
      consensus::Vote vote;
      vote.content = VoteContent{VoteKind::kPrepare, Epoch(0), View(7), Height(5),
                                 sha256(as_bytes(std::string_view(answer)))};
      vote.signer = 2;
      vote.signature = signer->sign(vote_digest(chain, vote.content));
      found.evidence.votes.push_back(vote);
    }
    ASSERT_TRUE(node::keep_contradiction(member("nile-bank") / "data", found));
    const Said seen = as(op(2), {"node", "misbehaviour"});
    ASSERT_EQ(seen.json()["cases"].size(), 1u) << seen;
    Said listed;
    EXPECT_TRUE(eventually([&] {
      listed = as("auditor.auditor", {"audit", "misbehaviour"});
      return listed.json().value("cases", json()).size() == 1;
    })) << listed;
    EXPECT_EQ(listed.json()["cases"][0]["organisation"], "customs") << listed;
    EXPECT_EQ(listed.json()["cases"][0]["reporter"]["organisation"], "nile-bank") << listed;
    EXPECT_TRUE(as(op(2), {"node", "misbehaviour", "--report"}).mentions("on the ledger already"));
  }

  // It votes until the hand-over and follows from then on.
  void remove_the_first() {
    decide(op(2), {"validator", "remove", "node-1"});
    ASSERT_TRUE(all_in_epoch(3, {1, 2, 3, 4, 5}));
    EXPECT_FALSE(status(1).value("validator", true));
    EXPECT_TRUE(status(1).value("halted", "x").empty());
    const Said after = call("after");  // through the node that has left
    ASSERT_EQ(after.exit, 0) << after;
    const std::uint64_t height = after.json().value("height", std::uint64_t{0});
    EXPECT_TRUE(eventually(
        [&] { return status(1).value("certified_height", std::uint64_t{0}) >= height; }));
    // Four validators bear one that is dead, and the one that left is not missed.
    ASSERT_EQ(devnet({"kill", "1"}).exit, 0);
    ASSERT_EQ(devnet({"kill", "2"}).exit, 0);
    expect_alive();
    ASSERT_EQ(devnet({"start", "1"}).exit, 0);
    ASSERT_EQ(devnet({"start", "2"}).exit, 0);
  }

  // Offline, from the genesis over all hand-overs.
  void verify_the_chain_of_sets() {
    const std::string file = export_evidence("evidence", "auditor.auditor");
    const Said verified = verify(file);
    ASSERT_EQ(verified.exit, 0) << verified;
    std::ifstream in(file, std::ios::binary);
    const std::string raw{std::istreambuf_iterator<char>(in), {}};
    const auto bundle = read_evidence(as_bytes(raw));
    ASSERT_TRUE(bundle) << bundle.error().message;
    ASSERT_EQ(bundle->hand_overs.size(), 3u);
    EXPECT_EQ(bundle->hand_overs[0].next.size(), 5u);
    EXPECT_EQ(bundle->hand_overs[2].next.size(), 4u);
    EXPECT_NE(bundle->hand_overs[0].next.validators[3].key,
              bundle->hand_overs[1].next.validators[3].key);
    const auto refused = [&](const Evidence& forged) {
      const Bytes bytes = write_evidence(forged);
      std::ofstream(folder_ / "forged", std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
      return verify((folder_ / "forged").string());
    };
    // Another set than the one that was decided, and a hand-over left out.
    Evidence forged = *bundle;
    forged.hand_overs[0].next.validators[4].key.bytes[0] ^= 1;
    const Said other = refused(forged);
    EXPECT_EQ(other.exit, 9) << other;
    EXPECT_TRUE(other.mentions("WRONG_VALIDATOR_SET")) << other;
    EXPECT_TRUE(other.mentions("the validator set of epoch 1 is not the one that height")) << other;
    forged = *bundle;
    forged.hand_overs.erase(forged.hand_overs.begin() + 1);
    const Said skipped = refused(forged);
    EXPECT_EQ(skipped.exit, 9) << skipped;
    EXPECT_TRUE(skipped.mentions("WRONG_VALIDATOR_SET")) << skipped;
  }
};

TEST_F(Epochs, AValidatorJoinsAnotherGetsANewKeyAndOneLeaves) {
  ASSERT_NO_FATAL_FAILURE(add_the_fifth());
  ASSERT_NO_FATAL_FAILURE(kill_every_leader_before_the_fifth());
  ASSERT_NO_FATAL_FAILURE(lose_votes_and_rotate());
  ASSERT_NO_FATAL_FAILURE(report_a_contradiction());
  ASSERT_NO_FATAL_FAILURE(remove_the_first());
  ASSERT_NO_FATAL_FAILURE(verify_the_chain_of_sets());
}

}  // namespace
}  // namespace usance::test
