// What device makers, devices and oracles sign offline with usance oracle and usance undertaking.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "command_line.h"

namespace usance::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using nlohmann::json;

class OracleSigning : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"works.key", "device.key"})
      ASSERT_EQ(run("usance", {"keys", "generate", at(name)}).exit, 0);
  }

  [[nodiscard]] std::string at(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] std::string public_key(const std::string& name) const {
    return run("usance", {"keys", "show", at(name), "-o", "json"}).json()["public_key"];
  }
  [[nodiscard]] Said sign(const Words& more) const {
    Words words = {"oracle", "sign-reading", "--key", at("device.key"), "--serial", "RF-1"};
    words.insert(words.end(), more.begin(), more.end());
    return run("usance", words);
  }
  [[nodiscard]] Said certify(const std::string& device_key, const std::string& until) const {
    return run("usance", {"oracle", "certify-device", "--manufacturer", "carrier", "--key",
                          at("works.key"), "--serial", "RF-1", "--model", "Reefer 9",
                          "--device-key", device_key, "--until", until});
  }
  [[nodiscard]] Said commit() const {
    return run("usance", {"oracle", "commit", "--oracle", "oracle-1", "--feed", "f", "--round", "3",
                          "--value", "4.2", "--decimals", "1", "--keep", at("reveal.json")});
  }
  static void expect_refused(const Said& said, const std::string& because) {
    EXPECT_EQ(said.exit, 2) << said;
    EXPECT_TRUE(said.mentions(because)) << said;
    EXPECT_EQ(said.out, "");
  }

  Folder folder_;
};

TEST_F(OracleSigning, AKeyFileIsNeverOverwrittenAndNobodyElsesToRead) {
  EXPECT_EQ(fs::status(at("device.key")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  const Said again = run("usance", {"keys", "generate", at("device.key")});
  EXPECT_NE(again.exit, 0);
  EXPECT_TRUE(again.mentions("exists already")) << again;
  fs::permissions(at("device.key"), fs::perms::others_read, fs::perm_options::add);
  expect_refused(sign({"--counter", "1", "--value", "4", "--decimals", "1"}), "device.key");
}

TEST_F(OracleSigning, ACertificateIsOfAPublicKeyAndOfTheFuture) {
  const Said made = certify(public_key("device.key"), "2999-01-01T00:00:00Z");
  ASSERT_EQ(made.exit, 0) << made;
  EXPECT_EQ(made.json()["manufacturer"], "carrier");
  EXPECT_EQ(made.json()["certified_until_ms"], 32'472'144'000'000);
  expect_refused(certify("abc", "2999-01-01T00:00:00Z"), "64 hexadecimal digits");
  expect_refused(certify(std::string(64, '0'), "2999-01-01T00:00:00Z"), "64 hexadecimal digits");
  expect_refused(certify(public_key("device.key"), "2020-01-01T00:00:00Z"), "--until has passed");
  expect_refused(certify(public_key("device.key"), "2999-01-01"), "--until: ");
}

TEST_F(OracleSigning, AReadingHasANumberOfItsOwn) {
  const Words value = {"--value", "-18.25", "--decimals", "1"};
  const auto with = [&](Words more) {
    more.insert(more.end(), value.begin(), value.end());
    return sign(more);
  };
  expect_refused(with({}), "which number has the reading?");
  expect_refused(with({"--counter", "0"}), "from 1 on");
  const Words file = {"--counter-file", at("device.counter")};
  EXPECT_EQ(with(file).json()["reading"]["counter"], 1);
  const Said second = with(file);
  EXPECT_EQ(second.json()["reading"]["counter"], 2) << second;
  EXPECT_EQ(second.json()["reading"]["value"], -183);
  expect_refused(with({"--counter", "2", "--counter-file", at("device.counter")}),
                 "two readings under one number cost the whole stake");
  // What is refused spends no number.
  expect_refused(
      sign({"--counter-file", at("device.counter"), "--value", "warm", "--decimals", "1"}),
      "--value: ");
  Words far = file;
  far.insert(far.end(), {"--latitude", "90.1"});
  expect_refused(with(far), "--latitude takes degrees from -90 to 90");
  EXPECT_EQ(with(file).json()["reading"]["counter"], 3);
}

TEST_F(OracleSigning, ACommitmentKeepsWhatOpensIt) {
  const Said made = commit();
  ASSERT_EQ(made.exit, 0) << made;
  EXPECT_FALSE(made.json().contains("value"));
  EXPECT_EQ(fs::status(at("reveal.json")).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  std::ifstream kept(at("reveal.json"));
  const json later = json::parse(kept);
  EXPECT_EQ(later["value"], 42);
  EXPECT_EQ(later["round"], 3);
  expect_refused(commit(), "reveal.json exists already");
}

TEST_F(OracleSigning, AnAttestationTakesTheHashOfTheTerms) {
  const auto attest = [&](const std::string& hash) {
    return run("usance", {"undertaking", "attest", "harbour-bank/PU-3", "--key", at("works.key"),
                          "--attestor", "surveyor", "--terms-hash", hash});
  };
  const Said made = attest(std::string(64, 'a'));
  ASSERT_EQ(made.exit, 0) << made;
  EXPECT_EQ(made.json()["attestor"], "surveyor");
  EXPECT_EQ(made.json()["undertaking"], "harbour-bank/PU-3");
  expect_refused(attest("the terms"), "64 hexadecimal digits");
}

}  // namespace
}  // namespace usance::test
