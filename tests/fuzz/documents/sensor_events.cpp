// Whatever the file: readings or an error; every reading's value scales or is refused.
#include "tools/documents/shipping/sensor_events.h"

#include "base/types.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  const auto readings = documents::read_sensor_events(as_text(ByteView(data, size)));
  if (!readings) return 0;
  for (const documents::SensorReading& reading : *readings)
    (void)documents::scaled(reading.value, 2);
  return 0;
}
