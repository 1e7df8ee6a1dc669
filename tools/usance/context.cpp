#include "tools/usance/context.h"

#include <iostream>

#include "tools/render/calendar.h"

namespace usance::cli {

Outcome<Path> Context::home_folder() const {
  if (home.empty())
    return stop(ExitCode::kUsage,
                "no home: give --home DIR (or set USANCE_HOME), the folder of a network or member");
  return Path(home);
}

Outcome<Profile> Context::load() const {
  CLI_ASSIGN(const Path folder, home_folder());
  std::string name = profile;
  if (name.empty()) {
    const std::vector<std::string> known = list_profiles(folder);
    if (known.size() == 1) {
      name = known.front();
    } else {
      std::string names;
      for (const std::string& one : known) names += "\n  " + one;
      return stop(
          ExitCode::kUsage,
          known.empty()
              ? folder.string() + " holds no profiles: name the home of a network or member"
              : "who acts? give --profile NAME (or set USANCE_PROFILE); there are:" + names);
    }
  }
  CLI_ASSIGN(Profile loaded, load_profile(folder, name));
  if (!node.empty()) loaded.nodes = {node};
  return loaded;
}

Outcome<std::int64_t> Context::timeout_ms() const {
  CLI_ASSIGN(const std::int64_t ms, render::parse_duration(timeout));
  if (ms <= 0) return stop(ExitCode::kUsage, "--timeout must be above zero");
  return ms;
}

namespace {

// Documents and file names are strangers' text: no control characters reach a terminal but those
// that lines need.
std::string for_terminal(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f) c = '?';
  }
  return text;
}

}  // namespace

void print(const Context& context, const Json& json, const std::string& text) {
  if (context.json()) {
    // File names and what strangers wrote may hold bytes that are no UTF-8.
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  } else {
    std::cout << for_terminal(text);
    if (!text.empty() && text.back() != '\n') std::cout << "\n";
  }
  std::cout.flush();
}

void note(const std::string& text) {
  std::cerr << for_terminal(text) << "\n";
}

CLI::App* add_noun(CLI::App& app, const std::string& name, const std::string& help) {
  CLI::App* noun = app.add_subcommand(name, help);
  noun->require_subcommand(1);
  noun->fallthrough();
  return noun;
}

CLI::App* add_verb(CLI::App& noun, Context& context, const std::string& name,
                   const std::string& help, std::function<Outcome<ExitCode>()> run) {
  CLI::App* verb = noun.add_subcommand(name, help);
  verb->fallthrough();
  verb->callback([&context, run = std::move(run)] { context.action = run; });
  return verb;
}

CLI::Option* add_height_flag(CLI::App& verb, std::uint64_t& height, const std::string& help) {
  // CLI11 itself would take -1 for the greatest of all heights.
  const auto from_one = [](const std::string& text) {
    const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
    return digits && text.find_first_not_of('0') != std::string::npos
               ? std::string()
               : "takes a whole number from 1 on, not '" + text + "'";
  };
  return verb.add_option("--height", height, help)->check(CLI::Validator(from_one, "HEIGHT"));
}

}  // namespace usance::cli
