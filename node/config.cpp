#include "node/config.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <numeric>
#include <sstream>
#include <toml.hpp>

#include "base/file.h"
#include "node/log.h"

namespace usance::node {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1] ? 1 : 0)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

Error unknown_key(const std::string& key) {
  const auto& options = config_options();
  const auto nearest = std::min_element(
      options.begin(), options.end(), [&](const ConfigOption& a, const ConfigOption& b) {
        return edit_distance(key, a.key) < edit_distance(key, b.key);
      });
  return {ErrorCode::kInvalidArgument,
          "unknown key '" + key + "'; did you mean '" + nearest->key + "'?"};
}

const ConfigOption* find_option(const std::string& key) {
  for (const ConfigOption& option : config_options())
    if (option.key == key) return &option;
  return nullptr;
}

Result<void> apply(Config& config, const std::string& key, std::vector<std::string> values,
                   const std::filesystem::path& folder) {
  const ConfigOption* option = find_option(key);
  if (option == nullptr) return tl::unexpected<Error>(unknown_key(key));
  if (option->path && values.size() == 1 && !values[0].empty())
    values[0] = (folder / values[0]).lexically_normal().string();
  if (auto set = option->set(config, values); !set)
    return fail_with("key '" + key + "'", set.error());
  return {};
}

Result<std::string> scalar(const toml::value& value, const std::string& key) {
  if (value.is_string()) return value.as_string().str;
  if (value.is_integer()) return std::to_string(value.as_integer());
  if (value.is_boolean()) return std::string(value.as_boolean() ? "true" : "false");
  return fail(ErrorCode::kInvalidArgument,
              "key '" + key + "' takes a text, a number or a list of texts");
}

Result<void> apply_file(Config& config, const std::filesystem::path& file) {
  USANCE_ASSIGN(const std::string text, read_file(file));
  toml::value root;
  try {
    std::istringstream in(text);
    root = toml::parse(in, file.string());
  } catch (const std::exception& error) {
    return fail(ErrorCode::kMalformed, file.string() + ": " + error.what());
  }
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  for (const auto& [section, table] : root.as_table()) {
    if (!table.is_table()) return tl::unexpected<Error>(unknown_key(section));
    for (const auto& [name, value] : table.as_table()) {
      const std::string key = section + "." + name;
      std::vector<std::string> values;
      if (value.is_array()) {
        const ConfigOption* option = find_option(key);
        if (option != nullptr && !option->list)
          return fail(ErrorCode::kInvalidArgument, "key '" + key + "' takes one value, no list");
        for (const toml::value& element : value.as_array()) {
          USANCE_ASSIGN(values.emplace_back(), scalar(element, key));
        }
      } else {
        USANCE_ASSIGN(values.emplace_back(), scalar(value, key));
      }
      USANCE_TRY(apply(config, key, std::move(values), folder));
    }
  }
  return {};
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  std::stringstream in(text);
  for (std::string part; std::getline(in, part, ',');)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<Config> load_config(
    const std::optional<std::filesystem::path>& file, const std::vector<ConfigOverride>& overrides,
    const std::function<std::optional<std::string>(const std::string&)>& environment) {
  Config config;
  if (file) {
    if (auto applied = apply_file(config, *file); !applied)
      return fail_with(file->string(), applied.error());
  }
  // A path in the environment or a flag is meant from the working folder, as a shell means it.
  for (const ConfigOption& option : config_options()) {
    const auto value = environment(option.environment());
    if (!value) continue;
    auto values = option.list ? split_list(*value) : std::vector<std::string>{*value};
    if (auto applied = apply(config, option.key, std::move(values), ""); !applied)
      return fail_with("environment " + option.environment(), applied.error());
  }
  for (const ConfigOverride& override : overrides)
    USANCE_TRY(apply(config, override.key, override.values, ""));
  USANCE_TRY(validate(config));
  return config;
}

Result<Endpoint> parse_endpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const auto bad = [&] {
    return fail(ErrorCode::kInvalidArgument, "'" + text + "' is not host:port");
  };
  if (colon == std::string::npos || colon == 0) return bad();
  Endpoint endpoint;
  endpoint.host = text.substr(0, colon);
  if (endpoint.host.starts_with('[')) {
    if (!endpoint.host.ends_with(']')) return bad();
  } else if (endpoint.host.find(':') != std::string::npos) {
    return bad();
  }
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
  if (error != std::errc() || rest != end) return bad();
  return endpoint;
}

Result<void> validate(const Config& config) {
  const std::pair<const char*, const std::string*> endpoints[] = {
      {"listen.peers", &config.listen_peers},
      {"listen.clients", &config.listen_clients},
      {"listen.admin", &config.listen_admin}};
  for (const auto& [key, value] : endpoints)
    if (auto parsed = parse_endpoint(*value); !parsed) return fail_with(key, parsed.error());
  if (!config.listen_metrics.empty())
    if (auto parsed = parse_endpoint(config.listen_metrics); !parsed)
      return fail_with("listen.metrics", parsed.error());
  for (const std::string& peer : config.peers)
    if (auto parsed = parse_endpoint(peer); !parsed)
      return fail_with("peers.connect", parsed.error());
  if (auto level = log::parse_level(config.log_level); !level)
    return fail_with("log.level", level.error());
  if (config.log_format != "text" && config.log_format != "json")
    return fail(ErrorCode::kInvalidArgument, "log.format is 'text' or 'json'");
  return {};
}

std::string write_config(const Config& config) {
  std::string out = "# Configuration of usanced. Paths are meant from this file's folder.\n";
  std::string section;
  for (const ConfigOption& option : config_options()) {
    const std::size_t dot = option.key.find('.');
    if (option.key.substr(0, dot) != section) {
      section = option.key.substr(0, dot);
      out += "\n[" + section + "]\n";
    }
    out += "# " + option.help + "\n" + option.key.substr(dot + 1) + " = ";
    const auto values = option.get(config);
    if (option.list) {
      out += "[";
      for (std::size_t i = 0; i < values.size(); ++i)
        out += (i == 0 ? "" : ", ") + quoted(values[i]);
      out += "]";
    } else {
      out += option.number ? values.front() : quoted(values.front());
    }
    out += "\n";
  }
  return out;
}

}  // namespace usance::node
