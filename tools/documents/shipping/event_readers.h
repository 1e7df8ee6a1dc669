// The two kinds of event message, for sensor_events.cpp.
#pragma once

#include <pugixml.hpp>

#include "tools/documents/json_reader.h"
#include "tools/documents/shipping/sensor_events.h"

namespace usance::documents {

// DCSA Track and Trace 3: {"events": [...]}, a list of events, or one.
[[nodiscard]] bool is_track_and_trace(const Json& root);
[[nodiscard]] std::vector<SensorReading> read_track_and_trace(const Json& root);

// GS1 EPCIS 2.0: a document, a query's results, or one event.
[[nodiscard]] bool is_epcis(const Json& root);
[[nodiscard]] std::vector<SensorReading> read_epcis(const Json& root);
[[nodiscard]] bool is_epcis(const pugi::xml_node& root);
[[nodiscard]] std::vector<SensorReading> read_epcis(const pugi::xml_node& root);

}  // namespace usance::documents
