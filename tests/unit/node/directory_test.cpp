#include "node/directory.h"

#include <gtest/gtest.h>

#include "node/x509.h"

namespace usance::node {
namespace {

std::string authority(const char* org) {
  return x509::make_authority({OrgId(org), "", std::string(org) + " authority"}, 10)
      .value()
      .certificate_pem;
}

// A list of roots ends for OpenSSL at the first block that does not decode.
TEST(Authorities, OneOrganisationsMistakeDoesNotEndTheListForTheOthers) {
  const std::string good = authority("bank-c");
  Directory directory;
  directory.authorities[OrgId("bank-a")] = good.substr(0, good.size() / 2);
  directory.authorities[OrgId("bank-b")] = authority("bank-b") + authority("bank-x");
  directory.authorities[OrgId("bank-c")] = "a remark\n" + good + "and another";
  directory.authorities[OrgId("bank-d")] = "";
  const auto [pem, unusable] = directory.usable_authorities();
  EXPECT_EQ(pem, good);
  ASSERT_EQ(unusable.size(), 3u);
  EXPECT_FALSE(unusable.contains(OrgId("bank-c")));
}

TEST(Authorities, ACertificateThatIsNoAuthoritysIsLeftOut) {
  const auto issuer = x509::make_authority({OrgId("bank-a"), "", "authority"}, 10).value();
  const auto client = x509::issue(issuer, {OrgId("bank-a"), "client", "alice"}, {}, 10).value();
  Directory directory;
  directory.authorities[OrgId("bank-a")] = client.certificate_pem;
  EXPECT_EQ(directory.usable_authorities().pem, "");
  EXPECT_EQ(x509::normalised_authority(client.certificate_pem).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace usance::node
