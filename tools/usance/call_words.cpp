#include "tools/usance/call_words.h"

#include <charconv>
#include <map>

namespace usance::cli {

namespace {

Outcome<std::uint64_t> number(const std::string& flag, const std::string& text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || out == 0)
    return stop(ExitCode::kUsage, flag + " takes a whole number from 1 on, not '" + text + "'");
  return out;
}

}  // namespace

Outcome<CallWords> split_call_words(Context& context, std::vector<std::string> words,
                                    const VerbFlags& takes) {
  CallWords out;
  std::map<std::string, std::string*> global = {
      {"--output", &context.output},   {"-o", &context.output},  {"--home", &context.home},
      {"--profile", &context.profile}, {"-p", &context.profile}, {"--node", &context.node},
      {"--timeout", &context.timeout}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--help" || word == "-h") {
      out.help = true;
    } else if (takes.dry_run && (word == "--dry-run" || word == "--simulate")) {
      out.dry_run = true;
    } else if (word == "--yes" || word == "-y") {
      context.yes = true;
    } else if (!word.starts_with("-") && out.contract.empty()) {
      out.contract = word;
    } else if (!word.starts_with("-") && out.method.empty() && out.flags.empty()) {
      out.method = word;
    } else {
      const std::size_t equals = word.find('=');
      const std::string flag = word.substr(0, equals);
      const bool counts =
          (takes.gas_limit && flag == "--gas-limit") || (takes.height && flag == "--height");
      const auto known = global.find(flag);
      if (known == global.end() && !counts) {
        out.flags.push_back(word);
        // The flag's value, which may begin with '-' as a negative amount does.
        if (equals == std::string::npos && i + 1 < words.size() &&
            !words[i + 1].starts_with("--") && words[i + 1] != "-h" && words[i + 1] != "-o" &&
            words[i + 1] != "-p" && words[i + 1] != "-y")
          out.flags.push_back(words[++i]);
        continue;
      }
      if (equals == std::string::npos && i + 1 == words.size())
        return stop(ExitCode::kUsage, flag + " needs a value");
      const std::string value = equals == std::string::npos ? words[++i] : word.substr(equals + 1);
      if (known != global.end()) {
        *known->second = value;
      } else {
        CLI_ASSIGN((flag == "--height" ? out.height : out.gas_limit), number(flag, value));
      }
    }
  }
  if (out.contract.empty() && !out.help)
    return stop(ExitCode::kUsage,
                "which contract? usance call CONTRACT METHOD --flag VALUE ...\nthose there are: "
                "usance contract list");
  if (context.output != "text" && context.output != "json")
    return stop(ExitCode::kUsage, "--output takes text or json, not '" + context.output + "'");
  return out;
}

}  // namespace usance::cli
