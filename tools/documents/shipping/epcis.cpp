// GS1 EPCIS 2.0, sensor elements (chapter 7.3.7), in JSON-LD and XML.
#include <cctype>

#include "tools/documents/shipping/event_readers.h"
#include "tools/documents/xml_reader.h"

namespace usance::documents {

namespace {

// "gs1:Temperature", "https://gs1.org/voc/Temperature" and "Temperature" are one.
std::string quantity_of(const std::string& type) {
  std::string out = type.substr(type.find_last_of(":/#") + 1);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out == "relativehumidity" || out == "relative_humidity" ? "humidity" : out;
}

// A report has value, or a mean over a time; bounds alone say nothing of the moment.
struct Report {
  std::string type, value, mean, unit, device, time;
};

void add(const SensorReading& base, const Report& report, std::vector<SensorReading>& out) {
  SensorReading reading = base;
  reading.quantity = quantity_of(report.type);
  reading.value = report.value.empty() ? report.mean : report.value;
  reading.unit = report.unit;
  if (!report.device.empty()) reading.source = report.device;
  if (!report.time.empty()) reading.time = report.time;
  if (!reading.value.empty() && !reading.quantity.empty()) out.push_back(std::move(reading));
}

std::string decimal_at(const Json& object, const char* name) {
  const Json& value = at(object, name);
  return value.is_number() ? value.dump() : text_at(object, name);
}

const std::vector<std::pair<const char*, const char*>> kObjects = {
    {"epcList", "epc"}, {"parentID", "parentID"}, {"childEPCs", "epc"}};

std::string object_of(const Json& event) {
  for (const auto& [list, unused] : kObjects) {
    const Json& value = at(event, list);
    if (value.is_string()) return value.get<std::string>();
    if (value.is_array() && !value.empty() && value[0].is_string())
      return value[0].get<std::string>();
  }
  return "";
}

std::string object_of(const pugi::xml_node& event) {
  for (const auto& [list, element] : kObjects) {
    const pugi::xml_node node = child(event, list);
    const std::string text =
        std::string_view(list) == element ? text_of(node) : text_of(child(node, element));
    if (!text.empty()) return text;
  }
  return "";
}

void read_event(const Json& event, std::vector<SensorReading>& out) {
  SensorReading base;
  base.object = object_of(event);
  base.place = text_at(at(event, "readPoint"), "id");
  for (const Json& element : list_at(event, "sensorElementList")) {
    const Json& metadata = at(element, "sensorMetadata");
    base.source = text_at(metadata, "deviceID");
    base.time = text_at(metadata, "time");
    if (base.time.empty()) base.time = text_at(event, "eventTime");
    for (const Json& report : list_at(element, "sensorReport"))
      add(base,
          {text_at(report, "type"), decimal_at(report, "value"), decimal_at(report, "meanValue"),
           text_at(report, "uom"), text_at(report, "deviceID"), text_at(report, "time")},
          out);
  }
}

void read_event(const pugi::xml_node& event, std::vector<SensorReading>& out) {
  SensorReading base;
  base.object = object_of(event);
  base.place = text_of(child(event, "readPoint", "id"));
  // EPCIS 2.0 puts the list among an event's elements, or into its extension.
  pugi::xml_node list = child(event, "sensorElementList");
  if (!list) list = child(event, "extension", "sensorElementList");
  for (const pugi::xml_node& element : list.children()) {
    if (local_name(element) != "sensorElement") continue;
    const pugi::xml_node metadata = child(element, "sensorMetadata");
    base.source = metadata.attribute("deviceID").value();
    base.time = metadata.attribute("time").value();
    if (base.time.empty()) base.time = text_of(child(event, "eventTime"));
    for (const pugi::xml_node& report : element.children()) {
      if (local_name(report) != "sensorReport") continue;
      const auto attribute = [&](const char* name) {
        return std::string(report.attribute(name).value());
      };
      add(base,
          {attribute("type"), attribute("value"), attribute("meanValue"), attribute("uom"),
           attribute("deviceID"), attribute("time")},
          out);
    }
  }
}

}  // namespace

bool is_epcis(const Json& root) {
  return at(root, "epcisBody").is_object() || at(root, "sensorElementList").is_array();
}

std::vector<SensorReading> read_epcis(const Json& root) {
  std::vector<SensorReading> out;
  const Json& body = at(root, "epcisBody");
  std::vector<Json> events = list_at(body, "eventList");
  if (events.empty()) events = list_at(at(body, "queryResults", "resultsBody"), "eventList");
  if (at(body, "event").is_object()) events.push_back(at(body, "event"));
  if (!body.is_object()) events.push_back(root);
  for (const Json& event : events)
    if (out.size() <= kMaxReadings) read_event(event, out);
  return out;
}

bool is_epcis(const pugi::xml_node& root) {
  return local_name(root) == "EPCISDocument" || local_name(root) == "EPCISQueryDocument";
}

std::vector<SensorReading> read_epcis(const pugi::xml_node& root) {
  std::vector<SensorReading> out;
  const pugi::xml_node body = child(root, "EPCISBody");
  pugi::xml_node list = child(body, "EventList");
  if (!list) list = child(body, "QueryResults", "resultsBody", "EventList");
  for (const pugi::xml_node& event : list.children()) {
    if (event.type() == pugi::node_element && out.size() <= kMaxReadings) read_event(event, out);
    // Before 2.0, new kinds of event stand in an extension element.
    if (local_name(event) == "extension")
      for (const pugi::xml_node& inner : event.children()) read_event(inner, out);
  }
  return out;
}

}  // namespace usance::documents
