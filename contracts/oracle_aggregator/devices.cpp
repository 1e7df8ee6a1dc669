#include "oracle_aggregator/devices.h"

#include "contracts/sdk/instant.h"
#include "oracle_aggregator/statements.h"

namespace usance::oracle_aggregator::v1 {
namespace {

constexpr std::size_t kMaxGaps = 32;

std::string scope_of(std::string_view oracle, std::string_view serial) {
  return "device/" + std::string(oracle) + '/' + std::string(serial);
}

sdk::Record<Manufacturer> manufacturer_of(sdk::Context& ctx, std::string_view organisation) {
  return {ctx, "manufacturer/" + std::string(organisation)};
}

void store(sdk::Context& ctx, const Device& device) {
  sdk::Record<Device>(ctx, scope_of(device.oracle, device.serial)).put(device);
}

void require_key(const sdk::Bytes& key) {
  if (key.size() != kPublicKeyBytes) sdk::fail(errors::key_malformed());
}

void require_signature(sdk::Context& ctx, const Device& device, const DeviceReading& reading,
                       const sdk::Bytes& signature) {
  const sdk::Bytes statement =
      reading_statement({device.serial, reading.counter, reading.measured_ms, reading.value,
                         reading.latitude_e6, reading.longitude_e6, reading.tampered});
  if (!ctx.ed25519_verify(device.public_key, ctx.sha256(statement), signature))
    sdk::fail(errors::bad_device_signature(device.serial));
}

void require_trusted(sdk::Context& ctx, const Feed& feed, const Device& device,
                     const DeviceReading& reading) {
  if (device.feed != feed.feed) sdk::fail(errors::other_feed(device.serial, device.feed));
  if (!contains(feed.rules.manufacturers, device.manufacturer))
    sdk::fail(errors::manufacturer_not_trusted(feed.feed, device.manufacturer));
  if (device.tampered) sdk::fail(errors::device_tampered(device.serial));
  if (ctx.now_ms() > device.certified_until_ms)
    sdk::fail(
        errors::certificate_expired(device.serial, sdk::exact_instant(device.certified_until_ms)));
  if (device.calibrated_until_ms == 0) sdk::fail(errors::not_calibrated(device.serial));
  if (reading.measured_ms > device.calibrated_until_ms)
    sdk::fail(
        errors::calibration_expired(device.serial, sdk::exact_instant(device.calibrated_until_ms)));
}

// The first reading of a device begins its count, whatever its number.
void note_gap(Device& device, std::uint64_t counter) {
  const std::uint64_t expected = device.counter + 1;
  if (device.counter == 0 || counter == expected) return;
  if (device.gaps.size() == kMaxGaps) {
    device.forgotten += device.gaps.front().last - device.gaps.front().first + 1;
    device.gaps.erase(device.gaps.begin());
  }
  device.gaps.push_back({expected, counter - 1});
}

void fill_gap(Device& device, std::uint64_t counter) {
  for (std::size_t i = 0; i < device.gaps.size(); ++i) {
    const Gap gap = device.gaps[i];
    if (counter < gap.first || counter > gap.last) continue;
    const auto at = device.gaps.begin() + static_cast<std::ptrdiff_t>(i);
    if (gap.first == gap.last) {
      device.gaps.erase(at);
    } else if (counter == gap.first) {
      ++at->first;
    } else if (counter == gap.last) {
      --at->last;
    } else {
      at->last = counter - 1;
      // With no room for both halves the later one is kept as missing for good.
      if (device.gaps.size() < kMaxGaps)
        device.gaps.insert(at + 1, Gap{counter + 1, gap.last});
      else
        device.forgotten += gap.last - counter;
    }
    return;
  }
  sdk::fail(errors::no_gap(device.serial, counter));
}

}  // namespace

void register_manufacturer(sdk::Context& ctx, const RegisterManufacturerRequest& request) {
  require_key(request.public_key);
  manufacturer_of(ctx, ctx.organisation()).put({request.public_key});
}

void register_device(sdk::Context& ctx, const RegisterDeviceRequest& request) {
  require_key(request.public_key);
  const std::string& oracle = ctx.organisation();
  sdk::Record<Device> record(ctx, scope_of(oracle, request.serial));
  if (record.exists()) sdk::fail(errors::device_exists(oracle, request.serial));
  const Feed feed = load_feed(ctx, request.feed);
  if (!contains(feed.rules.manufacturers, request.manufacturer))
    sdk::fail(errors::manufacturer_not_trusted(feed.feed, request.manufacturer));
  const Manufacturer maker = manufacturer_of(ctx, request.manufacturer).get([&] {
    return errors::bad_certificate(request.serial, request.manufacturer);
  });
  const sdk::Bytes statement =
      certificate_statement({request.manufacturer, request.serial, request.model,
                             request.public_key, request.certified_until_ms});
  if (!ctx.ed25519_verify(maker.public_key, ctx.sha256(statement), request.certificate))
    sdk::fail(errors::bad_certificate(request.serial, request.manufacturer));
  if (request.certified_until_ms <= ctx.now_ms())
    sdk::fail(errors::certificate_expired(request.serial,
                                          sdk::exact_instant(request.certified_until_ms)));
  Device device;
  device.oracle = oracle;
  device.serial = request.serial;
  device.model = request.model;
  device.manufacturer = request.manufacturer;
  device.public_key = request.public_key;
  device.feed = request.feed;
  device.certified_until_ms = request.certified_until_ms;
  record.put(device);
  ctx.emit(DeviceRegistered{device.serial, oracle, device.manufacturer, device.feed});
}

void calibrate(sdk::Context& ctx, const CalibrateRequest& request) {
  if (ctx.organisation() == request.oracle) sdk::fail(errors::self_calibration(request.oracle));
  Device device = load_device(ctx, request.oracle, request.serial);
  device.calibrated_until_ms = request.valid_until_ms;
  device.calibrated_by = ctx.organisation();
  device.tampered = false;
  store(ctx, device);
  ctx.emit(DeviceCalibrated{device.serial, device.oracle, request.protocol, ctx.actor()});
}

Device load_device(sdk::Context& ctx, const std::string& oracle, const std::string& serial) {
  return sdk::Record<Device>(ctx, scope_of(oracle, serial)).get([&] {
    return errors::device_unknown(oracle, serial);
  });
}

bool take_reading(sdk::Context& ctx, const Feed& feed, const SubmitReadingRequest& request) {
  Device device = load_device(ctx, ctx.organisation(), request.serial);
  const DeviceReading& reading = request.reading;
  require_trusted(ctx, feed, device, reading);
  require_signature(ctx, device, reading, request.signature);
  if (reading.counter <= device.counter)
    sdk::fail(errors::counter_not_increasing(device.serial, device.counter, reading.counter));
  note_gap(device, reading.counter);
  device.counter = reading.counter;
  device.latest = reading;
  device.tampered = reading.tampered;
  store(ctx, device);
  if (reading.tampered) ctx.emit(DeviceTampered{device.serial, device.oracle, reading.counter});
  return !reading.tampered;
}

void require_in_time(sdk::Context& ctx, const Round& round, const DeviceReading& reading) {
  const std::int64_t earliest = round.started_ms - round.rules.timeout_ms;
  if (reading.measured_ms < earliest || reading.measured_ms > ctx.now_ms())
    sdk::fail(errors::reading_out_of_time(sdk::exact_instant(reading.measured_ms),
                                          sdk::exact_instant(earliest),
                                          sdk::exact_instant(ctx.now_ms())));
}

std::string prove_equivocation(sdk::Context& ctx, const EquivocationRequest& request) {
  Device device = load_device(ctx, request.oracle, request.serial);
  const SignedReading& first = request.first;
  const SignedReading& second = request.second;
  require_signature(ctx, device, first.reading, first.signature);
  require_signature(ctx, device, second.reading, second.signature);
  if (first.reading.counter != second.reading.counter || first.reading == second.reading)
    sdk::fail(errors::no_equivocation());
  device.tampered = true;
  store(ctx, device);
  return device.feed;
}

void backfill(sdk::Context& ctx, const BackfillRequest& request) {
  Device device = load_device(ctx, ctx.organisation(), request.serial);
  sdk::Collection<LateReading> late(ctx, scope_of(device.oracle, device.serial));
  for (const SignedReading& signed_reading : request.readings) {
    require_signature(ctx, device, signed_reading.reading, signed_reading.signature);
    fill_gap(device, signed_reading.reading.counter);
    late.put(sdk::ordered_key(signed_reading.reading.counter),
             {signed_reading.reading, ctx.now_ms()});
  }
  store(ctx, device);
  ctx.emit(ReadingsBackfilled{device.serial, device.oracle,
                              static_cast<std::uint32_t>(request.readings.size())});
}

}  // namespace usance::oracle_aggregator::v1
