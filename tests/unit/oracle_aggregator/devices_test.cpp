#include "contracts/sdk/netstring.h"
#include "feed_fixture.h"
#include "keys.h"

namespace usance::oracle_aggregator::v1 {
namespace {

class DevicesTest : public FeedTest {
 protected:
  static constexpr std::int64_t kYearMs = 365LL * 86'400'000;

  void SetUp() override {
    FeedTest::SetUp();
    Rules hard = rules();
    hard.manufacturers = {"inspector"};  // it makes devices, too
    ASSERT_THAT(set_rules(hard), Succeeds());
    ASSERT_THAT(chain->call<method::RegisterManufacturer>(inspector, kContract, {key(0)}),
                Succeeds());
    for (int i = 1; i <= 5; ++i) {
      ASSERT_THAT(chain->call<method::RegisterDevice>(oracle(i), kContract, device(i)), Succeeds());
      ASSERT_THAT(calibrate(i, chain->now_ms() + kYearMs), Succeeds());
    }
  }

  // Key 0 is the manufacturer's, the others those of the devices.
  RegisterDeviceRequest device(int number) {
    RegisterDeviceRequest out;
    out.serial = "T-" + std::to_string(number);
    out.model = "Reefer 9";
    out.manufacturer = "inspector";
    out.public_key = key(number);
    out.certified_until_ms = chain->now_ms() + kYearMs;
    out.feed = kFeed;
    certify(out);
    return out;
  }
  static void certify(RegisterDeviceRequest& request) {
    request.certificate =
        sign(0, sdk::netstrings({"usance/device-certificate/1", request.manufacturer,
                                 request.serial, request.model, sdk::text_of(request.public_key),
                                 std::to_string(request.certified_until_ms)}));
  }
  testchain::Outcome calibrate(int number, std::int64_t until) {
    return chain->call<method::Calibrate>(
        inspector, kContract,
        {oracle(number).organisation, "T-" + std::to_string(number), until, Bytes(32, 3)});
  }
  DeviceReading reading(std::uint64_t counter, std::int64_t value) {
    DeviceReading out;
    out.counter = counter;
    out.measured_ms = chain->now_ms();
    out.value = value;
    out.latitude_e6 = 25'011'000;
    out.longitude_e6 = -55'061'000;
    return out;
  }
  static Bytes sign_reading(int number, const DeviceReading& reading) {
    return sign(number, sdk::netstrings(
                            {"usance/device-reading/1", "T-" + std::to_string(number),
                             std::to_string(reading.counter), std::to_string(reading.measured_ms),
                             std::to_string(reading.value), std::to_string(reading.latitude_e6),
                             std::to_string(reading.longitude_e6), reading.tampered ? "1" : "0"}));
  }
  testchain::Reply<RoundStatus> send(int number, std::uint64_t round,
                                     const DeviceReading& reading) {
    return chain->call<method::SubmitReading>(
        oracle(number), kContract,
        {kFeed, round, "T-" + std::to_string(number), reading, sign_reading(number, reading)});
  }
  testchain::Outcome backfill(int number, const std::vector<DeviceReading>& readings) {
    BackfillRequest request{"T-" + std::to_string(number), {}};
    for (const DeviceReading& each : readings)
      request.readings.push_back({each, sign_reading(number, each)});
    return chain->call<method::Backfill>(oracle(number), kContract, request);
  }
  Device state_of(int number) {
    return chain
        ->view<method::GetDevice>(insurer, kContract,
                                  {oracle(number).organisation, "T-" + std::to_string(number)})
        .response;
  }
};
USANCE_ON_EVERY_CHAIN(DevicesTest);

TEST_P(DevicesTest, SignedReadingsMakeTheAnswer) {
  EXPECT_THAT(submit(1, 1, 40), FailsWith(Error::kDeviceRequired));
  ASSERT_THAT(send(1, 1, reading(1, 40)), Succeeds());
  ASSERT_THAT(send(2, 1, reading(1, 599)), Succeeds());
  ASSERT_THAT(send(3, 1, reading(1, 41)), Succeeds());
  ASSERT_THAT(send(4, 1, reading(1, 42)), Succeeds());
  EXPECT_EQ(read().fresh->value, 41);
  EXPECT_EQ(round(1).submissions[0].device, "T-1");
  EXPECT_EQ(state_of(1).latest->latitude_e6, 25'011'000);
}

TEST_P(DevicesTest, AReadingMustBeTheDevicesOwn) {
  DeviceReading changed = reading(1, 40);
  const Bytes signature = sign_reading(1, changed);
  changed.value = 41;
  EXPECT_THAT(chain->call<method::SubmitReading>(oracle(1), kContract,
                                                 {kFeed, 1, "T-1", changed, signature}),
              FailsWith(Error::kBadDeviceSignature));
  const DeviceReading of_another = reading(1, 40);
  EXPECT_THAT(chain->call<method::SubmitReading>(
                  oracle(1), kContract, {kFeed, 1, "T-1", of_another, sign_reading(2, of_another)}),
              FailsWith(Error::kBadDeviceSignature));
  EXPECT_THAT(chain->call<method::SubmitReading>(
                  oracle(1), kContract, {kFeed, 1, "T-2", of_another, sign_reading(2, of_another)}),
              FailsWith(Error::kDeviceUnknown));
}

TEST_P(DevicesTest, TheCounterShowsReplaysAndGaps) {
  ASSERT_THAT(send(1, 1, reading(7, 40)), Succeeds());
  EXPECT_THAT(send(1, 2, reading(7, 40)), FailsWith(Error::kCounterNotIncreasing));
  ASSERT_THAT(send(2, 1, reading(1, 40)), Succeeds());
  ASSERT_THAT(send(3, 1, reading(1, 40)), Succeeds());
  ASSERT_THAT(send(1, 2, reading(12, 40)), Succeeds());
  EXPECT_EQ(state_of(1).gaps, (std::vector<Gap>{{8, 11}}));
  ASSERT_THAT(backfill(1, {reading(9, 300)}), Succeeds());
  EXPECT_EQ(state_of(1).gaps, (std::vector<Gap>{{8, 8}, {10, 11}}));
  EXPECT_THAT(backfill(1, {reading(9, 300)}), FailsWith(Error::kNoGap));
  EXPECT_THAT(backfill(1, {reading(13, 300)}), FailsWith(Error::kNoGap));
  ASSERT_THAT(backfill(1, {reading(8, 300), reading(10, 300), reading(11, 300)}), Succeeds());
  EXPECT_TRUE(state_of(1).gaps.empty());
  EXPECT_EQ(read().fresh->value, 40);  // what came late is part of no answer
}

TEST_P(DevicesTest, GapsAreBounded) {
  std::uint64_t counter = 1;
  for (std::uint64_t number = 1; number <= 34; ++number) {
    ASSERT_THAT(send(1, number, reading(counter, 40)), Succeeds());
    ASSERT_THAT(send(2, number, reading(number, 40)), Succeeds());
    ASSERT_THAT(send(3, number, reading(number, 40)), Succeeds());
    counter += 2;
  }
  EXPECT_EQ(state_of(1).gaps.size(), 32U);
  EXPECT_EQ(state_of(1).forgotten, 1U);
}

TEST_P(DevicesTest, ATamperedDeviceIsHeardAgainAfterACalibration) {
  DeviceReading broken = reading(1, 40);
  broken.tampered = true;
  const testchain::Reply<RoundStatus> kept = send(1, 1, broken);
  ASSERT_THAT(kept, Emits(DeviceTampered{"T-1", "oracle-1", 1}));
  EXPECT_EQ(kept.response.not_counted, "the device says that it was tampered with");
  EXPECT_EQ(feed().reporting_round, 0U);  // it was no report
  EXPECT_THAT(send(1, 1, reading(2, 40)), FailsWith(Error::kDeviceTampered));
  EXPECT_THAT(chain->call<method::Calibrate>(
                  oracle(1), kContract, {"oracle-1", "T-1", chain->now_ms() + 1, Bytes(32, 3)}),
              FailsWith(sdk::StandardError::kRoleRequired));
  ASSERT_THAT(calibrate(1, chain->now_ms() + kYearMs), Succeeds());
  EXPECT_THAT(send(1, 1, reading(2, 40)), Succeeds());
}

TEST_P(DevicesTest, CalibrationAndCertificateRunOut) {
  ASSERT_THAT(calibrate(1, chain->now_ms()), Succeeds());
  chain->advance_by(1);
  EXPECT_THAT(send(1, 1, reading(1, 40)), FailsWith(Error::kCalibrationExpired));
  chain->advance_by(kYearMs);
  EXPECT_THAT(send(2, 1, reading(1, 40)), FailsWith(Error::kCertificateExpired));
}

TEST_P(DevicesTest, OldAndFutureReadingsAreNoReports) {
  chain->advance_by(10 * kTimeoutMs);
  DeviceReading old = reading(1, 40);
  old.measured_ms -= kTimeoutMs + 1;
  EXPECT_THAT(send(1, 1, old), FailsWith(Error::kReadingOutOfTime));
  DeviceReading early = reading(1, 40);
  early.measured_ms += 1;
  EXPECT_THAT(send(1, 1, early), FailsWith(Error::kReadingOutOfTime));
  EXPECT_EQ(state_of(1).counter, 0U);
}

TEST_P(DevicesTest, AReadingOutOfBoundsNeverBecomesANumber) {
  ASSERT_THAT(send(1, 1, reading(1, 9'999)), Succeeds());
  ASSERT_THAT(send(2, 1, reading(1, 9'999)), Succeeds());
  EXPECT_EQ(round(1).state, RoundState::kInvalid);
}

TEST_P(DevicesTest, TwoReadingsUnderOneNumberCostTheOracleItsPlace) {
  const DeviceReading one = reading(5, 40);
  DeviceReading other = one;
  const auto prove = [&](const DeviceReading& second, int signer_of_second) {
    return chain->call<method::ProveEquivocation>(
        carrier, kContract,
        {"oracle-1",
         "T-1",
         {one, sign_reading(1, one)},
         {second, sign_reading(signer_of_second, second)}});
  };
  EXPECT_THAT(prove(one, 1), FailsWith(Error::kNoEquivocation));
  other.value = 90;
  EXPECT_THAT(prove(other, 2), FailsWith(Error::kBadDeviceSignature));
  other.counter = 6;
  EXPECT_THAT(prove(other, 1), FailsWith(Error::kNoEquivocation));
  other.counter = 5;
  ASSERT_THAT(send(2, 1, reading(1, 40)), Succeeds());
  ASSERT_THAT(prove(other, 1), Emits(OracleExpelled{kFeed, "oracle-1", {"carrier", carrier.user}}));
  EXPECT_TRUE(state_of(1).tampered);
  EXPECT_EQ(feed().oracles, 4U);
  EXPECT_EQ(eligibility(1).reason, "EXPELLED");  // from the round that is open, too
}

TEST_P(DevicesTest, ADeviceIsCalibratedBeforeItsFirstReading) {
  ASSERT_THAT(chain->call<method::RegisterDevice>(oracle(1), kContract, device(6)), Succeeds());
  const DeviceReading first = reading(1, 40);
  EXPECT_THAT(chain->call<method::SubmitReading>(oracle(1), kContract,
                                                 {kFeed, 1, "T-6", first, sign_reading(6, first)}),
              FailsWith(Error::kNotCalibrated));
}

TEST_P(DevicesTest, OnlyCertifiedDevicesOfTrustedMakersAreTaken) {
  RegisterDeviceRequest extra = device(6);
  extra.model = "Reefer 10";
  EXPECT_THAT(chain->call<method::RegisterDevice>(oracle(1), kContract, extra),
              FailsWith(Error::kBadCertificate));
  extra = device(6);
  extra.certified_until_ms = chain->now_ms();
  certify(extra);
  EXPECT_THAT(chain->call<method::RegisterDevice>(oracle(1), kContract, extra),
              FailsWith(Error::kCertificateExpired));
  extra = device(6);
  extra.manufacturer = "carrier";
  EXPECT_THAT(chain->call<method::RegisterDevice>(oracle(1), kContract, extra),
              FailsWith(Error::kManufacturerNotTrusted));
  EXPECT_THAT(chain->call<method::RegisterDevice>(oracle(1), kContract, device(1)),
              FailsWith(Error::kDeviceExists));
  EXPECT_THAT(chain->call<method::RegisterManufacturer>(carrier, kContract, {Bytes(31, 1)}),
              FailsWith(Error::kKeyMalformed));
}

}  // namespace
}  // namespace usance::oracle_aggregator::v1
