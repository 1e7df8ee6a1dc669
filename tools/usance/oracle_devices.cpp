// usance oracle certify-device | sign-reading: what the makers of measuring devices sign, and the
// devices themselves. Offline.
#include <limits>
#include <memory>
#include <optional>

#include "base/key_file.h"
#include "tools/documents/shipping/sensor_events.h"
#include "tools/usance/clock.h"
#include "tools/usance/oracle_commands.h"
#include "tools/usance/reading_counter.h"
#include "tools/usance/statement_signing.h"

namespace usance::cli {

namespace {

struct CertifyFlags {
  std::string key;
  std::string manufacturer;
  std::string serial;
  std::string model;
  std::string device_key;
  std::string until;
};

struct ReadingFlags {
  std::string key;
  std::string serial;
  std::optional<std::uint64_t> counter;
  std::string counter_file;
  std::string value;
  unsigned decimals = 0;
  std::string measured;
  std::string latitude = "0";
  std::string longitude = "0";
  bool tampered = false;
};

Outcome<ExitCode> certify(const Context& context, const CertifyFlags& flags) {
  CLI_ASSIGN(const std::string manufacturer,
             organisation_or_own(context, flags.manufacturer, "--manufacturer"));
  PublicKey device_key;
  if (!fixed_from_hex(flags.device_key, device_key) || !is_acceptable_key(device_key))
    return stop(ExitCode::kUsage,
                "--device-key takes the device's public key, the 64 hexadecimal digits that usance "
                "keys show prints");
  CLI_ASSIGN(const std::int64_t until_ms, instant_or_now("--until", flags.until));
  if (until_ms <= now_ms())
    return stop(ExitCode::kUsage, "--until has passed: no oracle could register the device");
  CLI_ASSIGN(const SecretSeed seed, read_key_file(flags.key));
  const Json arguments =
      certified_device({manufacturer, flags.serial, flags.model, device_key.view(), until_ms},
                       *ed25519_signer(seed));
  print_arguments(context, "RegisterDevice", arguments);
  return ExitCode::kOk;
}

Outcome<std::int32_t> degrees(const char* flag, const std::string& text, std::int64_t most) {
  const Result<std::int64_t> millionths = documents::scaled(text, 6);
  if (!millionths || *millionths > most * 1'000'000 || *millionths < -most * 1'000'000)
    return stop(ExitCode::kUsage, std::string(flag) + " takes degrees from -" +
                                      std::to_string(most) + " to " + std::to_string(most) +
                                      ", not '" + text + "'");
  return static_cast<std::int32_t>(*millionths);
}

// Last of all, so that no number is spent on a reading that is not signed.
Outcome<std::uint64_t> counter_of(const ReadingFlags& flags) {
  if (flags.counter && *flags.counter == 0)
    return stop(ExitCode::kUsage, "--counter: a device counts its readings from 1 on");
  if (!flags.counter_file.empty()) {
    CLI_ASSIGN(const std::uint64_t taken, take_counter(flags.counter_file, flags.counter));
    return taken;
  }
  if (!flags.counter)
    return stop(ExitCode::kUsage,
                "which number has the reading? --counter N, or --counter-file FILE, which counts "
                "and never gives a number twice");
  return *flags.counter;
}

Outcome<ExitCode> sign(const Context& context, const ReadingFlags& flags) {
  oracle_aggregator::MeasuredValue reading;
  reading.serial = flags.serial;
  reading.tampered = flags.tampered;
  CLI_ASSIGN(reading.value, value_in_units(flags.value, flags.decimals));
  CLI_ASSIGN(reading.measured_ms, instant_or_now("--measured", flags.measured));
  CLI_ASSIGN(reading.latitude_e6, degrees("--latitude", flags.latitude, 90));
  CLI_ASSIGN(reading.longitude_e6, degrees("--longitude", flags.longitude, 180));
  CLI_ASSIGN(const SecretSeed seed, read_key_file(flags.key));
  CLI_ASSIGN(reading.counter, counter_of(flags));
  print_arguments(context, "SubmitReading", signed_reading(reading, *ed25519_signer(seed)));
  return ExitCode::kOk;
}

void add_certify(CLI::App& noun, Context& context) {
  const auto flags = std::make_shared<CertifyFlags>();
  CLI::App* verb =
      add_verb(noun, context, "certify-device",
               "By its maker: a device's certificate as the arguments of RegisterDevice; offline",
               [&context, flags] { return certify(context, *flags); });
  verb->add_option("--key", flags->key, "The maker's key file; RegisterManufacturer has its key")
      ->required();
  verb->add_option("--manufacturer", flags->manufacturer,
                   "The maker's organisation; the profile's when left away");
  verb->add_option("--serial", flags->serial, "The device's serial number")->required();
  verb->add_option("--model", flags->model, "Its model")->required();
  verb->add_option("--device-key", flags->device_key, "Its public key: 64 hexadecimal digits")
      ->required();
  verb->add_option("--until", flags->until, "Until when it holds: 2027-11-21T00:00:00Z")
      ->required();
  verb->footer(
      "  usance oracle certify-device ... > RF-1.certificate.json\n"
      "  usance call oracle_aggregator RegisterDevice --feed FEED --arguments "
      "@RF-1.certificate.json");
}

void add_sign(CLI::App& noun, Context& context) {
  const auto flags = std::make_shared<ReadingFlags>();
  CLI::App* verb = add_verb(noun, context, "sign-reading",
                            "By a device: a signed reading for SubmitReading or Backfill; offline",
                            [&context, flags] { return sign(context, *flags); });
  verb->add_option("--key", flags->key, "The device's key file")->required();
  verb->add_option("--serial", flags->serial, "Its serial number")->required();
  verb->add_option("--counter", flags->counter, "The reading's number, each time a greater one");
  verb->add_option("--counter-file", flags->counter_file,
                   "Counts by itself and keeps the newest number here; made when there is none");
  verb->add_option("--value", flags->value, "What was measured: -18.2")->required();
  verb->add_option("--decimals", flags->decimals, "The feed's; the value is rounded to the nearest")
      ->required()
      ->check(CLI::Range(0, 18));
  verb->add_option("--measured", flags->measured, "When: 2026-11-21T10:30:00Z; now if left away");
  verb->add_option("--latitude", flags->latitude, "Where, in degrees: 25.011")
      ->capture_default_str();
  verb->add_option("--longitude", flags->longitude, "-55.0612; west is negative")
      ->capture_default_str();
  verb->add_flag("--tampered", flags->tampered, "The device notices that it was tampered with");
  verb->footer(
      "  usance oracle sign-reading ... > reading.json\n"
      "  usance call oracle_aggregator SubmitReading --feed FEED --round N --serial SERIAL "
      "--arguments @reading.json\n"
      "  usance call oracle_aggregator Backfill --serial SERIAL --readings @reading.json");
}

}  // namespace

void add_oracle_devices(CLI::App& noun, Context& context) {
  add_certify(noun, context);
  add_sign(noun, context);
}

}  // namespace usance::cli
