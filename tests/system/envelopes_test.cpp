// Envelopes on real nodes: who is named opens them, nobody else does, and no disk but the sender's
// desk holds a word of them.
#include <chrono>
#include <fstream>
#include <set>
#include <thread>

#include "devnet_suite.h"

namespace usance::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Words = std::vector<std::string>;

constexpr const char* kPrice = "USD 93,120.00 at 4.85 a kilogram";
constexpr const char* kThreshold = "\"deviations\": 34567";

class EnvelopesTest : public DevnetSuite {
 protected:
  static void SetUpTestSuite() {
    begin();
    const Said deployed =
        as("harbour-bank.maker", {"contract", "deploy", module("envelopes").string()});
    ASSERT_EQ(deployed.exit, 0) << deployed;
    for (const char* org : {"customs", "nile-bank", "lake-bank"}) {
      const Said made = run("usance", {"envelope", "keygen", key_of(org)});
      ASSERT_EQ(made.exit, 0) << made;
      const Said said = as(std::string(org) + ".admin", {"envelope", "publish", key_of(org)});
      ASSERT_EQ(said.exit, 0) << said;
    }
    std::ofstream(*folder / "invoice.txt") << kPrice << "\n";
    std::ofstream(*folder / "packing.txt") << "320 bags\n";
  }
  static std::string key_of(const std::string& org) { return (*folder / (org + ".key")).string(); }
  static std::string path(const std::string& name) { return (*folder / name).string(); }

  static std::string address_of(const std::string& profile) {
    std::ifstream in(fs::path(home) / "profiles" / (profile + ".toml"));
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::size_t from = text.find("nodes = [\"") + 10;
    return text.substr(from, text.find('"', from) - from);
  }
  static Said put(const Words& more = {}) {
    Words words{"envelope", "put", path("invoice.txt"), path("packing.txt"), "--to", "customs",
                "-o",       "json"};
    words.insert(words.end(), more.begin(), more.end());
    return as("nile-bank.maker", words);
  }
  static Said get(const std::string& profile, const std::string& id, const std::string& key,
                  const Words& more = {}) {
    Words words{"envelope", "get", id, "--key", key_of(key), "-o", "json"};
    words.insert(words.end(), more.begin(), more.end());
    return as(profile, words);
  }
  // Which of the texts stand in a file under the home: in nodes' ledgers, logs, everything.
  static std::set<std::string> found(const std::set<std::string>& texts) {
    std::set<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(home)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(in), {}};
      for (const std::string& text : texts)
        if (content.find(text) != std::string::npos) out.insert(text);
    }
    return out;
  }
};

TEST_F(EnvelopesTest, TheNamedOrganisationOpensItAndTheSenderGetsItsReceipt) {
  const Said sent = put({"--note", "for MRN 26DE555", "--record", "INV-7"});
  ASSERT_EQ(sent.exit, 0) << sent;
  const std::string id = sent.json()["envelope"];
  EXPECT_EQ(sent.json()["entry"], "nile-bank/INV-7");
  const Said taken =
      get("customs.officer", id, "customs",
          {"--into", path("taken"), "--entry", "nile-bank/INV-7", "--save", path("taken.content")});
  ASSERT_EQ(taken.exit, 0) << taken;
  EXPECT_EQ(taken.json()["sender"], "nile-bank");
  EXPECT_EQ(taken.json()["user"], "maker");
  EXPECT_EQ(taken.json()["note"], "for MRN 26DE555");
  std::ifstream in(*folder / "taken/invoice.txt");
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, kPrice);
  // Without the envelope, before somebody else: the saved content and the ledger's entry.
  const Said proven = as("harbour-bank.maker", {"envelope", "check", path("taken.content"),
                                                "--entry", "nile-bank/INV-7", "-o", "json"});
  ASSERT_EQ(proven.exit, 0) << proven;
  EXPECT_EQ(proven.json()["files"][0]["sha256"], taken.json()["files"][0]["sha256"]);
  // Offline nobody has to say who asks.
  const Said offline = run("usance", {"--home", home, "envelope", "check", path("taken.content")});
  EXPECT_EQ(offline.exit, 0) << offline;
  const Said again = run("usance", {"--home", home, "envelope", "check", path("taken.content"),
                                    "--into", path("taken")});
  EXPECT_NE(again.exit, 0);
  EXPECT_TRUE(again.mentions("name another folder")) << again;
  const Said exported = as("nile-bank.maker", {"audit", "export", "envelopes", "nile-bank/INV-7",
                                               "--out", path("entry.evidence")});
  EXPECT_EQ(exported.exit, 0) << exported;

  const Said verified = as("nile-bank.checker", {"envelope", "verify", id, "-o", "json"});
  ASSERT_EQ(verified.exit, 0) << verified;
  EXPECT_EQ(verified.json()["node"], "node-2");
  ASSERT_EQ(verified.json()["deliveries"].size(), 1U);
  EXPECT_EQ(verified.json()["deliveries"][0]["organisation"], "customs");
  EXPECT_EQ(verified.json()["deliveries"][0]["user"], "officer");
}

