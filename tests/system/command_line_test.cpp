// The command line against a network of real processes: what a newcomer and a script see.
#include <chrono>
#include <fstream>
#include <memory>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "deposit_network.h"

namespace usance::test {
namespace {

class CommandLine : public DepositNetwork {};

TEST_F(CommandLine, ACallSaysWhatHappened) {
  const Said paid = pay("USD:12.50");
  ASSERT_EQ(paid.exit, 0) << paid;
  const nlohmann::json json = paid.json();
  EXPECT_EQ(json["outcome"]["status"], "OK");
  ASSERT_EQ(json["events"].size(), 1u) << paid;
  EXPECT_EQ(json["events"][0]["name"], "Transferred");
  EXPECT_EQ(json["events"][0]["data"]["amount"]["minor_units"], "1250");
  const Said shown = as("auditor.auditor", {"tx", "show", json["tx_id"]});
  EXPECT_EQ(shown.exit, 0) << shown;
  EXPECT_TRUE(shown.mentions("certified: ok")) << shown;
  EXPECT_TRUE(shown.mentions("USD 12.50")) << shown;
  const Said view =
      as("roaster.clerk", {"query", "view", "deposit", "GetAccount", "--account", kRoaster});
  EXPECT_EQ(view.exit, 0) << view;
  EXPECT_TRUE(view.mentions("as of height")) << view;
}

TEST_F(CommandLine, MistakesAreToldBeforeAnythingIsSigned) {
  const std::uint64_t before = height();
  struct Case {
    Words words;
    int exit;
    const char* says;
  };
  const std::vector<Case> cases = {
      {{"call", "deposit", "Transfer", "--form", "x"}, 2, "did you mean '--from'"},
      {{"call", "deposit", "Transfer"}, 2, "needs --from --to --amount"},
      {{"call", "deposit", "Transfer", "--from", kRoaster, "--to", kExporter, "--amount",
        "JPY:1.5"},
       2,
       "JPY has 0 decimals"},
      {{"call", "deposit", "Transfre"}, 7, "did you mean 'Transfer'"},
      {{"call", "depsoit", "Transfer"}, 7, "did you mean 'deposit'"},
      {{"call", "deposit", "GetAccount"}, 2, "usance query view"},
      {{"query", "view", "deposit", "Transfer"}, 2, "usance call"},
      {{"call"}, 2, "which contract"},
      {{"tx", "status", "abc"}, 2, "64 hexadecimal digits"},
      {{"tx", "status", std::string(64, '0')}, 7, "never submitted"},
      {{"frobnicate"}, 2, "no command 'frobnicate'"},
      {{"contract", "lst"}, 2, "did you mean 'list'"},
      {{"query", "state", "deposit", "account/nobody/at/USD"}, 7, "no items"},
  };
  for (const Case& one : cases) {
    const Said said = as("roaster.clerk", one.words);
    EXPECT_EQ(said.exit, one.exit) << said;
    EXPECT_TRUE(said.mentions(one.says)) << said << "\nshould say: " << one.says;
  }
  EXPECT_EQ(height(), before);
}

TEST_F(CommandLine, TheLedgersRefusalsHaveTheirOwnCodes) {
  const Said poor = pay("USD:99999999.00");
  EXPECT_EQ(poor.exit, 3) << poor;
  EXPECT_TRUE(poor.mentions("Deposit.InsufficientFunds: ")) << poor;
  const Said stranger = as(
      "roaster.clerk", {"call", "deposit", "Mint", "--account", kRoaster, "--amount", "USD:5.00"});
  EXPECT_NE(stranger.exit, 0) << stranger;
  const Said unreachable = as("roaster.clerk", {"--node", "127.0.0.1:1", "contract", "list"});
  EXPECT_EQ(unreachable.exit, 8) << unreachable;
  EXPECT_TRUE(unreachable.mentions("usance devnet status")) << unreachable;
  const Said who = run("usance", {"--home", home, "contract", "list"});
  EXPECT_EQ(who.exit, 2) << who;
  EXPECT_TRUE(who.mentions("roaster.clerk")) << who;
  const Said typo = as("roaster.clrek", {"contract", "list"});
  EXPECT_EQ(typo.exit, 2) << typo;
  EXPECT_TRUE(typo.mentions("did you mean 'roaster.clerk'")) << typo;
}

TEST_F(CommandLine, ADryRunChangesNothing) {
  const std::uint64_t before = height();
  const Said dry = as("roaster.clerk", {"call", "deposit", "Transfer", "--from", kRoaster, "--to",
                                        kExporter, "--amount", "USD:1.00", "--dry-run"});
  EXPECT_EQ(dry.exit, 0) << dry;
  EXPECT_TRUE(dry.mentions("not submitted")) << dry;
  EXPECT_TRUE(dry.mentions("deposit.Transferred")) << dry;
  EXPECT_EQ(height(), before);
}

// What a trace says of a call is what the ledger then certifies, and says of it afterwards.
TEST_F(CommandLine, ATraceAgreesWithTheLedger) {
  const std::uint64_t before = height();
  const Words transfer = {"deposit", "Transfer", "--from",   kRoaster,   "--to",
                          kExporter, "--amount", "USD:2.00", "--output", "json"};
  Words trace = {"contract", "trace"};
  trace.insert(trace.end(), transfer.begin(), transfer.end());
  const Said tried = as("roaster.clerk", trace);
  ASSERT_EQ(tried.exit, 0) << tried;
  EXPECT_EQ(height(), before);
  const auto call = tried.json()["call"];
  EXPECT_EQ(call["arguments"]["amount"]["minor_units"], "200");
  std::size_t written = 0;
  std::uint64_t emitted = 0;
  for (const auto& step : call["steps"]) {
    if (step["function"] == "put" && step["record"] == "Account") ++written;
    if (step["function"] == "emit") ++emitted;
  }
  EXPECT_EQ(written, 2U) << tried;
  EXPECT_EQ(emitted, 1U) << tried;
  EXPECT_GT(call["functions"].size(), 3U);
  EXPECT_GT(call["functions"][0]["gas"].get<std::uint64_t>(), 0U);

  Words submit = {"contract", "call"};
  submit.insert(submit.end(), transfer.begin(), transfer.end());
  const Said done = as("roaster.clerk", submit);
  ASSERT_EQ(done.exit, 0) << done;
  const std::string id = done.json()["tx_id"];
  const Said again = as("auditor.auditor", {"contract", "trace", "--tx", id, "--output", "json"});
  ASSERT_EQ(again.exit, 0) << again;
  EXPECT_EQ(again.json()["outcome"]["gas_used"], tried.json()["outcome"]["gas_used"]);
  EXPECT_EQ(again.json()["call"]["functions"], call["functions"]);

  const Said poor =
      as("roaster.clerk", {"contract", "trace", "deposit", "Transfer", "--from", kRoaster, "--to",
                           kExporter, "--amount", "USD:99999999.00"});
  EXPECT_EQ(poor.exit, 3) << poor;
  EXPECT_TRUE(poor.mentions("= Deposit.InsufficientFunds: ")) << poor;
}

TEST_F(CommandLine, HelpComesFromTheLedger) {
  const Said help = as("roaster.clerk", {"call", "deposit", "Transfer", "--help"});
  EXPECT_EQ(help.exit, 0) << help;
  for (const char* part : {"for maker or checker", "--amount", "an amount such as USD:1000.00"})
    EXPECT_TRUE(help.mentions(part)) << help;
}

TEST_F(CommandLine, EvidenceIsCheckedOfflineAndAFlippedByteIsNamed) {
  ASSERT_EQ(pay("USD:3.00").exit, 0);
  const std::string file = (*folder / "evidence").string();
  const std::string genesis = home + "/genesis.json";
  const Said exported = as("auditor.auditor", {"audit", "export", "deposit",
                                               std::string("account/") + kRoaster, "--out", file});
  ASSERT_EQ(exported.exit, 0) << exported;
  const Said verified = run("usance-verify", {file, "--genesis", genesis});
  ASSERT_EQ(verified.exit, 0) << verified;
  EXPECT_TRUE(verified.mentions("clerk of roaster called deposit.Transfer")) << verified;
  EXPECT_TRUE(verified.mentions("and no others")) << verified;
  EXPECT_TRUE(verified.mentions("as of height")) << verified;
  const Said json = run("usance-verify", {file, "--genesis", genesis, "--output", "json"});
  EXPECT_EQ(json.json().value("verified", false), true) << json;
  EXPECT_EQ(json.json()["signers"].size(), 3u) << json;

  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(600);
  const char changed = static_cast<char>(bytes.peek() ^ 1);
  bytes.seekp(600);
  bytes.put(changed);
  bytes.close();
  const Said refused = run("usance-verify", {file, "--genesis", genesis});
  EXPECT_EQ(refused.exit, 9) << refused;
  EXPECT_TRUE(refused.mentions("NOT PROVEN: ")) << refused;
  const Said too_old =
      as("auditor.auditor",
         {"audit", "export", "--tx", pay("USD:1.00").json()["tx_id"], "--out", file, "--force"});
  ASSERT_EQ(too_old.exit, 0) << too_old;
  const Said stale =
      run("usance-verify", {file, "--genesis", genesis, "--min-time", "2199-01-01T00:00:00Z"});
  EXPECT_EQ(stale.exit, 9) << stale;
  EXPECT_TRUE(stale.mentions("TOO_OLD")) << stale;
}

TEST_F(CommandLine, AKilledNodeComesBackAndNothingStops) {
  ASSERT_EQ(run("usance", {"devnet", "kill", "1", "--home", home}).exit, 0);
  const Said stopped = run("usance", {"devnet", "status", "--home", home});
  EXPECT_TRUE(stopped.mentions("usance devnet start 1")) << stopped;
  const Said paid = pay("USD:2.00");  // the profile's next node takes it
  EXPECT_EQ(paid.exit, 0) << paid;
  ASSERT_EQ(run("usance", {"devnet", "start", "1", "--home", home}).exit, 0);
  const std::uint64_t wanted = paid.json().value("height", std::uint64_t{1} << 40);
  for (int i = 0; i < 300 && height() < wanted; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_GE(height(), wanted);
}

TEST_F(CommandLine, AnExistingHomeAndABusyPortSayWhatToDo) {
  const Said again = run("usance", {"devnet", "up", "--home", home});
  EXPECT_EQ(again.exit, 2) << again;
  EXPECT_TRUE(again.mentions("usance devnet start all")) << again;

  const int busy = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(busy, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(busy, 1), 0);
  socklen_t size = sizeof address;
  ASSERT_EQ(::getsockname(busy, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const int port = ntohs(address.sin_port);
  const Said taken = run("usance", {"devnet", "up", "--home", (*folder / "other").string(),
                                    "--base-port", std::to_string(port - 10)});
  ::close(busy);
  EXPECT_EQ(taken.exit, 2) << taken;
  EXPECT_TRUE(taken.mentions("port " + std::to_string(port) + " is busy")) << taken;
}

TEST_F(CommandLine, CertificatesAreRenewedOverTheSameKeys) {
  const std::string member = home + "/members/harbour-bank";
  const auto certificate = [&](const Words& verb, const std::string& what) {
    Words words = {"--home", member, "--output", "json", "cert"};
    words.insert(words.end(), verb.begin(), verb.end());
    const Said said = run("usance", words);
    EXPECT_EQ(said.exit, 0) << said;
    const nlohmann::json json = said.json();
    for (const nlohmann::json& one : json["certificates"])
      if (one["what"] == what) return one;
    return nlohmann::json();
  };
  const auto before = certificate({"status"}, "node");
  EXPECT_FALSE(before["expired"]);
  const auto renewed = certificate({"renew", "--node-only", "--days", "5"}, "node");
  EXPECT_EQ(renewed["key_hash"], before["key_hash"]);
  EXPECT_EQ(renewed["subject"], before["subject"]);
  EXPECT_LE(renewed["days_left"], 5);
  EXPECT_TRUE(certificate({"renew", "--node-only"}, "user maker").is_null());
  EXPECT_GT(certificate({"renew"}, "user maker")["days_left"], 300);
  EXPECT_EQ(pay("USD:1.00").exit, 0);
  EXPECT_EQ(run("usance", {"--home", member, "cert", "renew", "--user", "nobody"}).exit, 2);
  EXPECT_EQ(run("usance", {"--home", home, "cert", "status"}).exit, 2);
}

TEST_F(CommandLine, APartitionIsMadeAndHealed) {
  EXPECT_EQ(as("harbour-bank.maker", {"devnet", "partition", "1,2"}).exit, 0);
  const Said waits = run(
      "usance", {"--home", home, "--profile", "roaster.clerk", "--timeout", "4s", "call", "deposit",
                 "Transfer", "--from", kRoaster, "--to", kExporter, "--amount", "USD:1.00"});
  EXPECT_EQ(waits.exit, 8) << waits;
  EXPECT_EQ(as("harbour-bank.maker", {"devnet", "heal"}).exit, 0);
  EXPECT_EQ(pay("USD:1.00").exit, 0);
  for (const Words& wrong : {Words{"1,2,3,4,5"}, Words{"9"}, Words{"1,,2"}, Words{"1,2", "2,3"}})
    EXPECT_EQ(as("harbour-bank.maker",
                 {"devnet", "partition", wrong[0], wrong.size() > 1 ? wrong[1] : wrong[0]})
                  .exit,
              2);
}

TEST_F(CommandLine, TheDevelopmentClockGoesForward) {
  const auto time_of = [](const Said& said) {
    return said.json().value("time_ms", std::int64_t{0});
  };
  const std::int64_t before =
      time_of(as("nile-bank.admin", {"node", "status", "--output", "json"}));
  const Said advanced =
      run("usance", {"devnet", "clock", "advance", "6d", "--home", home, "--output", "json"});
  ASSERT_EQ(advanced.exit, 0) << advanced;
  EXPECT_GE(time_of(advanced), before + 6 * 86'400'000ll);
  EXPECT_GE(pay("USD:1.00").json().value("time_ms", std::int64_t{0}), before + 6 * 86'400'000ll);
  EXPECT_EQ(run("usance", {"devnet", "clock", "advance", "-6d", "--home", home}).exit, 2);
}

TEST_F(CommandLine, BenchMeasures) {
  const Said bench = run(
      "usance", {"bench", "--home", home, "--bundle", "10", "--duration", "2", "--output", "json"});
  ASSERT_EQ(bench.exit, 0) << bench;
  for (const char* field : {"tx_per_s", "p50_ms", "p99_ms", "cpu_us_per_tx", "rss_bytes"})
    EXPECT_GT(bench.json().value(field, 0.0), 0.0) << field << "\n" << bench;
  EXPECT_EQ(bench.json().value("failed", 1), 0) << bench;
}

// A certificate lives on for months after its user was dismissed.
TEST_F(CommandLine, ARevokedUserIsRefusedAtTheDoor) {
  const Words look = {"query", "view", "contracts", "List"};
  ASSERT_EQ(as("exporter.clerk", look).exit, 0);
  const Said revoked =
      as("exporter.admin", {"call", "governance", "RevokeUser", "--user", "clerk"});
  ASSERT_EQ(revoked.exit, 0) << revoked;
  const Said refused = as("exporter.clerk", look);
  EXPECT_EQ(refused.exit, 6) << refused;
  EXPECT_TRUE(refused.mentions("has revoked 'clerk'")) << refused;
  EXPECT_EQ(as("exporter.admin", look).exit, 0);
}

// Four members on hosts of their own: nothing but public files passes between them.
TEST(FormingANetwork, FourHomesThatShareOnlyPublicFiles) {
  const Folder folder;
  const std::vector<std::string> orgs = {"bank-a", "bank-b", "customs-c", "carrier-d"};
  const std::vector<std::string> roles = {"bank", "bank", "customs", "carrier"};
  const auto at = [&](std::size_t i) { return (folder / orgs[i]).string(); };
  // Several test runs may share a machine.
  const auto base = static_cast<std::size_t>(11'000 + ::getpid() % 100 * 40);
  const auto port = [base](std::size_t i) { return std::to_string(base + 10 * i); };
  Words files;
  for (std::size_t i = 0; i < orgs.size(); ++i) {
    const Said init = run("usance", {"node", "init", "--home", at(i), "--network", "coffee",
                                     "--org", orgs[i], "--country", "DE", "--role", roles[i],
                                     "--peer-address", "127.0.0.1:" + port(i)});
    ASSERT_EQ(init.exit, 0) << init;
    files.push_back((folder / (orgs[i] + ".json")).string());
    const Said member = run("usance", {"genesis", "member", "--home", at(i), "--out", files[i]});
    ASSERT_EQ(member.exit, 0) << member;
    std::ifstream in(files[i]);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(text.find("PRIVATE"), std::string::npos);
    EXPECT_EQ(text.find("seed"), std::string::npos);
  }
  std::vector<std::string> chains;
  std::vector<std::unique_ptr<Daemon>> daemons;
  for (std::size_t i = 0; i < orgs.size(); ++i) {
    // Everybody assembles for themselves, with the files in an order of their own.
    Words assemble = {"genesis", "assemble", "--out", at(i) + "/agreed.json", "--output", "json"};
    for (std::size_t k = 0; k < files.size(); ++k)
      assemble.push_back(files[(i + k) % files.size()]);
    const Said genesis = run("usance", assemble);
    ASSERT_EQ(genesis.exit, 0) << genesis;
    chains.push_back(genesis.json()["chain_id"]);
    EXPECT_EQ(chains.back(), chains.front());
    // Ports of the other services: the test's hosts are one machine.
    std::ifstream in(at(i) + "/node.toml");
    std::string config{std::istreambuf_iterator<char>(in), {}};
    const auto replace = [&config](const std::string& from, const std::string& to) {
      const std::size_t found = config.find(from);
      ASSERT_NE(found, std::string::npos) << from << " in\n" << config;
      config.replace(found, from.size(), to);
    };
    const auto service = [&](std::size_t offset) { return std::to_string(base + 10 * i + offset); };
    replace("0.0.0.0:7200", "127.0.0.1:" + service(1));
    replace("127.0.0.1:7300", "127.0.0.1:" + service(2));
    replace("127.0.0.1:7400", "127.0.0.1:" + service(3));
    std::ofstream(at(i) + "/node.toml") << config;
    Words join = {"node", "join", "--home", at(i), "--genesis", at(i) + "/agreed.json"};
    for (std::size_t k = 0; k < orgs.size(); ++k)
      if (k != i) {
        join.push_back("--peer");
        join.push_back("127.0.0.1:" + port(k));
      }
    const Said joined = run("usance", join);
    ASSERT_EQ(joined.exit, 0) << joined;
    daemons.push_back(std::make_unique<Daemon>(at(i) + "/node.toml"));
  }
  Said changed;
  for (int i = 0; i < 100; ++i) {
    changed = run(
        "usance",
        {"--home", at(0), "--profile", "bank-a.admin", "call", "governance", "AddUser", "--name",
         "clerk", "--key",
         run("usance", {"keys", "generate", (folder / "clerk.key").string(), "--output", "json"})
             .json()
             .value("public_key", "")});
    std::filesystem::remove(folder / "clerk.key");
    if (changed.exit == 0) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  EXPECT_EQ(changed.exit, 0) << changed;
  // Another member's node knows it as soon as it has that height.
  Said members;
  for (int i = 0; i < 200 && !members.mentions("clerk"); ++i) {
    members =
        run("usance", {"--home", at(3), "--profile", "carrier-d.admin", "governance", "members"});
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_TRUE(members.mentions("clerk")) << members;
}

}  // namespace
}  // namespace usance::test
