// What sensors of a shipment measured, from event messages: DCSA Track and Trace (reefer and IoT
// events) and GS1 EPCIS 2.0 (sensor elements, JSON-LD or XML). One reading becomes one oracle
// report.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace usance::documents {

struct SensorReading {
  std::string object;    // container number or EPC that was measured
  std::string quantity;  // "temperature", "humidity", "o2", "co2", "door" (1 open, 0 closed), ...
  std::string source;    // which sensor: "probe 1", a device's id, the event's own name of it
  std::string value;     // decimal as written: "-18.2"
  std::string unit;      // as written: CEL, FAH, P1, ...; empty for door
  std::string time;      // of the measurement, ISO 8601 as written
  std::string place;     // UN/LOCODE or read point; may be empty

  friend bool operator==(const SensorReading&, const SensorReading&) = default;
};

inline constexpr std::size_t kMaxReadings = 10'000;

// All readings in the file, in its order; none when its events measured nothing. kMalformed:
// neither JSON nor XML, broken, or too many; kUnsupported: neither of the two kinds.
[[nodiscard]] Result<std::vector<SensorReading>> read_sensor_events(std::string_view bytes);

// "-18.25" with one decimal is -183: rounded to the nearest, halves away from zero.
// kInvalidArgument when it is no decimal number or does not fit.
[[nodiscard]] Result<std::int64_t> scaled(std::string_view decimal, unsigned decimals);

}  // namespace usance::documents