TEST_F(EnvelopesTest, OthersAreRefused) {
  const Said sent = put();
  ASSERT_EQ(sent.exit, 0) << sent;
  const std::string id = sent.json()["envelope"];
  const Said refused =
      get("lake-bank.maker", id, "lake-bank", {"--node", address_of("nile-bank.maker")});
  EXPECT_EQ(refused.exit, 6) << refused;
  EXPECT_TRUE(refused.mentions("NOT_PERMITTED")) << refused;
  // Nor do they learn through their own node that there is one.
  EXPECT_EQ(get("lake-bank.maker", id, "lake-bank").exit, 7);
  // With the right key's name but another organisation's file.
  const Said wrong_key = get("customs.officer", id, "lake-bank");
  EXPECT_EQ(wrong_key.exit, 2) << wrong_key;
  EXPECT_EQ(get("customs.officer", std::string(64, 'a'), "customs").exit, 7);
  const Said listed = as("lake-bank.maker", {"envelope", "list", "-o", "json"});
  ASSERT_EQ(listed.exit, 0) << listed;
  EXPECT_EQ(listed.json()["envelopes"].size(), 0U);
  // The follower that the network has a place for does not run.
  EXPECT_LE(listed.json()["unheard"].size(), 1U) << listed;
}

TEST_F(EnvelopesTest, EverybodyTalksToTheOwnNodeAlone) {
  ASSERT_NE(address_of("customs.officer"), address_of("nile-bank.maker"));
  const Said sent = put();
  ASSERT_EQ(sent.exit, 0) << sent;
  const std::string id = sent.json()["envelope"];
  const auto keepers = [&](const Words& more) {
    Words words{"envelope", "list", "-o", "json"};
    words.insert(words.end(), more.begin(), more.end());
    const Said listed = as("customs.officer", words);
    EXPECT_EQ(listed.exit, 0) << listed;
    std::set<std::string> out;
    const json answer = listed.json();
    for (const json& kept : answer["envelopes"])
      if (kept["envelope"] == id) out.insert(kept["node"]);
    return out;
  };
  EXPECT_EQ(keepers({}), std::set<std::string>{"node-2"})
      << as("customs.officer", {"envelope", "list"});
  EXPECT_EQ(keepers({"--here"}), std::set<std::string>{});
  // While the sender's node is down, the recipient is told so; then it gets it.
  ASSERT_EQ(run("usance", {"devnet", "kill", "2", "--home", home}).exit, 0);
  const Said missing = get("customs.officer", id, "customs");
  EXPECT_EQ(missing.exit, 8) << missing;
  EXPECT_TRUE(missing.mentions("node-2")) << missing;
  ASSERT_EQ(run("usance", {"devnet", "start", "2", "--home", home}).exit, 0);
  Said taken = get("customs.officer", id, "customs");
  for (int again = 0; taken.exit != 0 && again < 120; ++again) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    taken = get("customs.officer", id, "customs");
  }
  ASSERT_EQ(taken.exit, 0) << taken;
  // Who took delivery through another node stands at the one that keeps it.
  const Said verified = as("nile-bank.checker", {"envelope", "verify", id, "-o", "json"});
  ASSERT_EQ(verified.exit, 0) << verified;
  EXPECT_EQ(verified.json()["deliveries"][0]["organisation"], "customs");
  // The recipient can show it as well.
  EXPECT_EQ(as("customs.officer", {"envelope", "verify", id}).exit, 0);
}

TEST_F(EnvelopesTest, AnEntryAboutOtherContentIsNoticed) {
  const Said first = put({"--record", "INV-8"});
  const Said second = put({"--record", "INV-9"});
  ASSERT_EQ(first.exit + second.exit, 0) << first << second;
  const Said taken =
      get("customs.officer", first.json()["envelope"], "customs", {"--entry", "nile-bank/INV-9"});
  EXPECT_EQ(taken.exit, 9) << taken;
  std::ofstream(path("broken.content")) << "none";
  EXPECT_EQ(as("harbour-bank.maker", {"envelope", "check", path("broken.content")}).exit, 2);
}

TEST_F(EnvelopesTest, TheRecipientsNodeKeepsItToo) {
  const Said sent = put({"--also-at", address_of("customs.officer")});
  ASSERT_EQ(sent.exit, 0) << sent;
  ASSERT_EQ(sent.json()["kept_by"].size(), 2U);
  EXPECT_EQ(sent.json()["kept_by"][1]["node"], "node-3");
  const std::string id = sent.json()["envelope"];
  const Said taken = get("customs.officer", id, "customs");
  EXPECT_EQ(taken.exit, 0) << taken;
  // The sender erases it; at the other node it stays until he does so there.
  EXPECT_EQ(as("customs.officer", {"envelope", "erase", id}).exit, 6);
  EXPECT_EQ(as("nile-bank.maker", {"envelope", "erase", id}).exit, 0);
  EXPECT_EQ(as("nile-bank.maker", {"envelope", "verify", id, "-o", "json"}).json()["node"],
            "node-3");
  EXPECT_EQ(get("customs.officer", id, "customs").exit, 0);
}

