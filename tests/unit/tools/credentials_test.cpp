#include "tools/usance/credentials.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "node/x509.h"

namespace usance::cli {
namespace {

constexpr std::int64_t kDayMs = 24 * 3600 * 1000LL;

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "usance-credentials-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
    keep(authority, "bank-a");
    profile.name = "bank-a.clerk";
    profile.home = folder;
    profile.org = OrgId("bank-a");
    profile.certificate = "clerk.crt";
    profile.certificate_key = "clerk.key";
    GenesisOrganisation org;
    org.id = OrgId("bank-a");
    org.ca_certificate = authority.certificate_pem;
    genesis.organisations.push_back(org);
  }
  ~CredentialsTest() override { std::filesystem::remove_all(folder); }

  void keep(const x509::KeyPair& by, const char* org) {
    const auto pair = x509::issue(by, {OrgId(org), "client", "clerk"}, {}, 30).value();
    ASSERT_TRUE(write_file(folder / "clerk.crt", pair.certificate_pem));
    ASSERT_TRUE(write_file(folder / "clerk.key", pair.key_pem));
  }
  std::string error(std::int64_t at_ms) {
    const auto read = read_credentials(profile, genesis, at_ms);
    if (read) return "";
    EXPECT_EQ(read.error().exit, ExitCode::kUsage);
    return read.error().message;
  }
  std::int64_t now() const {
    const auto info = x509::inspect(authority.certificate_pem).value();
    return static_cast<std::int64_t>(info.not_before.value) + kDayMs;
  }

  Path folder;
  const x509::KeyPair authority =
      x509::make_authority({OrgId("bank-a"), "", "bank-a authority"}, 3650).value();
  Profile profile;
  Genesis genesis;
};

TEST_F(CredentialsTest, GoodOnesLeaveNoDoubt) {
  const auto read = read_credentials(profile, genesis, now());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->doubt, "");
}

TEST_F(CredentialsTest, WhatIsWrongIsSaidOfTheFile) {
  EXPECT_NE(error(now() + 40 * kDayMs).find("clerk.crt: expired at "), std::string::npos);
  EXPECT_NE(error(now() - 2 * kDayMs).find("clerk.crt: valid from "), std::string::npos);
  const std::string pem = read_file(folder / "clerk.crt").value();
  ASSERT_TRUE(write_file(folder / "clerk.crt", pem.substr(0, pem.size() / 2)));
  EXPECT_NE(error(now()).find("clerk.crt: "), std::string::npos);
  std::filesystem::remove(folder / "clerk.crt");
  EXPECT_NE(error(now()).find("clerk.crt: No such file"), std::string::npos);
  keep(authority, "bank-b");
  EXPECT_NE(error(now()).find("of the organisation bank-b"), std::string::npos);
}

TEST_F(CredentialsTest, TheKeyMustBeTheCertificates) {
  const std::string certificate = read_file(folder / "clerk.crt").value();
  keep(authority, "bank-a");
  ASSERT_TRUE(write_file(folder / "clerk.crt", certificate));
  EXPECT_NE(error(now()).find("clerk.key: "), std::string::npos);
}

// The ledger may have another authority by now: the node has the last word.
TEST_F(CredentialsTest, AnotherAuthorityIsADoubtOnly) {
  keep(x509::make_authority({OrgId("bank-a"), "", "another"}, 3650).value(), "bank-a");
  const auto read = read_credentials(profile, genesis, now());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_NE(read->doubt.find("clerk.crt is of another network"), std::string::npos);
}

}  // namespace
}  // namespace usance::cli
