// What the command line signs, against the statements written out by hand, as another program
// would.
#include "tools/usance/statement_signing.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "tools/render/base64.h"

namespace usance::cli {
namespace {

class StatementSigning : public testing::Test {
 protected:
  static std::unique_ptr<Signer> signer(std::uint8_t fill) {
    SecretSeed seed;
    seed.bytes.fill(fill);
    return ed25519_signer(seed);
  }
  static Bytes decoded(const Json& text) {
    Bytes out;
    EXPECT_TRUE(render::from_base64(text.get<std::string>(), out));
    return out;
  }
  [[nodiscard]] bool signed_by(const Signer& who, const Json& signature,
                               const std::string& statement) const {
    Signature raw;
    return fixed_from(ByteView(decoded(signature)), raw) &&
           ed25519_verifier().verify(who.public_key(), sha256(as_bytes(statement)), raw);
  }

  std::unique_ptr<Signer> mine = signer(1);
  std::unique_ptr<Signer> other = signer(2);
};

TEST_F(StatementSigning, ACertificateIsOfTheMakersKeyOnly) {
  const Bytes key(32, 'k');
  const Json made = certified_device({"carrier", "RF-1", "Reefer 9", key, 1'800}, *mine);
  const std::string statement =
      "27:usance/device-certificate/1,7:carrier,4:RF-1,8:Reefer 9,32:" + std::string(32, 'k') +
      ",4:1800,";
  EXPECT_TRUE(signed_by(*mine, made["certificate"], statement));
  EXPECT_FALSE(signed_by(*other, made["certificate"], statement));
  EXPECT_EQ(decoded(made["public_key"]), key);
  EXPECT_EQ(made["certified_until_ms"], 1'800);
  EXPECT_EQ(made["manufacturer"], "carrier");
}

TEST_F(StatementSigning, AReadingIsSignedWithAllItsFields) {
  const Json made = signed_reading({"RF-1", 42, 1'700, -182, 25'011'000, -55'061'200, true}, *mine);
  EXPECT_TRUE(signed_by(*mine, made["signature"],
                        "23:usance/device-reading/1,4:RF-1,2:42,4:1700,4:-182,8:25011000,"
                        "9:-55061200,1:1,"));
  const Json reading{{"counter", 42},
                     {"measured_ms", 1'700},
                     {"value", -182},
                     {"latitude_e6", 25'011'000},
                     {"longitude_e6", -55'061'200},
                     {"tampered", true}};
  EXPECT_EQ(made["reading"], reading);
}

TEST_F(StatementSigning, AReportNamesItsSourceOrNone) {
  const Bytes proof(32, 'p');
  const Json with = signed_report(
      {"oracle_aggregator", "f", 3, "oracle-1", 41, 1'700, "buoy 17", 1'600, proof}, *mine);
  EXPECT_TRUE(signed_by(*mine, with["signature"],
                        "22:usance/signed-report/1,17:oracle_aggregator,1:f,1:3,8:oracle-1,2:41,"
                        "4:1700,7:buoy 17,4:1600,32:" +
                            std::string(32, 'p') + ","));
  EXPECT_EQ(with["source"]["proof"], to_hex(proof));
  const Json without =
      signed_report({"oracle_aggregator", "f", 3, "oracle-1", 41, 1'700, "", 0, {}}, *mine);
  EXPECT_TRUE(signed_by(*mine, without["signature"],
                        "22:usance/signed-report/1,17:oracle_aggregator,1:f,1:3,8:oracle-1,2:41,"
                        "4:1700,0:,1:0,0:,"));
  EXPECT_FALSE(without.contains("source"));
}

TEST_F(StatementSigning, AnAttestationIsOfOneUndertakingsTerms) {
  const Bytes hash(32, 'h');
  const Json made = signed_attestation({"payment_undertaking", "harbour-bank/PU-3", hash}, *mine);
  EXPECT_TRUE(signed_by(*mine, made["signature"],
                        "20:usance/attestation/1,19:payment_undertaking,17:harbour-bank/PU-3,32:" +
                            std::string(32, 'h') + ","));
}

TEST_F(StatementSigning, ACommitmentIsOpenedByWhatIsKept) {
  const Bytes salt(3, 's');
  const Commitment report = committed_report({"f", 3, 42, salt, "oracle-1"});
  EXPECT_EQ(report.now["commitment"],
            to_hex(sha256(as_bytes("15:usance/report/1,1:f,1:3,2:42,3:sss,8:oracle-1,"))));
  EXPECT_EQ(decoded(report.later["salt"]), salt);
  EXPECT_EQ(report.later["value"], 42);
  EXPECT_FALSE(report.now.contains("value"));

  const Commitment bid = sealed_bid({"oracle_aggregator", "f", "oracle-1", 80, "port", salt});
  EXPECT_EQ(bid.now["commitment"],
            to_hex(sha256(as_bytes("12:usance/bid/1,17:oracle_aggregator,1:f,8:oracle-1,2:80,"
                                   "4:port,3:sss,"))));
  EXPECT_EQ(bid.later["price"], 80);
  EXPECT_FALSE(bid.now.contains("price"));
}

}  // namespace
}  // namespace usance::cli