TEST_F(EnvelopesTest, CustomsFlagsAreForCustomsAndNoDiskHasThem) {
  ASSERT_EQ(put().exit, 0);
  const Said opened =
      as("customs.officer",
         {"customs", "compare", std::string(USANCE_FIXTURES) + "/documents/customs/line.json",
          "--deviations", "34567", "--case", "DE-2026-0042", "--about", "carrier/BLU-1", "-o",
          "json"});
  ASSERT_EQ(opened.exit, 0) << opened;
  EXPECT_GT(opened.json()["flags"].size(), 0U);
  const std::string id = opened.json()["case"]["envelope"];
  EXPECT_EQ(opened.json()["case"]["entry"], "customs/DE-2026-0042");
  const Said seen = as("harbour-bank.maker", {"query", "view", "envelopes", "GetEntry", "--entry",
                                              "customs/DE-2026-0042"});
  ASSERT_EQ(seen.exit, 0) << seen;
  EXPECT_TRUE(seen.mentions("carrier/BLU-1")) << seen;
  EXPECT_FALSE(seen.mentions("UNDER")) << seen;
  const Said read =
      as("customs.officer", {"envelope", "get", id, "--key", key_of("customs"), "--into",
                             path("case"), "--entry", "customs/DE-2026-0042"});
  ASSERT_EQ(read.exit, 0) << read;
  std::ifstream in(*folder / "case/flags.json");
  const std::string flags{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(flags.find(kThreshold), std::string::npos) << flags;
  // Of all that was sent up to now, only what the ledger was told: so the scan reads ledgers.
  EXPECT_EQ(found({kThreshold, "unit_prices", "93,120.00", "320 bags", "carrier/BLU-1"}),
            std::set<std::string>{"carrier/BLU-1"});
  // A bank opens no case and reads none.
  const std::string line = std::string(USANCE_FIXTURES) + "/documents/customs/line.json";
  EXPECT_EQ(as("nile-bank.maker", {"customs", "compare", line, "--case", "X-1"}).exit, 2);
  const Said slip = as("customs.officer", {"customs", "compare", line, "--case", "X-1", "--to",
                                           "customs", "--to", "nile-bank"});
  EXPECT_EQ(slip.exit, 2);
  EXPECT_TRUE(slip.mentions("'nile-bank' is no customs authority")) << slip;
  EXPECT_FALSE(as("nile-bank.maker", {"envelope", "list"}).mentions("customs to"));
}

TEST_F(EnvelopesTest, PresentedDocumentsGoToTheExaminingBank) {
  const Said sent = as("exporter.clerk", {"lc", "presentation", "harbour-bank/HB-1",
                                          "Commercial invoice=" + path("invoice.txt"), "--claimed",
                                          "USD:93120.00", "--send-to", "nile-bank", "-o", "json"});
  ASSERT_EQ(sent.exit, 0) << sent;
  const Said taken = get("nile-bank.checker", sent.json()["sent"]["envelope"], "nile-bank");
  ASSERT_EQ(taken.exit, 0) << taken;
  // What the bank holds is what the ledger has the hash of.
  EXPECT_NE(
      sent.json()["request"].dump().find(taken.json()["files"][0]["sha256"].get<std::string>()),
      std::string::npos)
      << sent << taken;
}

// The last: it takes the officer's rights.
TEST_F(EnvelopesTest, ReceiptsUnderAKeyThatWasReplacedHoldForWhoKnowsIt) {
  const Said sent = put();
  ASSERT_EQ(sent.exit, 0) << sent;
  const std::string id = sent.json()["envelope"];
  ASSERT_EQ(get("customs.officer", id, "customs").exit, 0);
  ASSERT_EQ(as("customs.admin", {"call", "governance", "RevokeUser", "--user", "officer"}).exit, 0);
  Said verified;
  for (int again = 0; again < 120; ++again) {
    verified = as("nile-bank.checker", {"envelope", "verify", id, "-o", "json"});
    if (verified.exit != 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
  EXPECT_EQ(verified.exit, 9) << verified;
  EXPECT_TRUE(verified.mentions("--accept-key")) << verified;
  const Said listed = as("nile-bank.checker", {"envelope", "list", "--here", "-o", "json"});
  std::string key;
  const json answer = listed.json();
  for (const json& kept : answer["envelopes"])
    if (kept["envelope"] == id) key = kept["deliveries"][0]["key"];
  const Words accepting{"envelope", "verify", id, "--accept-key", key};
  EXPECT_EQ(as("nile-bank.checker", accepting).exit, 0);
  EXPECT_EQ(as("nile-bank.checker", {"envelope", "verify", id, "--accept-key", "none"}).exit, 2);
}

}  // namespace
}  // namespace usance::test
