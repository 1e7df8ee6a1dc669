#include "node/x509.h"

#include <gtest/gtest.h>

namespace usance::x509 {
namespace {

KeyPair authority(const char* org) {
  return make_authority({OrgId(org), "", std::string(org) + " authority"}, 3650).value();
}

TEST(X509, AnIssuedCertificateNamesOrganisationRoleAndPerson) {
  const KeyPair ca = authority("bank-a");
  const KeyPair cert = issue(ca, {OrgId("bank-a"), "client", "amina"}, {}, 365).value();
  const CertificateInfo info = inspect(cert.certificate_pem).value();
  EXPECT_EQ(info.subject, (Subject{OrgId("bank-a"), "client", "amina"}));
  EXPECT_FALSE(info.authority);
  EXPECT_GT(info.not_after, info.not_before);
  EXPECT_TRUE(verify_issued_by(cert.certificate_pem, ca.certificate_pem));
  EXPECT_TRUE(verify_key_matches(cert.key_pem, cert.certificate_pem));
}

TEST(X509, AnAuthorityIsMarkedAsOne) {
  const CertificateInfo info = inspect(authority("bank-a").certificate_pem).value();
  EXPECT_TRUE(info.authority);
  EXPECT_EQ(info.subject.org, OrgId("bank-a"));
}

TEST(X509, AnotherAuthorityOfTheSameNameDoesNotVerify) {
  const KeyPair cert = issue(authority("bank-a"), {OrgId("bank-a"), "client", "x"}, {}, 1).value();
  const auto verified = verify_issued_by(cert.certificate_pem, authority("bank-a").certificate_pem);
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::kBadSignature);
}

TEST(X509, NodeCertificatesCarryTheirNamesAndTheCommonOne) {
  const KeyPair ca = authority("bank-a");
  const KeyPair cert =
      issue(ca, {OrgId("bank-a"), "node", "node-1"}, {"localhost", "127.0.0.1"}, 365).value();
  const CertificateInfo info = inspect(cert.certificate_pem).value();
  EXPECT_EQ(info.names,
            (std::vector<std::string>{"localhost", "127.0.0.1", std::string(kNodeDnsName)}));
}

TEST(X509, RenewingKeepsThePinnedKeyHash) {
  const KeyPair ca = authority("bank-a");
  const Subject subject{OrgId("bank-a"), "node", "node-1"};
  const KeyPair cert = issue(ca, subject, {}, 1).value();
  const std::string renewed = renew(ca, cert.key_pem, subject, {}, 365).value();
  EXPECT_NE(renewed, cert.certificate_pem);
  EXPECT_EQ(inspect(renewed).value().key_hash, inspect(cert.certificate_pem).value().key_hash);
  EXPECT_NE(inspect(issue(ca, subject, {}, 1).value().certificate_pem).value().key_hash,
            inspect(renewed).value().key_hash);
}

TEST(X509, BadInputIsRefusedWithATypedError) {
  EXPECT_EQ(inspect("garbage").error().code, ErrorCode::kMalformed);
  EXPECT_EQ(inspect("").error().code, ErrorCode::kMalformed);
  const KeyPair ca = authority("bank-a");
  EXPECT_EQ(verify_key_matches("garbage", ca.certificate_pem).error().code, ErrorCode::kMalformed);
  EXPECT_EQ(verify_key_matches(authority("b").key_pem, ca.certificate_pem).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(issue(ca, {OrgId("bank-a"), "node", std::string(65, 'x')}, {}, 1).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(issue(ca, {OrgId("bank-a"), "node", "n"}, {"a,DNS:evil"}, 1).error().code,
            ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace usance::x509
