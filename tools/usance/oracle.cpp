#include <memory>

#include "tools/documents/shipping/sensor_events.h"
#include "tools/render/calendar.h"
#include "tools/usance/clock.h"
#include "tools/usance/files.h"
#include "tools/usance/oracle_commands.h"

namespace usance::cli {

namespace {

using documents::SensorReading;

struct OracleFlags {
  std::string file;
  std::string object;
  std::string quantity;
  std::string source;
  std::string unit;
  std::string feed;
  std::uint64_t round = 0;
  unsigned decimals = 0;
};

Outcome<std::vector<SensorReading>> chosen(const OracleFlags& flags) {
  CLI_ASSIGN(const std::string bytes, read_file(flags.file));
  const Result<std::vector<SensorReading>> all = documents::read_sensor_events(bytes);
  if (!all) return stop(ExitCode::kUsage, flags.file + ": " + all.error().message);
  std::vector<SensorReading> out;
  for (const SensorReading& reading : *all)
    if ((flags.object.empty() || reading.object == flags.object) &&
        (flags.quantity.empty() || reading.quantity == flags.quantity) &&
        (flags.source.empty() || reading.source == flags.source))
      out.push_back(reading);
  return out;
}

Json json_of(const SensorReading& r) {
  return Json{{"object", r.object}, {"quantity", r.quantity}, {"source", r.source},
              {"value", r.value},   {"unit", r.unit},         {"time", r.time},
              {"place", r.place}};
}

Outcome<ExitCode> readings(const Context& context, const OracleFlags& flags) {
  CLI_ASSIGN(const std::vector<SensorReading> list, chosen(flags));
  Json json = Json::array();
  std::string text;
  for (const SensorReading& r : list) {
    json.push_back(json_of(r));
    text += r.time + "  " + r.object + "  " + r.quantity + " " + r.value +
            (r.unit.empty() ? "" : " " + r.unit) + "  (" + r.source + ")" +
            (r.place.empty() ? "" : " at " + r.place) + "\n";
  }
  print(context, Json{{"readings", json}}, text + std::to_string(list.size()) + " readings");
  return ExitCode::kOk;
}

// The newest of several objects' readings would be a report about whichever spoke last.
Outcome<void> are_of_one(const std::vector<SensorReading>& list, const char* flag,
                         std::string SensorReading::* what) {
  const std::string& first = list.front().*what;
  for (const SensorReading& reading : list)
    if (reading.*what != first)
      return stop(ExitCode::kUsage, "the readings are of '" + first + "' and of '" + reading.*what +
                                        "': choose by " + flag);
  return {};
}

// Units are not converted: a feed has one, and whoever mixes them up must hear of it.
Outcome<ExitCode> report(const Context& context, const OracleFlags& flags) {
  CLI_ASSIGN(const std::vector<SensorReading> list, chosen(flags));
  if (list.empty()) return stop(ExitCode::kUsage, "no reading is as asked for");
  CLI_TRY(are_of_one(list, "--quantity", &SensorReading::quantity));
  CLI_TRY(are_of_one(list, "--object", &SensorReading::object));
  CLI_TRY(are_of_one(list, "--source", &SensorReading::source));
  const SensorReading* newest = &list.front();
  std::size_t of_that_time = 0;
  for (const SensorReading& reading : list) {
    if (reading.time > newest->time) of_that_time = 0;
    if (reading.time >= newest->time) newest = &reading;
    if (reading.time == newest->time) ++of_that_time;
  }
  if (of_that_time > 1)
    return stop(ExitCode::kUsage, "several readings are of " + newest->time +
                                      ": which of them is meant cannot be told");
  if (!flags.unit.empty() && newest->unit != flags.unit)
    return stop(ExitCode::kUsage, "the reading is in '" + newest->unit + "', not in " + flags.unit);
  CLI_ASSIGN(const std::int64_t value, documents::scaled(newest->value, flags.decimals));
  const Json request{{"feed", flags.feed}, {"round", flags.round}, {"value", value}};
  print(context, Json{{"method", "Submit"}, {"request", request}, {"reading", json_of(*newest)}},
        request.dump(2, ' ', false, Json::error_handler_t::replace));
  return ExitCode::kOk;
}

}  // namespace

Outcome<std::string> organisation_or_own(const Context& context, const std::string& given,
                                         const char* flag) {
  if (!given.empty()) return given;
  const Outcome<Profile> profile = context.load();
  if (!profile)
    return stop(ExitCode::kUsage,
                "whose is it? " + std::string(flag) + ", or a profile: " + profile.error().message);
  return profile->org.value;
}

Outcome<std::int64_t> value_in_units(const std::string& value, unsigned decimals) {
  const Result<std::int64_t> units = documents::scaled(value, decimals);
  if (!units) return stop(ExitCode::kUsage, "--value: " + units.error().message);
  return *units;
}

Outcome<std::int64_t> instant_or_now(const char* flag, const std::string& given) {
  if (given.empty()) return now_ms();
  const Result<std::int64_t> at = render::parse_time(given);
  if (!at) return stop(ExitCode::kUsage, std::string(flag) + ": " + at.error().message);
  return *at;
}

void print_arguments(const Context& context, const char* method, const Json& arguments) {
  print(context, Json{{"method", method}, {"request", arguments}},
        arguments.dump(2, ' ', false, Json::error_handler_t::replace));
}

void add_oracle_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "oracle", "What oracles, their devices and device makers sign");
  const auto flags = std::make_shared<OracleFlags>();
  const auto add_choice = [flags](CLI::App& verb) {
    verb.add_option("FILE", flags->file, "DCSA track and trace JSON, EPCIS JSON or XML")
        ->required();
    verb.add_option("--object", flags->object, "Only of this container or EPC");
    verb.add_option("--quantity", flags->quantity, "Only this: temperature, humidity, door, ...");
    verb.add_option("--source", flags->source, "Only of this sensor");
  };
  add_choice(*add_verb(*noun, context, "readings", "What was measured; offline",
                       [&context, flags] { return readings(context, *flags); }));
  CLI::App* submit =
      add_verb(*noun, context, "report", "The newest reading as the arguments of Submit; offline",
               [&context, flags] { return report(context, *flags); });
  add_choice(*submit);
  submit->add_option("--feed", flags->feed, "The feed")->required();
  submit->add_option("--round", flags->round, "Its round")->required();
  submit->add_option("--decimals", flags->decimals, "The feed's; values are rounded to the nearest")
      ->required()
      ->check(CLI::Range(0, 18));
  submit->add_option("--unit", flags->unit, "The feed's; another one in the reading is an error");
  add_oracle_devices(*noun, context);
  add_oracle_reports(*noun, context);
}

}  // namespace usance::cli
