#include "tools/usance/completion.h"

#include "tools/usance/context.h"

namespace usance::cli {

namespace {

const CLI::App* subcommand(const CLI::App& app, const std::string& word) {
  for (const CLI::App* one : app.get_subcommands([](const CLI::App*) { return true; }))
    if (one->get_name() == word) return one;
  return nullptr;
}

// The flag of this command or of one above it.
const CLI::Option* flag_of(const CLI::App& app, const std::string& word) {
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent())
    if (const CLI::Option* option = at->get_option_no_throw(word)) return option;
  return nullptr;
}

}  // namespace

std::vector<std::string> completions(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  const std::string last = words.empty() ? "" : words.back();
  bool value_follows = false;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (value_follows) {
      value_follows = false;
      continue;
    }
    if (words[i].starts_with("-")) {
      const CLI::Option* option = flag_of(*at, words[i]);
      value_follows = option != nullptr && option->get_type_size() > 0;
    } else if (const CLI::App* next = subcommand(*at, words[i])) {
      at = next;
    }
  }
  std::vector<std::string> all;
  if (value_follows) {
    const std::string& flag = words[words.size() - 2];
    if (flag == "-o" || flag == "--output") all = {"json", "text"};
  } else if (last.starts_with("-")) {
    for (const CLI::App* one = at; one != nullptr; one = one->get_parent())
      for (const CLI::Option* option : one->get_options())
        for (const std::string& name : option->get_lnames()) all.push_back("--" + name);
  } else {
    for (const CLI::App* one : at->get_subcommands([](const CLI::App*) { return true; }))
      all.push_back(one->get_name());
  }
  std::erase_if(all, [&](const std::string& word) { return !word.starts_with(last); });
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::string completion_script(const std::string& shell) {
  const std::string ask = std::string("usance ") + kCompleteWord;
  if (shell == "bash")
    return "# bash: source <(usance completion bash)\n"
           "_usance() {\n"
           "  local IFS=$'\\n'\n"
           "  COMPREPLY=($(" +
           ask +
           " \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null))\n"
           "}\n"
           "complete -o default -F _usance usance\n";
  if (shell == "zsh")
    return "# zsh: source <(usance completion zsh), after compinit\n"
           "_usance() {\n"
           "  local -a found\n"
           "  found=(${(f)\"$(" +
           ask +
           " \"${(@)words[2,CURRENT]}\" 2>/dev/null)\"})\n"
           "  (( $#found )) && compadd -- $found || _files\n"
           "}\n"
           "compdef _usance usance\n";
  if (shell == "fish")
    return "# fish: usance completion fish | source\n"
           "complete -c usance -a '(" +
           ask + " (commandline -opc)[2..] (commandline -ct))'\n";
  return "";
}

void add_completion_commands(CLI::App& app, Context& context) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* verb =
      add_verb(app, context, "completion",
               "Print a script that completes commands: source <(usance completion bash)",
               [&context, shell]() -> Outcome<ExitCode> {
                 const std::string script = completion_script(*shell);
                 print(context, Json{{"shell", *shell}, {"script", script}}, script);
                 return ExitCode::kOk;
               });
  verb->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

}  // namespace usance::cli
