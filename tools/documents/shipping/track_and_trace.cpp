// DCSA Track and Trace 3.0: reefer events (measurements) and IoT events (doors).
#include "tools/documents/shipping/event_readers.h"

namespace usance::documents {

namespace {

std::vector<Json> events_of(const Json& root) {
  if (root.is_array()) return root.get<std::vector<Json>>();
  if (at(root, "events").is_array()) return list_at(root, "events");
  return {root};
}

// A number as its shortest decimal; empty when it is none or only an exponent writes it.
std::string decimal_of(const Json& value) {
  if (!value.is_number()) return "";
  const std::string text = value.dump();
  return text.find_first_not_of("-0123456789.") == std::string::npos ? text : "";
}

std::string place_of(const Json& event) {
  const Json& location = at(event, "eventLocation");
  const std::string code = text_at(location, "UNLocationCode");
  return code.empty() ? text_at(location, "locationName") : code;
}

// What a member's name says was measured; empty for set points and what is no measurement.
std::string quantity_named(const std::string& name) {
  if (name.find("etpoint") != std::string::npos) return "";
  if (name.ends_with("Temperature")) return "temperature";
  if (!name.ends_with("Percentage")) return "";
  return name.substr(0, name.size() - std::string_view("Percentage").size());
}

void read_reefer(const Json& event, const SensorReading& base, std::vector<SensorReading>& out) {
  const Json& details = at(event, "reeferDetails");
  const auto add = [&](const std::string& quantity, const std::string& source, const Json& value) {
    SensorReading reading = base;
    reading.quantity = quantity;
    reading.source = source;
    reading.value = decimal_of(value);
    reading.unit = quantity == "temperature" ? text_at(details, "temperatureUnit") : "P1";
    if (!reading.value.empty()) out.push_back(std::move(reading));
  };
  for (const Json& probe : list_at(details, "temperatureProbeMeasurements"))
    add("temperature", "probe " + decimal_of(at(probe, "USDAProbeNumber")),
        at(probe, "measuredTemperatureValue"));
  const auto measured = [&](const Json& object) {
    if (!object.is_object()) return;
    for (const auto& [name, value] : object.items())
      if (const std::string quantity = quantity_named(name); !quantity.empty())
        add(quantity, name, value);
  };
  measured(details);
  for (const char* group : {"measuredParameters", "measuredAtmosphere"})
    measured(at(details, group));
}

void read_door(const Json& event, SensorReading base, std::vector<SensorReading>& out) {
  const std::string code = text_at(at(event, "iotDetails"), "iotEventCode");
  if (code != "DRO" && code != "DRC") return;
  base.quantity = "door";
  base.source = code;
  base.value = code == "DRO" ? "1" : "0";
  out.push_back(std::move(base));
}

}  // namespace

bool is_track_and_trace(const Json& root) {
  for (const Json& event : events_of(root))
    if (at(event, "eventClassification").is_object()) return true;
  return false;
}

std::vector<SensorReading> read_track_and_trace(const Json& root) {
  std::vector<SensorReading> out;
  for (const Json& event : events_of(root)) {
    if (out.size() > kMaxReadings) break;
    const Json& kind = at(event, "eventClassification");
    // Planned and estimated values are no measurements.
    if (text_at(kind, "eventClassifierCode") != "ACT") continue;
    SensorReading base;
    base.object = text_at(at(event, "equipmentDetails"), "equipmentReference");
    base.time = text_at(event, "eventDateTime");
    base.place = place_of(event);
    const std::string type = text_at(kind, "eventTypeCode");
    if (type == "REEFER") read_reefer(event, base, out);
    if (type == "IOT") read_door(event, base, out);
  }
  return out;
}

}  // namespace usance::documents
