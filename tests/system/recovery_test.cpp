// The ceremony of docs/recovery.md on four real nodes: two lose everything but their backups, the
// members sign a recovery record offline, and the network goes on; evidence from before and behind.
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/recovery_record.h"
#include "command_line.h"

namespace usance::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using nlohmann::json;

// The members with nodes 1 to 4, and the others of the development network; ten of fourteen decide.
const Words kNodes = {"harbour-bank", "nile-bank", "customs", "carrier"};
const Words kOthers = {"auditor", "lake-bank", "exporter", "roaster", "inspector", "oracle-1"};

class RecoveryCeremony : public testing::Test {
 protected:
  void SetUp() override {
    const Said up = run("usance", {"devnet", "up", "--home", home_});
    ASSERT_EQ(up.exit, 0) << up;
  }
  void TearDown() override {
    static_cast<void>(run("usance", {"devnet", "down", "--home", home_, "--delete", "--yes"}));
  }

  [[nodiscard]] Said at(const std::string& home, Words words) const {
    words.insert(words.begin(), {"--home", home, "--output", "json"});
    return run("usance", words);
  }
  [[nodiscard]] std::string member(const std::string& org) const {
    return home_ + "/members/" + org;
  }
  [[nodiscard]] Said as(const std::string& profile, Words words) const {
    words.insert(words.begin(), {"--profile", profile, "--timeout", "60s"});
    return at(home_, words);
  }
  [[nodiscard]] Said call(const std::string& user) const {
    const std::string key = (folder_ / (user + ".key")).string();
    return as("harbour-bank.admin",
              {"call", "governance", "AddUser", "--name", user, "--key",
               run("usance", {"keys", "generate", key, "-o", "json"}).json()["public_key"]});
  }
  void devnet(const std::string& verb) const {
    const Said said = run("usance", {"devnet", verb, "all", "--home", home_});
    ASSERT_EQ(said.exit, 0) << said;
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return (folder_ / name).string();
  }
  [[nodiscard]] std::string evidence(const std::string& name) const {
    const Said exported =
        as("harbour-bank.admin",
           {"audit", "export", "governance", "organisation/harbour-bank", "--out", file(name)});
    EXPECT_EQ(exported.exit, 0) << exported;
    return file(name);
  }
  [[nodiscard]] Said verify(const std::string& bundle, const Words& more = {}) const {
    Words words = {bundle, "--genesis", home_ + "/genesis.json"};
    words.insert(words.end(), more.begin(), more.end());
    return run("usance-verify", words);
  }
  // A host that burnt: its backup has everything but data, keys of the node, and certificate.
  std::string lose(const std::string& org) const {
    const fs::path home = member(org);
    fs::remove_all(home / "data");
    for (const char* lost : {"keys/consensus.key", "tls/node.key", "tls/node.crt"})
      EXPECT_TRUE(fs::remove(home / lost)) << lost;
    const Said made = at(home.string(), {"recovery", "rekey"});
    EXPECT_EQ(made.exit, 0) << made;
    return made.json().value("rekey", "");
  }
  [[nodiscard]] Said sign(const std::string& org, const std::string& record) const {
    return at(member(org), {"recovery", "sign", record, "--out", file(org + ".signed")});
  }
  // Signed copies of as many members, put together.
  [[nodiscard]] Said assemble(const std::string& record, const std::string& out,
                              const Words& signers) const {
    Words words = {"recovery", "assemble", out, "--force"};
    for (const std::string& org : signers) {
      const Said said = sign(org, record);
      EXPECT_EQ(said.exit, 0) << said;
      words.push_back(file(org + ".signed"));
    }
    return at(member("auditor"), words);
  }
  [[nodiscard]] json status(const std::string& org) const {
    return as(org + ".admin", {"node", "status"}).json();
  }
  [[nodiscard]] bool all_vote_in(std::uint64_t epoch) const {
    for (int i = 0; i < 300; ++i) {
      std::size_t ready = 0;
      for (const std::string& org : kNodes) {
        const json now = status(org);
        if (now.is_object() && now.value("epoch", std::uint64_t{0}) == epoch &&
            now.value("voting", false))
          ++ready;
      }
      if (ready == kNodes.size()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return false;
  }

  Folder folder_;
  std::string home_ = (folder_ / "net").string();
};

TEST_F(RecoveryCeremony, TwoOfFourAreLostAndTheNetworkGoesOn) {
  ASSERT_EQ(call("first").exit, 0);
  devnet("kill");
  const std::string older = file("older-home");  // a copy of a ledger that the others outran
  fs::copy(member("harbour-bank"), older, fs::copy_options::recursive);
  devnet("start");
  ASSERT_EQ(call("second").exit, 0);
  const std::string old_evidence = evidence("before.evidence");
  ASSERT_EQ(run("usance", {"devnet", "kill", "all", "--gently", "--home", home_}).exit, 0);

  Words rekey;
  for (const char* org : {"customs", "carrier"}) rekey.insert(rekey.end(), {"--rekey", lose(org)});
  const Said again = at(member("customs"), {"recovery", "rekey"});
  EXPECT_EQ(again.exit, 0) << again;  // the newest is the one that counts
  rekey[1] = again.json().value("rekey", "") + rekey[1].substr(rekey[1].find(':'));

  const std::string draft = file("draft.record");
  const auto propose = [&](const std::string& home, const std::string& out) {
    Words words = {"recovery", "propose", out, "--reason", "two data centres burnt"};
    words.insert(words.end(), rekey.begin(), rekey.end());
    return at(home, words);
  };
  const Said proposed = propose(member("nile-bank"), draft);
  ASSERT_EQ(proposed.exit, 0) << proposed;
  EXPECT_EQ(proposed.json()["epoch"], 1) << proposed;
  EXPECT_EQ(proposed.json()["needed"], 10) << proposed;
  const std::uint64_t last = proposed.json()["last_height"];
  // Not from a ledger that would take heights back.
  const std::string low = file("low.record");
  const Said lower = propose(older, low);
  ASSERT_EQ(lower.exit, 0) << lower;
  EXPECT_LT(lower.json()["last_height"], last);
  const Said refused = sign("nile-bank", low);
  EXPECT_EQ(refused.exit, 9) << refused;
  EXPECT_TRUE(refused.mentions("would take back")) << refused;
  // Nor with another key than the member's recovery key.
  const Said wrong_key = at(member("nile-bank"), {"recovery", "sign", draft, "--key",
                                                  member("nile-bank") + "/keys/governance.key"});
  EXPECT_EQ(wrong_key.exit, 9) << wrong_key;

  Words signers = kNodes;
  signers.insert(signers.end(), kOthers.begin(), kOthers.end() - 1);
  const std::string record = file("1.record");
  const Said nine = assemble(draft, record, signers);
  EXPECT_EQ(nine.exit, 9) << nine;
  EXPECT_EQ(at(member("nile-bank"), {"recovery", "apply", record}).exit, 9);
  signers.push_back(kOthers.back());
  const Said ten = assemble(draft, record, signers);
  ASSERT_EQ(ten.exit, 0) << ten;
  const Said shown =
      run("usance", {"recovery", "show", record, "--genesis", home_ + "/genesis.json"});
  EXPECT_EQ(shown.exit, 0) << shown;
  EXPECT_TRUE(shown.mentions("10 of 14 members")) << shown;
  for (const std::string& org : kNodes) {
    const Said applied = at(member(org), {"recovery", "apply", record});
    ASSERT_EQ(applied.exit, 0) << applied;
  }
  devnet("start");
  const Said third = call("third");
  ASSERT_EQ(third.exit, 0) << third;
  ASSERT_TRUE(all_vote_in(1)) << status("customs");

  // Evidence from before as ever; from behind with the record alone, and plainly.
  const std::string new_evidence = evidence("behind.evidence");
  EXPECT_EQ(verify(old_evidence).exit, 0);
  EXPECT_EQ(verify(old_evidence, {"--recovery", record}).exit, 0);
  const Said without = verify(new_evidence);
  EXPECT_EQ(without.exit, 9) << without;
  EXPECT_TRUE(without.mentions("WRONG_VALIDATOR_SET")) << without;
  EXPECT_TRUE(without.mentions("--recovery")) << without;
  const Said published = as("carrier.admin", {"audit", "recoveries", "--out", file("published")});
  ASSERT_EQ(published.exit, 0) << published;
  EXPECT_EQ(published.json()["recoveries"].size(), 1u) << published;
  const Said with = verify(new_evidence, {"--recovery", file("published") + "/1.record"});
  EXPECT_EQ(with.exit, 0) << with;
  EXPECT_TRUE(with.mentions("RECOVERED NETWORK")) << with;
  EXPECT_TRUE(with.mentions("two data centres burnt")) << with;
  const Said on_ledger = as("customs.admin", {"query", "view", "governance", "ListRecoveries"});
  EXPECT_TRUE(on_ledger.mentions(ten.json()["record"])) << on_ledger;

  // A quorum of the new set that needs a re-made member, and a restart behind the recovery.
  devnet("kill");
  for (const char* node : {"2", "3", "4"})
    ASSERT_EQ(run("usance", {"devnet", "start", node, "--home", home_}).exit, 0);
  const Said fourth = as("nile-bank.admin", {"governance", "vote", "1"});
  EXPECT_EQ(fourth.exit, 3) << fourth;  // ordered and certified: there is no such proposal
}

}  // namespace
}  // namespace usance::test
